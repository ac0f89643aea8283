"""How a launcher is told to stop: by Ctrl-C, by SIGTERM, or by its terminal closing, once."""

import signal
from types import FrameType


def stop_on_signals() -> None:
    """Raise KeyboardInterrupt at the first SIGINT, SIGTERM or SIGHUP; ignore any that come after it.

    Installed in words, because a shell that starts a program in the background has it ignore SIGINT.
    KeyboardInterrupt is the one exception that event loops and libraries let through. A second signal
    would only interrupt the stopping itself, which takes seconds at most.
    """
    for sign in _signals():
        signal.signal(sign, _interrupt)


def _signals() -> list[signal.Signals]:
    signs = [signal.SIGINT, signal.SIGTERM]
    # Under nohup the person has said that the terminal may go.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signs.append(signal.SIGHUP)
    return signs


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for sign in _signals():
        signal.signal(sign, _hear_nothing)
    raise KeyboardInterrupt


def _hear_nothing(_number: int, _frame: FrameType | None) -> None:
    """Stand in for SIG_IGN, which programs started from here would inherit."""
