"""The threshold policy's pages: its tables, putting one forward, trying it, a second person's answer."""

from shared.problems import FieldError, Invalid, Stale
from shared.schemas.policies import PolicyStanding, ReplayState, WhenView
from tests.console.conftest import Browser
from tests.console.fake_policies import REPLAY, VERSION, a_policy, a_replay, a_submission
from tests.console.reading import words_of
from tests.console.scenes import CASE

PAGE = f"/policies/{VERSION}"
TRIAL = f"/policy-replays/{REPLAY}"


async def test_deciders_read_the_policy_and_managers_alone_change_it(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)
    assert "2 different agencies grade their concern 4 or higher" in words
    assert "Then: level 4 (Specialist) or higher; strategy discussion or more protective; Red." in words
    assert "It must not speak for:" in words
    assert "Approve or refuse" not in words
    assert 'href="/policies"' in (await priya.open("/")).text
    assert "Put a policy forward" not in (await priya.open("/policies")).text
    assert [(await priya.open(path)).status_code for path in ("/policies/new", TRIAL)] == [403, 403]


async def test_agencies_have_no_business_with_it(nia: Browser) -> None:
    assert [(await nia.open(path)).status_code for path in ("/policies", PAGE)] == [403, 403]


async def test_faults_stand_beside_their_lines_and_lead_there(marge: Browser) -> None:
    fault = FieldError(
        "unknown_indicator", "Line 2: rule neglect: x.y is not on the list", pointer="#/document"
    )
    marge.hub.policies.refusal = Invalid("It has faults.", errors=(fault,))
    page = await marge.post("/policies/new", {"document": "version: a\nrules: []", "note": "As agreed."})
    assert page.status_code == 422
    assert 'href="#line-2"' in page.text
    assert "2 rules: [] Fault: rule neglect: x.y is not on the list" in words_of(page.text)
    assert "As agreed." in page.text
    left_out = await marge.post("/policies/new", {"document": "", "note": " "})
    assert "Paste the policy, or choose its file" in left_out.text


async def test_a_policy_is_put_forward_and_waits(marge: Browser) -> None:
    done = await marge.post("/policies/new", {"document": "version: a", "note": "As agreed."})
    [asked] = marge.hub.asked_of("POST", "/v1/policies")
    assert (done.status_code, asked.body) == (303, {"document": "version: a", "note": "As agreed."})
    words = words_of((await marge.open(done.headers["location"])).text)
    assert "Another manager must approve it" in words
    assert "Put forward" in words


async def test_a_second_manager_answers_with_a_reason_on_what_was_read(marge: Browser) -> None:
    url = f"{PAGE}/approval"
    shown = await marge.open(PAGE)
    silent = await marge.post(url, {"policy_reason": " "}, shown)
    assert {"Choose whether you approve it", "Say why; it is kept under your name"} <= {
        words for words in ("Choose whether you approve it", "Say why; it is kept under your name")
        if words in silent.text
    }  # fmt: skip
    done = await marge.post(url, {"approved": "yes", "policy_reason": "None moves down."}, shown)
    [asked] = marge.hub.asked_of("POST", f"/v1/policies/{VERSION}/approval")
    assert (asked.headers["if-match"], asked.body["approved"]) == ('"1"', True)
    assert "The policy is in force." in (await marge.open(done.headers["location"])).text
    marge.hub.policies.policy = a_policy()
    marge.hub.policies.refusal = Stale("This is not what you read any more.")
    stale = await marge.post(url, {"approved": "no", "policy_reason": "No."}, shown)
    assert (stale.status_code, "This is not what you read any more." in stale.text) == (412, True)


async def test_ones_own_policy_can_only_be_withdrawn(marge: Browser) -> None:
    marge.hub.policies.policy = a_policy(submission=a_submission(is_yours=True))
    page = await marge.open(PAGE)
    assert "another manager must approve it" in page.text
    assert f"{PAGE}/approval" not in page.text
    done = await marge.post(f"{PAGE}/withdrawal", {"policy_reason": "A rule is missing."}, page)
    assert done.headers["location"] == f"{PAGE}?done=withdrawn"


async def test_a_trial_shows_its_figures_beside_its_bars_and_leads_to_cases(marge: Browser) -> None:
    started = await marge.post(f"{PAGE}/replays", {"since": "2026-01-31"}, await marge.open(PAGE))
    assert started.headers["location"] == TRIAL
    assert marge.hub.asked_of("POST", f"/v1/policies/{VERSION}/replays")[0].body == {"since": "2026-01-31"}
    page = await marge.open(f"{TRIAL}?moved=up&level=2")
    words = words_of(page.text)
    assert "214 would move up, 31 down, 3962 would stay, of 4210." in words
    assert "Now: up, Level 2." in words
    assert f'href="/cases/{CASE}"' in page.text
    [asked] = marge.hub.asked_of("GET", f"/v1/policy-replays/{REPLAY}/children")
    assert (asked.query["moved"], asked.query["level"]) == ("up", "2")
    marge.hub.policies.replay = a_replay(state=ReplayState.RUNNING, done=100)
    assert "100 of 4210 children so far" in words_of((await marge.open(TRIAL)).text)


async def test_the_list_says_where_each_version_stands(marge: Browser) -> None:
    marge.hub.policies.policy = a_policy(
        standing=PolicyStanding.IN_FORCE, published_by="shipped with the hub"
    )
    words = words_of((await marge.open("/policies")).text)
    assert words.index("In force") < words.index("of Northshire") < words.index("None waits.")


async def test_whoever_approves_reads_what_would_be_different_and_what_nothing_raises_any_more(
    marge: Browser,
) -> None:
    in_force = a_policy(version="hub-2026-4", standing=PolicyStanding.IN_FORCE, submission=None)
    gone, changed, *rest = in_force.rules
    later = changed.model_copy(update={"then": ["amber"], "when": WhenView(words="the child is unborn")})
    marge.hub.policies.in_force = in_force
    marge.hub.policies.policy = a_policy(
        rules=[later, *rest, gone.model_copy(update={"rule_id": "newly-made"})],
        core_sectors=in_force.core_sectors[:1],
    )

    words = words_of((await marge.open(PAGE)).text)
    told = words[words.index("What is different from hub-2026-4") : words.index("Tried on past children")]

    assert told.index("no longer there") < told.index(gone.rule_id) < told.index("New rules")
    assert told.index("New rules") < told.index("newly-made") < told.index(f"Changed: {changed.rule_id}")
    assert all(line in told for line in changed.then)
    assert "Now: the child is unborn" in told
    assert told.count("Changed:") == 1
    assert "Who has to have answered Before:" in told

    marge.hub.policies.policy = a_policy()
    assert "it would recommend the same" in (await marge.open(PAGE)).text
