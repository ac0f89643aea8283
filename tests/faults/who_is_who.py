"""What must be true of persons, links and joins when a run is over."""

from collections import Counter, defaultdict

from tests.faults.run import Run


def check_the_index(run: Run) -> None:
    """Everybody in a referral has one record, found by keys, that says what the newest version says."""
    people, acknowledged = run.after.tables["people"], run.memory.acknowledged
    children = [row["record_id"] for row in people if row["kind"] == "child"]
    assert Counter(children) == Counter(run.memory.children)
    with_adults = [parcel for parcel in run.parcels if parcel.body["adults"]]
    assert Counter(row["referral_id"] for row in people if row["kind"] == "adult") == Counter(
        acknowledged[parcel.sender, parcel.key]["referral_id"] for parcel in with_adults
    )
    newest = {row["referral_id"]: row["version"] for row in run.after.tables["versions"]}
    assert all(row["is_keyed"] and row["version"] == newest[row["referral_id"]] for row in people)


def check_the_questions(run: Run) -> None:
    """No two were asked about twice; the machine linked some, and people confirmed some."""
    asked = Counter((row["record_id"], row["person_id"]) for row in run.after.tables["asked"])
    assert asked
    assert set(asked.values()) == {1}
    states = Counter(row["link_state"] for row in run.after.tables["people"])
    assert states["provisional"]
    assert states["confirmed"]


def check_what_was_said(run: Run) -> None:
    """What a person said, and was told is kept, is kept; the last word about a record holds."""
    said = {row["decision_id"]: row for row in run.after.tables["said"]}
    acknowledged = run.memory.said_of_people
    assert {"linked", "unlinked", "not_the_same"} <= {each["verdict"] for each in acknowledged.values()}
    people = {row["record_id"]: row for row in run.after.tables["people"]}
    last = {row["record_id"]: row["decision_id"] for row in said.values() if "linked" in row["verdict"]}
    for decision_id, told in acknowledged.items():
        record = people[told["record_id"]]
        assert said[decision_id]["verdict"] == told["verdict"]
        if last.get(told["record_id"]) != decision_id:
            continue
        is_with = record["person_id"] == people[told["likened_to"]]["person_id"]
        assert is_with == (told["verdict"] == "linked")
        assert (record["link_state"] == "confirmed") == is_with


def check_the_counts(run: Run) -> None:
    """Each child has as many contacts in twelve months as its person has referrals."""
    referrals: dict[str, set[str]] = defaultdict(set)
    children = [row for row in run.after.tables["people"] if row["kind"] == "child"]
    for row in children:
        referrals[row["person_id"]].add(row["referral_id"])
    assert max(map(len, referrals.values())) > 2
    assert {row["child_id"]: row["contacts_12m"] for row in run.after.tables["children"]} == {
        row["record_id"]: len(referrals[row["person_id"]]) for row in children
    }


def check_the_joins(run: Run) -> None:
    """Every contact is in one case: its own, or the one it joined last; all that is known of it is there."""
    tables, memory = run.after.tables, run.memory
    joins = {row["join_id"]: row for row in tables["joins"]}
    assert memory.joined
    assert memory.undone
    for join_id, referral_id in memory.joined.items():
        assert joins[join_id]["referral_id"] == referral_id
        assert joins[join_id]["is_undone"] == (join_id in memory.undone)
    case_of = {row["referral_id"]: row["case_id"] for row in tables["opened"]}
    case_of |= {row["referral_id"]: row["case_id"] for row in tables["joins"] if not row["is_undone"]}
    assert {row["referral_id"]: row["case_id"] for row in tables["contacts"]} == case_of
    assert all(row["case_id"] == case_of[row["referral_id"]] for row in tables["children"])


def list_joined_children(run: Run) -> set[str]:
    """Return the children of contacts that joined or were joined, for however long."""
    tables = run.after.tables
    touched = {row["referral_id"] for row in tables["joins"]}
    cases = {row["case_id"] for row in tables["joins"]}
    touched |= {row["referral_id"] for row in tables["opened"] if row["case_id"] in cases}
    return {row["child_id"] for row in tables["children"] if row["referral_id"] in touched}
