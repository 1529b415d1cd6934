"""Prepares the next pictures while the model works on this one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")


class _End:
    """Marks the end of the items; carries the error that ended them, if any."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def read_ahead(items: Iterable[T], depth: int = 3) -> Generator[T, None, None]:
    """The same items in the same order, produced by another thread at most ``depth`` ahead.

    An error in the source is raised here, in its place. Closing this iterator stops the thread and waits for it, so
    that the source can be closed safely afterwards.
    """
    line: queue.Queue[T | _End] = queue.Queue(depth)
    stop = threading.Event()

    def put(item: T | _End) -> bool:
        while not stop.is_set():
            try:
                line.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for item in items:
                if not put(item):
                    return
            put(_End())
        except BaseException as error:  # any kind: the consumer raises it
            put(_End(error))

    worker = threading.Thread(target=work, name="read-ahead", daemon=True)
    worker.start()
    try:
        while True:
            try:
                item = line.get(timeout=0.2)  # bounded, because on Windows Ctrl-C cannot interrupt an endless wait
            except queue.Empty:
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stop.set()
        worker.join()
