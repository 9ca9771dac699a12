"""Ctrl-C, kept for later while what is done must be done wholly."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deferred(*, heritee: bool = True) -> Iterator[None]:
    """Ctrl-C waits for the end of the block, then does what it would have done.

    Args: heritee: whether a process started meanwhile hears Ctrl-C: otherwise it is meant for its parent, where the
          system can block a signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        if heritee or not hasattr(signal, "pthread_sigmask"):
            yield
        else:
            with _bloquee():
                yield
    finally:
        signal.signal(signal.SIGINT, former)
    if heard and callable(former):
        former(signal.SIGINT, None)


@contextmanager
def _bloquee() -> Iterator[None]:
    """The signal itself waits, which a process started meanwhile inherits."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
