"""Matching tried on tables whose truth is known, and weights fitted to tables whose truth is not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.command import main
from services.intake.matching.comparing import compare
from services.intake.matching.evaluating import Pair, best_figures, best_per_row, figures_at
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.households import fitted_to
from services.intake.matching.learning import Learnt
from services.intake.matching.levels import Levels
from services.intake.matching.person import Person, as_stored, from_stored
from services.intake.matching.scoring import Rarity, Scorer
from services.intake.matching.tables import COLUMNS, TableFault, persons_of, read_rows, read_truth
from services.intake.matching.training import train
from services.intake.matching.turning import set_right
from services.intake.matching.weights import read_weights, shipped_weights, weights_from, write_weights
from tests.rules.matching_people import a_person

#: What hub-2026-1 gave for the levels below.
STORED_BITS = 25.15816591967947
HEADING = ",".join(COLUMNS)
GIVEN = "Ada Ben Cleo Dev Ewa Finn Gus Hana Idris Joan Kofi Lena Mo Nia Otis Pola Quinn Rosa Sam Tess"
FAMILY = "Khan Smith Nowak Okoro Reid Sproat Thwaite Ude Vance Wren Yilmaz Zielinska"


def _people(offset: int = 0) -> Iterator[list[str]]:
    given, family = GIVEN.split(), FAMILY.split()
    for place in range(240):
        born = f"20{10 + place % 12:02}-{1 + place * 5 % 12:02}-{2 + place * 7 % 26:02}"
        yield [
            f"r{place + offset}",
            given[place % len(given)],
            family[place * 7 % len(family)],
            born,
            "",
            f"{1 + place} Alma Road",
            "Leeds",
            f"LS{1 + place % 9} {place % 10}AB",
            "",
        ]


def _write(path: Path, rows: list[list[str]], heading: str = HEADING) -> Path:
    path.write_text("\n".join([heading, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Those known, half of them coming again under mistyped names, and the truth."""
    known = list(_people())
    incoming = [["i" + row[0], row[1], row[2] + "e", *row[3:]] for row in known[:120]]
    truth = [["i" + row[0], row[0]] for row in known[:120]]
    return (
        _write(tmp_path / "incoming.csv", incoming),
        _write(tmp_path / "known.csv", known),
        _write(tmp_path / "truth.csv", truth, "left_id,right_id"),
    )


@pytest.mark.parametrize("fitted", ["--train", "--no-train"])
def test_those_who_come_again_are_found(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str], fitted: str
) -> None:
    left, right, truth = map(str, files)
    status = main(["matching", "evaluate", "--left", left, "--right", right, "--truth", truth, fitted])
    figures = json.loads(capsys.readouterr().out)
    assert status == 0
    assert figures["best_match"]["best_f1"] > 0.98
    assert figures["candidates"]["recall"] == 1.0
    assert figures["counts"] | {"pairs_compared": 0} == {
        "incoming": 120,
        "known": 240,
        "true_pairs": 120,
        "pairs_compared": 0,
    }


def test_one_table_is_searched_for_repeats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = list(_people())
    again = [["again" + row[0], *row[1:]] for row in people[:40]]
    both = _write(tmp_path / "both.csv", people + again)
    truth = _write(
        tmp_path / "truth.csv", [[row[0], "again" + row[0]] for row in people[:40]], "left_id,right_id"
    )
    assert main(["matching", "evaluate", "--left", str(both), "--truth", str(truth)]) == 0
    assert json.loads(capsys.readouterr().out)["all_pairs"]["best_f1"] > 0.98


def test_training_writes_weights_and_a_page_that_needs_no_network(
    files: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, report = tmp_path / "weights.yaml", tmp_path / "report.html"
    words = ["matching", "train", "--people", str(files[1]), "--out", str(out), "--report", str(report)]
    assert main(words) == 0
    first = weights_from(out)
    assert first.version.startswith("local-")
    assert first.version in capsys.readouterr().out
    page = report.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "http" not in page
    assert main(words) == 0
    assert weights_from(out) == first


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--left", "nowhere.csv", "--truth", "nowhere.csv"], "Give the path of a CSV file"),
        (["--left", "heading.csv", "--truth", "truth.csv"], "has no column date_of_birth"),
        (["--left", "empty.csv", "--truth", "truth.csv"], "holds no persons"),
        (["--left", "twice.csv", "--truth", "truth.csv"], "Give each line its own id"),
        (["--left", "one.csv", "--truth", "heading.csv"], "has no column left_id"),
        (["--left", "one.csv", "--truth", "truth.csv"], "name an id that is not in the tables"),
        (["--left", "one.csv", "--truth", "none.csv", "--weights", "one.csv"], "holds no weights"),
        (["--left", "one.csv", "--truth", "none.csv", "--threshold", "7"], "between 0 and 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "heading.csv", [["1", "Ada"]], "id,given_name,family_name,nhs_number")
    _write(tmp_path / "empty.csv", [])
    _write(tmp_path / "twice.csv", [["1", "Ada", "Reid", *[""] * 6]] * 2)
    _write(tmp_path / "one.csv", [["1", "Ada", "Reid", *[""] * 6]])
    _write(tmp_path / "truth.csv", [["1", "2"]], "left_id,right_id")
    _write(tmp_path / "none.csv", [], "left_id,right_id")
    assert main(["matching", "evaluate", *words]) == 1
    assert told in capsys.readouterr().err


def test_odd_tables_are_read_for_what_they_are_worth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_bytes(
        b"\xef\xbb\xbf"
        + f"ID ,extra,{HEADING.removeprefix('id,').upper()}\r\n".encode()
        + b'1,x,"Zo\xeb\n",Khan,31/02/2015,abc,,,\x00,?,,,\r\n\r\n2\r\n3,x,'
        + b"y" * 5000
        + b",,2015\r\n"
    )
    truth = _write(tmp_path / "truth.csv", [], "left_id,right_id")
    assert main(["matching", "evaluate", "--left", str(odd), "--truth", str(truth)]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["incoming"] == 3


def test_a_column_of_other_identifiers_is_taken_as_it_stands() -> None:
    lines = [HEADING, *(f"{place},Ada,Reid,,{5304218 + place},,,," for place in range(20))]
    (people,) = persons_of(read_rows(lines, "people"))
    assert people[0].number == "5304218"
    valid = [HEADING, "1,Ada,Reid,,9990000018,,,,", "2,Ada,Reid,,9990000019,,,,"]
    (people,) = persons_of(read_rows(valid, "people"))
    assert [person.number for person in people] == ["9990000018", ""]


def test_a_fault_of_a_table_says_nothing_of_what_is_in_it() -> None:
    with pytest.raises(TableFault) as fault:
        read_truth(["id,name", "1,Ada"], "truth.csv")
    assert "Ada" not in str(fault.value)


def test_a_row_may_have_no_match_and_has_one_best() -> None:
    pairs = [Pair(0, 0, 20.0, 0.9), Pair(0, 1, 25.0, 0.99), Pair(1, 1, 9.0, 0.2)]
    best = best_per_row(pairs, both_ways=False)
    truth = frozenset({(0, 1)})
    assert figures_at(0.9, best, truth, 1) == (1.0, 1.0, 1.0)
    assert figures_at(0.1, best, truth, 1).precision == 0.5
    assert best_figures(pairs, truth, 1) == ((1.0, 1.0, 1.0), 0.99)


def test_weights_of_before_still_score_what_they_scored() -> None:
    before = shipped_weights("hub-2026-1")
    levels = Levels(given="nickname", family="same", birth="same", address="home")
    rarity = Rarity(family=0.004, birth=0.00013, home=0.00001)
    # As it was stored when these were the weights.
    assert before.version == "hub-2026-1"
    assert Scorer(before, 100_000).score(levels, rarity).bits == pytest.approx(STORED_BITS, abs=1e-9)
    assert shipped_weights().version == "hub-2026-3"


def test_a_baby_without_a_date_was_born_when_the_files_were_written() -> None:
    born = ("2026-05-02", "2016-05-02")
    lines = [HEADING, *(f"{on},Ada,Reid,{on},,4 Alma Road,Leeds,LS6 2AB," for on in born)]
    lines += [f"{name},{name},Reid,,,4 Alma Road,Leeds,LS6 2AB," for name in ("Unborn", "")]
    (people,) = persons_of(read_rows(lines, "people"))
    young, old, unborn, nameless = people
    assert [compare(unborn, one).birth for one in (young, old)] == ["baby", "no_baby"]
    # Whose name was left out may be of any age.
    assert [compare(nameless, one).birth for one in (young, old)] == ["baby", "missing"]
    assert from_stored(as_stored(unborn)).newborn_by == ""


def test_homes_show_who_is_named_after_a_parent_and_how_alike_twins_are_called() -> None:
    def at_home(place: int, given: str, born: str, number: str = "") -> Person:
        door = {"address_line": f"{place} Alma Road", "family_name": "Reid", "given_name": given}
        return a_person(**door, date_of_birth=born, nhs_number=number)

    numbers = ("9990000018", "9990000026")
    families = [
        (at_home(at, "John", "1980-04-02"), at_home(at, "John", "2012-06-11")) for at in range(1, 151)
    ]
    twins = [
        tuple(
            at_home(at, name, "2015-05-06", number)
            for name, number in zip(("Abe", "Zoe"), numbers, strict=True)
        )
        for at in range(200, 250)
    ]
    start = shipped_weights()
    fitted = fitted_to([one for home in (*families, *twins) for one in home], start)
    before, after = start.classes, fitted.classes
    assert after.relative["given"]["same"] > 10 * before.relative["given"]["same"]
    assert after.twin["given"]["different"] > before.twin["given"]["different"]
    assert after.twin["given"]["nickname"] < before.twin["given"]["nickname"]
    assert sum(after.twin["given"].values()) == pytest.approx(sum(before.twin["given"].values()), abs=0.05)


def test_fathers_and_sons_do_not_teach_that_a_date_may_be_any() -> None:
    people = [a_person(given_name=row[1], family_name=row[2], date_of_birth=row[3]) for row in _people()]
    known = [
        one._replace(number=f"999{at:07}", address=one.address._replace(house=str(at)))
        for at, one in enumerate(people)
    ]
    sons = [one._replace(number="", born=f"1{one.born[1:]}".replace("10", "98", 1)) for one in known[:80]]
    trained = train([*known, *sons], known, Frequencies(), shipped_weights(), lambda _step, _done, _of: None)
    assert trained.weights.classes.same["birth"]["different"] < 0.004


def test_a_family_that_moved_is_found_by_a_sister_who_is_surely_known() -> None:
    home, away = {"address_line": "4 Alma Road", "town": "Leeds", "postcode": "LS6 2AB"}, {
        "address_line": "9 Mill Lane", "town": "York", "postcode": "YO1 7HH",
    }  # fmt: skip
    sister = {"given_name": "Ottilie", "family_name": "Sproat", "date_of_birth": "2014-03-09"}
    brother = {"given_name": "Jonah", "family_name": "Sproat"}
    known = [a_person(**sister, **home), a_person(**brother, date_of_birth="2017-06-21", **home)]
    left = [a_person(**sister, **away), a_person(**(brother | {"date_of_birth": ""}), **away)]
    learnt = Learnt({0: 0}, left, known)
    scorer = Scorer(shipped_weights(), 10_000)
    match, *_ = learnt.match(1, left[1], Frequencies(), scorer)
    assert (match.known, match.levels.address) == (1, "home")
    assert learnt.match(0, left[0], Frequencies(), scorer) == []


def test_names_the_wrong_way_round_are_turned_where_all_the_others_say_so() -> None:
    right = [("Ada", "Reid"), ("Ada", "Khan"), ("Ben", "Reid"), ("Ada", "Reid"), ("Ben", "Khan")] * 4
    people = [a_person(given_name=given, family_name=family) for given, family in right]
    turned, either = a_person(given_name="Reid", family_name="Ada"), a_person(
        given_name="James", family_name="Thomas"
    )  # fmt: skip
    (again,) = set_right([*people, turned, either])
    assert again[-2].name == people[0].name
    assert again[-1] == either
    assert again[:-2] == people


def test_weights_must_say_something_of_every_level() -> None:
    whole = write_weights(shipped_weights())
    with pytest.raises(ValueError, match="must have just these levels"):
        read_weights(whole.replace("nickname", "petname"))
    with pytest.raises(ValueError, match="not YAML"):
        read_weights("{")
