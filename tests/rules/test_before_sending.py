"""What a sender is told who checks a draft: the child who needs most speaks for all, and chance is fair."""

from typing import Any
from uuid import uuid4

import pytest

from services.intake.before_sending import Outlook, is_sampled, outlook
from shared.schemas.checks import ChildEvaluation, Evaluation
from shared.schemas.ids import CheckReceiptId
from shared.schemas.words import Pathway, Rag


def an_evaluation(*children: dict[str, Any]) -> Evaluation:
    return Evaluation(
        policy_version="hub-2026-1",
        children=[
            ChildEvaluation.model_validate(
                {"place": place, "pathway": None, "rag": "green", "rules": [], "missing": []} | child
            )
            for place, child in enumerate(children)
        ],
    )


LOW = {"level": 1, "pathway": Pathway.ADVICE}
HELP = {"level": 2}
NEED = {"level": 3, "pathway": Pathway.ALLOCATED_WORKER}
HARM = {"level": 4, "rag": Rag.RED}
OPEN = {"level": None, "rag": Rag.AMBER}


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([], Outlook()),
        ([LOW], Outlook(1, Pathway.ADVICE)),
        ([LOW, HELP], Outlook(2, Pathway.EARLY_HELP)),
        ([NEED, LOW], Outlook(3, Pathway.ALLOCATED_WORKER)),
        ([LOW, HARM], Outlook(4, Pathway.STRATEGY_DISCUSSION, urgent=True)),
        ([OPEN], Outlook()),
        ([HELP, OPEN], Outlook()),
        ([NEED, OPEN], Outlook(3, Pathway.ALLOCATED_WORKER)),
        ([OPEN | {"rag": Rag.RED}], Outlook(urgent=True)),
    ],
)
def test_the_child_who_needs_most_speaks_for_all(children: list[dict[str, Any]], expected: Outlook) -> None:
    assert outlook(an_evaluation(*children)) == expected


def test_nobody_can_say_without_an_evaluation() -> None:
    assert outlook(None) == Outlook()


def test_a_receipt_is_sampled_for_good_and_one_in_ten_is() -> None:
    ids = [CheckReceiptId(uuid4()) for _ in range(5000)]
    picked = [receipt for receipt in ids if is_sampled(receipt, 0.1)]
    assert 350 < len(picked) < 650
    assert all(is_sampled(receipt, 0.1) for receipt in picked)
    assert not any(is_sampled(receipt, 0) for receipt in ids)
    assert all(is_sampled(receipt, 1) for receipt in ids)
