"""Waiting for something to come true, and whether a process lives."""

import time
from collections.abc import Callable
from pathlib import Path


def vivant(pid: int) -> bool:
    """Whether a process runs, as Linux tells it; one that ended and that nobody asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def attendre(condition: Callable[[], bool], secondes: float = 60) -> bool:
    """Returns: whether it came true in time."""
    limit = time.monotonic() + secondes
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.02)
    return False
