"""What is refused about discussions, beyond what every service does."""

from collections.abc import Iterable, Sequence

from shared.problems import Conflict, FieldError, Invalid, Stale


class DiscussionChanged(Stale):
    """Someone recorded something since the discussion was read."""

    code = "discussion_changed"

    def __init__(self) -> None:
        super().__init__(
            "Someone has recorded something since you read this. Read it again, then record yours."
        )


class DiscussionOver(Conflict):
    """The discussion was concluded or called off: this part of its record stands."""

    code, title = "discussion_over", "The discussion is over"

    def __init__(self, parts: Iterable[str] = ()) -> None:
        super().__init__(
            "This discussion is over. Minutes, the safety plan, visit, medical and conference can still be"
            " added to one that was concluded; who was there and what was settled stand. Call another one.",
            errors=tuple(FieldError(self.code, "This part stands.", pointer=f"#/{part}") for part in parts),
        )


class RecordIncomplete(Conflict):
    """What a discussion of this kind has to settle is not all recorded."""

    code, title = "record_incomplete", "Record the rest first"

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__(
            "Some of what this discussion has to settle is not recorded yet.",
            errors=tuple(FieldError("missing", _LEFT_OUT[part], pointer=f"#/{part}") for part in parts),
        )


_LEFT_OUT = {
    "held_at": "Record when it was held.",
    "attendees": "Record who was there.",
    "referrer": "Record whether the referrer was invited, or why not.",
    "joint_visit": "Record whether police and social care visit together, and why.",
    "medical": "Record whether there is a medical, or why not.",
    "interim_safety_plan": "Record what keeps the child safe from now on.",
    "section_47": "Record whether section 47 enquiries begin, and why.",
}


class NotHeldYet(Invalid):
    """A discussion is said to have been held at a time to come: its clocks would start too late."""

    code, title = "not_held_yet", "Not held yet"

    def __init__(self) -> None:
        words = "That is still to come: record when it was held once it was."
        super().__init__(words, errors=(FieldError(self.code, words, pointer="#/held_at"),))


class NothingToIssue(Conflict):
    """There are no minutes of a concluded discussion to give to anybody."""

    code, title = "nothing_to_issue", "There is nothing to issue yet"

    def __init__(self) -> None:
        super().__init__("Record the minutes and conclude the discussion first; then issue them.")


class ChildNotInCase(Invalid):
    """A named child is not one of the case."""

    code, title = "child_not_in_case", "Not a child of this case"

    def __init__(self, pointers: Iterable[str]) -> None:
        super().__init__(
            "Name children of this case.",
            errors=tuple(
                FieldError(self.code, "Not a child of this case.", pointer=pointer) for pointer in pointers
            ),
        )


class NotOnTheList(Invalid):
    """Somebody is named who is not on the discussion's list of attendees."""

    code, title = "attendee_not_known", "Not on the list of attendees"

    def __init__(self, pointers: Iterable[str]) -> None:
        super().__init__(
            "Name people who are on the list of this discussion.",
            errors=tuple(FieldError(self.code, "Not on the list.", pointer=pointer) for pointer in pointers),
        )


class AgencyNotKnown(Invalid):
    """A named agency is not one of the hub's."""

    code, title = "agency_not_known", "No such agency"

    def __init__(self, pointers: Iterable[str]) -> None:
        super().__init__(
            "The hub has no such agency.",
            errors=tuple(
                FieldError(self.code, "Not an agency of the hub.", pointer=pointer) for pointer in pointers
            ),
        )
