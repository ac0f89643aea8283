"""How long a service relies on what it knows of a token and of whoever bears it."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from joserfc.jwk import KeySet

from deploy.local.files import Folder
from shared.platform import access_client
from shared.platform.access_client import AccessAuthenticator, VerifiedTokens
from shared.problems import NotAuthenticated, Unavailable
from shared.schemas.access import LiveAnswer
from tests.hub import URLS
from tests.tokens import hub_token, signing_key

REFERRALS = ("POST", "/v1/referrals")


class Keys:
    """Access's public keys, and how often they were asked for."""

    def __init__(self, folder: Folder) -> None:
        self._keys = KeySet([signing_key(folder)])
        self.asked = 0

    async def __call__(self, _key_id: str | None) -> KeySet:
        self.asked += 1
        return self._keys


class Access:
    """Access at the other end of the network: whether callers stand, and how often it was asked."""

    def __init__(self) -> None:
        self.stands: bool | Exception = True
        self.asked = 0

    async def post_form(self, _path: str, _form: dict[str, str], _answer: type[LiveAnswer]) -> LiveAnswer:
        self.asked += 1
        await asyncio.sleep(0.01)
        if isinstance(self.stands, Exception):
            raise self.stands
        return LiveAnswer(active=self.stands)


def door(folder: Folder, access: Any) -> AccessAuthenticator:
    return AccessAuthenticator(
        Keys(folder), access, issuer=URLS["access"], signature_suffices=frozenset({REFERRALS})
    )


async def enter(door: AccessAuthenticator, token: str, path: str = "/v1/outcomes") -> str:
    return (await door(token, method="POST", path=path)).subject


async def test_a_signature_is_checked_once(seeded: Folder) -> None:
    keys = Keys(seeded)
    tokens, token = VerifiedTokens(keys, issuer=URLS["access"]), hub_token(seeded)
    assert await tokens(token) == await tokens(token)
    assert keys.asked == 1


async def test_a_token_that_was_good_is_refused_once_it_has_expired(seeded: Folder) -> None:
    tokens = VerifiedTokens(Keys(seeded), issuer=URLS["access"])
    # Thirty seconds of leeway: one is left.
    token = hub_token(seeded, exp=int(time.time()) - 29)
    await tokens(token)
    await asyncio.sleep(2.1)
    with pytest.raises(NotAuthenticated):
        await tokens(token)


async def test_a_token_that_is_not_good_is_refused_every_time(seeded: Folder) -> None:
    tokens = VerifiedTokens(Keys(seeded), issuer=URLS["access"])
    good = hub_token(seeded)
    for token in ("", "x", good[:-4] + "AAAA", hub_token(seeded, iss="http://elsewhere"), "\u00e9" * 9):
        for _ in range(2):
            with pytest.raises(NotAuthenticated):
                await tokens(token)


async def test_requests_of_the_same_second_put_one_question_to_access(seeded: Folder) -> None:
    access, token = Access(), hub_token(seeded)
    at_the_door = door(seeded, access)
    await asyncio.gather(*(enter(at_the_door, token) for _ in range(20)))
    await enter(at_the_door, token)
    assert access.asked == 1


async def test_a_caller_that_no_longer_stands_is_refused_within_a_second(seeded: Folder) -> None:
    access, token = Access(), hub_token(seeded)
    at_the_door = door(seeded, access)
    await enter(at_the_door, token)
    access.stands = False
    await asyncio.sleep(1.0)
    with pytest.raises(NotAuthenticated):
        await enter(at_the_door, token)


async def test_an_answer_that_ages_is_asked_for_anew_and_nobody_waits_for_it(
    seeded: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(access_client, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    access, token = Access(), hub_token(seeded)
    at_the_door = door(seeded, access)
    await enter(at_the_door, token)
    now.seconds = 0.9
    access.stands = False
    # By the answer that is there; the next one is asked for meanwhile, once.
    assert {await enter(at_the_door, token) for _ in range(3)} == {"northshire-police"}
    await asyncio.sleep(0.1)
    assert access.asked == 2
    # Before the first has grown too old the newer word counts.
    with pytest.raises(NotAuthenticated):
        await enter(at_the_door, token)


async def test_a_caller_that_stands_again_is_let_in_at_once(seeded: Folder) -> None:
    access, token = Access(), hub_token(seeded)
    at_the_door = door(seeded, access)
    access.stands = False
    with pytest.raises(NotAuthenticated):
        await enter(at_the_door, token)
    access.stands = True
    assert await enter(at_the_door, token) == "northshire-police"


async def test_without_access_a_signature_suffices_for_a_referral_alone(seeded: Folder) -> None:
    access, token = Access(), hub_token(seeded)
    at_the_door = door(seeded, access)
    access.stands = TimeoutError()
    assert await enter(at_the_door, token, REFERRALS[1]) == "northshire-police"
    with pytest.raises(Unavailable):
        await enter(at_the_door, token)
    access.stands = True
    assert await enter(at_the_door, token) == "northshire-police"


async def test_a_request_that_is_given_up_takes_no_answer_from_the_others(seeded: Folder) -> None:
    access, token = Access(), hub_token(seeded)
    at_the_door = door(seeded, access)
    first = asyncio.create_task(enter(at_the_door, token))
    await asyncio.sleep(0)
    other = asyncio.create_task(enter(at_the_door, token))
    await asyncio.sleep(0)
    first.cancel()
    assert await other == "northshire-police"


async def test_other_rights_of_the_same_client_are_another_question(seeded: Folder) -> None:
    access = Access()
    at_the_door = door(seeded, access)
    await enter(at_the_door, hub_token(seeded))
    await enter(at_the_door, hub_token(seeded, scope="referral:read"))
    assert access.asked == 2
