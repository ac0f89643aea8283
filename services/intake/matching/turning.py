"""Names that stand the wrong way round, told by how all the others of a table are called."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from services.intake.matching.names import spelt
from services.intake.matching.person import Name, Person

#: A word so much oftener seen in the other place stands in the wrong one.
_TIMES: Final = 4
_LEAST_SEEN: Final = 3


def set_right(*tables: Sequence[Person]) -> tuple[list[Person], ...]:
    """Return persons with given and family name in their places, where both say that they are not.

    A name that is given to children and handed down in families as well (Ali, James) says nothing.
    """
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    for people in tables:
        for person in people:
            given.update(spelt(word) for word in person.name.given[:1])
            family.update(spelt(word) for word in person.name.family[:1])
    return tuple([_set_right(person, given, family) for person in people] for people in tables)


def _set_right(person: Person, given: Counter[str], family: Counter[str]) -> Person:
    name = person.name
    if not name.given or not name.family:
        return person
    first, last = spelt(name.given[0]), spelt(name.family[0])
    # Its own row has counted each of the two once in the place where it stands.
    is_turned = _is_of(first, family, given) and _is_of(last, given, family)
    return person._replace(name=Name(name.family, name.given)) if is_turned else person


def _is_of(word: str, there: Counter[str], here: Counter[str]) -> bool:
    return there[word] >= max(_LEAST_SEEN, _TIMES * here[word])
