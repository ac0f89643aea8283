"""What senders are told to do now: 999 comes first, and whether the hub has what they sent."""


def in_danger(telephone: str) -> str:
    """Return what an answer says when a child is in danger now.

    Args:
        telephone: the hub's.
    """
    return f"If the child is in danger now and nobody has rung 999: do it now. Then ring {telephone}."


def after_refusal(telephone: str, *, immediate_danger: bool) -> str:
    """Return what the sender of a refused referral is told, once a copy of it is kept."""
    kept = (
        "The hub has kept what you sent and its staff will see it, but it has not been accepted:"
        " put it right and send it again."
    )
    if immediate_danger:
        return f"{in_danger(telephone)} {kept}"
    return f"{kept} If a child is in danger, ring 999, then ring {telephone}."


def nothing_kept(telephone: str) -> str:
    """Return what a sender is told when nobody can say that the hub has what was sent."""
    return (
        f"If a child is in danger, ring 999, then ring {telephone}."
        " Do not rely on the hub having what you sent: send it again until you get an answer of 201."
    )
