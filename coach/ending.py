"""Makes every way of ending a command act like Ctrl-C: finished work is kept, unfinished work is removed. (I/O)"""

from __future__ import annotations

import _thread
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from coach.errors import causes

STOPPED = 130  # exit code for Ctrl-C, by shell convention
# Sent by a closed terminal, a system shutdown or a service manager; on Windows, Ctrl-Break.
NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
AGAIN_S = 0.05
LEAVING_S = 2.0  # to remove what is half done


class Stopped(KeyboardInterrupt):
    """The program was asked to end. ``code``: the exit code for that signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.code = 128 + number


class Left(SystemExit):
    """The same for a process of a pool, which leaves without a word."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.code = 128 + number


def end_tidily() -> None:
    """From now on such a signal raises ``Stopped`` in the main thread, once; further ones change nothing.

    A signal may come while Python is in the middle of what lets nothing be raised, as a ``__del__``: then it comes
    again a moment later, and so does Ctrl-C.
    """
    _handle(NAMES, _stop)


def leave_quietly() -> None:
    """For a process of a pool: such a signal, or Ctrl-C, raises ``Left`` in its main thread.

    Further ones change nothing while it leaves. Where it is still there after that, ``Left`` got lost, and one that
    comes then raises it again: see ``children.end_processes``.
    """
    _handle((*NAMES, "SIGINT"), _Leaving())
    hear_ctrl_c()


def hear_ctrl_c() -> None:
    """From now on: it was kept from this process while it was loaded, see ``children.ctrl_c_comes_later``."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _handle(names: Sequence[str], handler: Callable[[int, FrameType | None], None]) -> None:
    for name in names:
        number = getattr(signal, name, None)
        if number is None:
            continue
        with suppress(ValueError, OSError):  # not in the main thread, or not to be had here
            if signal.getsignal(number) is not signal.SIG_IGN:  # 'nohup' asks to go on
                signal.signal(number, handler)
    sys.unraisablehook = _say_again


@contextmanager
def ended_by(leave: Callable[[], None]) -> Iterator[None]:
    """Within this context the signal calls ``leave`` instead: for a program that can end by itself when told."""
    number = getattr(signal, "SIGHUP", None)
    before: Any = None
    if number is not None and signal.getsignal(number) is _stop:
        before = signal.signal(number, lambda *_: leave())
    try:
        yield
    finally:
        if number is not None and before is not None:
            signal.signal(number, before)


def leave_in_peace() -> None:
    """The work is done and its exit code stands: what is still tidied up at exit is not broken off by one signal.

    A second one ends the process at once.
    """
    for name in (*NAMES, "SIGINT"):
        with suppress(ValueError, OSError, AttributeError):
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _once_more)


def code_of(error: KeyboardInterrupt | Left) -> int:
    """The exit code for this way of ending."""
    return 128 + error.number if isinstance(error, (Stopped, Left)) else STOPPED


def end_behind(error: BaseException) -> KeyboardInterrupt | Left | None:
    """The end that was asked for, if it became another error on its way; else None.

    Up to Python 3.11 what is raised while a class is made comes as a RuntimeError of that class.
    """
    return next((each for each in causes(error) if isinstance(each, (KeyboardInterrupt, Left))), None)


def let_go_of_output() -> None:
    """Discard further output, because nobody reads it any more and flushing would fail at exit."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
            continue
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _stop(number: int, frame: FrameType | None) -> None:
    _ignore(NAMES)
    raise Stopped(number)


class _Leaving:
    """Raises ``Left``, and is silent for as long as leaving may take."""

    def __init__(self) -> None:
        self._heard_s = -math.inf

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if time.monotonic() - self._heard_s < LEAVING_S:
            return
        self._heard_s = time.monotonic()
        # What the pool itself stumbles over on its way out is nothing that anybody has to read.
        with suppress(OSError):
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
        raise Left(number)

    def forget(self) -> None:
        """It got lost: the next one raises again."""
        self._heard_s = -math.inf


def _once_more(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)


def _ignore(names: Sequence[str]) -> None:
    for name in names:
        with suppress(ValueError, OSError, AttributeError):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _say_again(lost: sys.UnraisableHookArgs) -> None:
    """The end that was asked for got lost: ask again. All else is told as always."""
    end = lost.exc_value
    if isinstance(end, Stopped):
        with suppress(ValueError, OSError):
            signal.signal(end.number, _stop)
    elif isinstance(end, Left):
        handler = signal.getsignal(end.number)
        if isinstance(handler, _Leaving):
            handler.forget()
    elif not isinstance(end, KeyboardInterrupt):
        if not (isinstance(end, OSError) and "ignored due to race condition" in str(end)):  # of a second signal
            sys.__unraisablehook__(lost)
        return
    number = end.number if isinstance(end, (Stopped, Left)) else signal.SIGINT
    again = threading.Timer(AGAIN_S, _thread.interrupt_main, (number,))
    again.daemon = True
    again.start()
