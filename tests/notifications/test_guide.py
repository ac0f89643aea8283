"""The guide for partner developers says what the hub does."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from standardwebhooks import WebhookVerificationError

from services.notifications.actions.webhooks import WEBHOOKS_PER_AGENCY
from services.notifications.rules import AttemptError
from services.notifications.settings import Settings
from services.notifications.webhooks.signing import new_secret, sign
from shared.clock import utc_now
from shared.schemas.notices import Notice
from shared.schemas.outcomes import MessageType, Outcome
from shared.schemas.words import Pathway

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "receiving-outcomes.md").read_text()
BODY = b'{"type": "outcome.decided", "data": {"event_id": "0198c0de"}}'


@pytest.fixture
def example() -> dict[str, Any]:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


@pytest.mark.parametrize(
    ("type_", "path"),
    [("outcome.decided", "/v1/outcomes/0198c0de"), ("referral.corrected", "/v1/notices/0198c0de")],
)
def test_the_guides_example_accepts_what_the_hub_signs(
    example: dict[str, Any], type_: str, path: str
) -> None:
    secret, body = new_secret(), BODY.replace(b"outcome.decided", type_.encode())
    headers = sign(secret, webhook_id="0198c0de", body=body, at=utc_now())
    assert example["accept"](secret, headers, body) == path


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "webhook-signature", "body", "secret"])
def test_the_guides_example_refuses_what_was_changed_on_the_way(example: dict[str, Any], part: str) -> None:
    secret = new_secret()
    headers = sign(secret, webhook_id="0198c0de", body=BODY, at=utc_now())
    if part in headers:
        headers[part] = headers[part][:-5] + ("A" if headers[part][-5] != "A" else "B") + headers[part][-4:]
    body = BODY.replace(b"c0de", b"c0df") if part == "body" else BODY
    with pytest.raises(WebhookVerificationError):
        example["accept"](new_secret() if part == "secret" else secret, headers, body)


FIELDS = (Outcome.model_fields.keys() | Notice.model_fields.keys()) - {"cursor"}


@pytest.mark.parametrize("word", [*Pathway, *AttemptError, *get_args(MessageType), *sorted(FIELDS)])
def test_every_word_a_partner_meets_is_in_the_guide(word: str) -> None:
    assert f"`{word}`" in GUIDE


def test_the_guides_numbers_are_the_hubs() -> None:
    fields = Settings.model_fields
    waits = [f"{_in_words(seconds)} |" for seconds in fields["attempt_delays_seconds"].default]
    assert " ".join(waits) in GUIDE
    assert f"cut off after {fields['attempt_deadline'].default.seconds} seconds" in GUIDE
    assert WEBHOOKS_PER_AGENCY == 10
    assert "ten webhooks at a time" in GUIDE


def _in_words(seconds: float) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds / size)} {unit}"
    return f"{int(seconds)} s" if seconds else "at once"
