"""What a sender is told who checks a draft: what comes first, what is missing, what to do now."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.codes import INDICATORS
from shared.codes.before_sending import BEFORE_SENDING, Step
from shared.schemas.checks import ChildEvaluation, Evaluation
from shared.schemas.children import ReferredChild
from shared.schemas.ids import CheckReceiptId
from shared.schemas.progress import Finding, Gap
from shared.schemas.referrals import ReferralDraft, what_is_needed
from shared.schemas.words import Level, Pathway, Rag, ReferralKind

#: What a level points at where the policy names no pathway.
_PATHWAY_OF_LEVEL = {
    Level.UNIVERSAL: Pathway.UNIVERSAL,
    Level.ADDITIONAL: Pathway.EARLY_HELP,
    Level.COMPLEX: Pathway.CHILD_IN_NEED,
    Level.SPECIALIST: Pathway.STRATEGY_DISCUSSION,
}
_ABOUT_ASKING_THE_FAMILY = ("#/consent", "#/family_told")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would probably come of a draft, for the child who needs most.

    Attributes:
        level: 1 to 4; None where nobody can say from the words alone.
        urgent: Red, or the highest level of need.
    """

    level: int | None = None
    pathway: Pathway | None = None
    urgent: bool = False


def outlook(evaluation: Evaluation | None) -> Outlook:
    """Return what would probably come of a draft.

    A child whom the policy cannot place is not counted as the lower one: beside others at level 1 or 2, the
    whole of it is not known.
    """
    children = evaluation.children if evaluation else []
    urgent = any(child.rag is Rag.RED or child.level == Level.SPECIALIST for child in children)
    placed = [child for child in children if child.level is not None]
    most = max(placed, key=_need, default=None)
    if most is None or (len(placed) < len(children) and _need(most) < Level.COMPLEX):
        return Outlook(urgent=urgent)
    return Outlook(most.level, most.pathway or _PATHWAY_OF_LEVEL[Level(_need(most))], urgent)


def _need(child: ChildEvaluation) -> int:
    return child.level or 0


def rings_first(draft: ReferralDraft) -> bool:
    """Say whether telling the family before the hub has been rung may put the child in more danger."""
    coded = (INDICATORS.get(concern.indicator or "") for concern in draft.concerns)
    return any(indicator is not None and indicator.ring_first for indicator in coded)


def safety(draft: ReferralDraft, likely: Outlook, telephone: str) -> list[str]:
    """Return what to read before anything else."""
    words = BEFORE_SENDING.safety
    lines = [
        *([words.danger] if draft.immediate_danger else []),
        *([words.ring_first] if rings_first(draft) else []),
        *([words.urgent] if likely.urgent and not draft.immediate_danger else []),
        *([] if rings_first(draft) else [words.if_it_is]),
    ]
    return _with_telephone(lines, telephone)


def gaps(draft: ReferralDraft) -> list[Gap]:
    """Return what the referral needs, then what it would gain most from, each with a question."""
    needed = {} if draft.immediate_danger else what_is_needed(draft)
    return [
        *(Gap(pointer=pointer, question=words) for pointer, words in needed.items()),
        *_about_the_worry(draft),
        *(gap for place, child in enumerate(draft.children) for gap in _about(place, child, draft)),
        *_about_the_family(draft),
    ]


def _about_the_worry(draft: ReferralDraft) -> Iterator[Gap]:
    if not any((concern.narrative or "").strip() for concern in draft.concerns):
        pointer = "#/concerns/0/narrative" if draft.concerns else "#/concerns"
        yield Gap(pointer=pointer, question=BEFORE_SENDING.gaps.narrative)


def _about(place: int, child: ReferredChild, draft: ReferralDraft) -> Iterator[Gap]:
    questions, at = BEFORE_SENDING.gaps, f"#/children/{place}"
    if not child.whereabouts:
        yield Gap(pointer=f"{at}/whereabouts", question=questions.whereabouts)
    if child.address is None:
        yield Gap(pointer=f"{at}/address", question=questions.address)
    # In danger nobody should be looking up birthdays.
    if draft.immediate_danger:
        return
    if not (child.date_of_birth or child.expected_date_of_birth or child.age_as_said):
        yield Gap(pointer=f"{at}/date_of_birth", question=questions.age)
    voice, unborn = child.voice, child.date_of_birth is None and child.expected_date_of_birth is not None
    if not unborn and not (voice and (voice.views or voice.not_obtained_reason)):
        yield Gap(pointer=f"{at}/voice", question=questions.voice)
    if child.grade is None:
        yield Gap(pointer=f"{at}/grade", question=questions.grade)


def _about_the_family(draft: ReferralDraft) -> Iterator[Gap]:
    questions = BEFORE_SENDING.gaps
    if draft.immediate_danger:
        return
    if not draft.adults:
        yield Gap(pointer="#/adults", question=questions.household)
    if not draft.actions_taken:
        yield Gap(pointer="#/actions_taken", question=questions.actions_taken)
    if not rings_first(draft) and (draft.consent is None or draft.consent.sought is None):
        yield Gap(pointer="#/consent", question=questions.consent)


def to_be_said(draft: ReferralDraft, found: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a draft without those that would send someone to the family too early."""
    if not rings_first(draft):
        return list(found)
    return [finding for finding in found if not finding.pointer.startswith(_ABOUT_ASKING_THE_FAMILY)]


def what_to_do_now(draft: ReferralDraft, likely: Outlook, telephone: str, *, evaluated: bool) -> list[str]:
    """Return the steps to take, in order; none of them is to keep the referral back.

    Args:
        evaluated: whether anyone could say what would come of it; if not, that is said.
    """
    steps = _steps(draft, likely)
    to_family = not rings_first(draft)
    words = [step.words for step in steps if to_family or not step.talks_with_family]
    return _with_telephone([*([] if evaluated else [BEFORE_SENDING.away]), *words], telephone)


def _steps(draft: ReferralDraft, likely: Outlook) -> tuple[Step, ...]:
    if draft.immediate_danger:
        return BEFORE_SENDING.steps[Pathway.STRATEGY_DISCUSSION]
    if likely.pathway is not None:
        return BEFORE_SENDING.steps[likely.pathway]
    if likely.urgent or not _speaks_of_no_need(draft):
        return BEFORE_SENDING.not_known
    asks = draft.kind is ReferralKind.ENQUIRY
    return (
        BEFORE_SENDING.not_known[0],
        *BEFORE_SENDING.steps[Pathway.ADVICE if asks else Pathway.UNIVERSAL],
    )


def _speaks_of_no_need(draft: ReferralDraft) -> bool:
    """Say whether the sender sees the child as well looked after; no policy places such a child by itself."""
    coded = [INDICATORS.get(concern.indicator or "") for concern in draft.concerns]
    worried = any(child.grade is not None and (child.grade.grade or 0) > 1 for child in draft.children)
    universal = all(sign is not None and sign.level == Level.UNIVERSAL for sign in coded)
    return bool(coded) and universal and not worried


def send_anyway(telephone: str) -> str:
    """Return how to send it whatever the check says."""
    return _with_telephone([BEFORE_SENDING.send_anyway], telephone)[0]


def _with_telephone(lines: list[str], telephone: str) -> list[str]:
    return [line.replace("{telephone}", telephone) for line in lines]


def is_sampled(receipt_id: CheckReceiptId, share: float) -> bool:
    """Say whether staff look at this check if it is never sent: by its id, so that it never changes.

    Args:
        share: of all checks, 0 to 1.
    """
    drawn = int.from_bytes(hashlib.sha256(receipt_id.bytes).digest()[:8])
    return drawn / 2**64 < share
