"""Findings about the words themselves: too few, blaming the child, or pointing at what nobody has named."""

from collections.abc import Iterator
from itertools import chain

from services.intake.findings.saying import Moment, Said, say
from shared.codes import INDICATORS
from shared.codes.phrases import BLAMING_PHRASES, EXPLOITATION_NAMED, EXPLOITATION_PROMPTS, PlainText, plain
from shared.schemas.progress import Finding
from shared.schemas.referrals import Concern, DraftConcern

#: Fewer characters can hardly say what happened, or why.
_TOO_SHORT = 12
#: What a rationale must not be made of alone: the grade said once more.
_SAYS_NOTHING = frozenset(
    {
        *("a", "about", "and", "are", "child", "concern", "concerned", "concerns", "for", "grade", "graded"),
        *("high", "is", "level", "low", "medium", "no", "of", "our", "risk", "see", "the", "this", "very"),
        *("we", "worried", "worry", "0", "1", "2", "3", "4", "5"),
    }
)

#: A text that was sent, ready to be searched: its pointer, and its words in plain form.
Text = tuple[str, PlainText]


def writing(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield what to write in other words, and what to ask. The child's own words are never looked at."""
    said: tuple[Concern | DraftConcern, ...] = form.concerns
    narratives = [
        (f"concerns/{place}/narrative", plain(concern.narrative))
        for place, concern in enumerate(said)
        if concern.narrative
    ]
    rationales = [
        (f"children/{place}/grade/rationale", plain(child.grade.rationale))
        for place, child in enumerate(form.children)
        if child.grade is not None and child.grade.rationale
    ]
    actions = [("actions_taken", plain(form.actions_taken))] if form.actions_taken else []
    yield from _short(narratives)
    yield from _repeats(rationales, {text.words for _, text in narratives})
    yield from _blaming([*narratives, *rationales, *actions])
    yield from _exploitation(form, narratives)


def _short(narratives: list[Text]) -> Iterator[Finding]:
    for at, text in narratives:
        if len(text.words) < _TOO_SHORT:
            yield say(at, "narrative_short", "Say what you saw, heard or were told, and when.")


def _repeats(rationales: list[Text], narratives: set[str]) -> Iterator[Finding]:
    for at, text in rationales:
        words = text.words
        if words in narratives or _SAYS_NOTHING.issuperset(words.replace(".", " ").replace(",", " ").split()):
            yield say(
                at, "rationale_repeats", "This repeats: say why this grade and not the one below or above it."
            )


def _blaming(texts: list[Text]) -> Iterator[Finding]:
    # Each phrase is told of once, where it stands first: the answer stays readable and small.
    for phrase in BLAMING_PHRASES.values():
        at = next((at for at, text in texts if phrase.stands_in(text)), None)
        if at is not None:
            yield say(at, "blaming_words", f"{phrase.why} {phrase.instead}")


def _exploitation(form: Said, narratives: list[Text]) -> Iterator[Finding]:
    coded = {
        concern.indicator: f"concerns/{place}/indicator"
        for place, concern in enumerate(form.concerns)
        if concern.indicator in INDICATORS
    }
    if not EXPLOITATION_NAMED.isdisjoint(coded):
        return
    for prompt in EXPLOITATION_PROMPTS.values():
        by_code = (coded[code] for code in prompt.indicators if code in coded)
        by_words = (at for at, text in narratives if prompt.stands_in(text))
        at = next(chain(by_code, by_words), None)
        if at is not None:
            yield say(at, "exploitation_question", prompt.question)
