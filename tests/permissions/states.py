"""The states in which a record can be, as the table of permissions names them."""

from enum import StrEnum


class State(StrEnum):
    """What has happened to the record that is asked for."""

    ABSENT = "there is none"
    UNDECIDED = "not decided"
    ANSWERED = "not decided, and health has answered"
    DECIDED = "decided as child in need"
    CALLED = "decided as child in need, and called about by a webhook"
    EARLY_HELP = "decided for early help"
    PARKED = "an event that could not be handled"
    PENDING = "decided for early help, and nobody has taken the second look"
    MOVED_ON = "decided for early help, then as child in need"
    ASKED_FOR_MORE = "its sender was asked for further information"
    WITHDRAWING = "its sender wants it back"
    HELD = "one that was refused, and is held"
    ASKED_ABOUT = "its child may be known, and nobody has said"
    LINKED = "its child is linked to one who is known"
    BESIDE = "its case stands beside another of the same child"
    JOINED = "it has joined the case of the same child"
    RELATED = "its case is related to another"
    TALKED_OF = "a discussion about its child is called"
    POLICY = "a policy that another manager put forward"
    OWN_POLICY = "a policy that the manager put forward"
    OVERDUE = "its child was due, no birth is linked, and somebody looked for it"
    RESTRICTED = "its child is restricted, and somebody opened its case in an emergency"
    LATE = "its child is Red, nothing happens, and what was to be done by a target was not"
