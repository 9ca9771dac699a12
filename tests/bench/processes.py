"""What whole processes cost, for the benchmarks beside."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple


class Cost(NamedTuple):
    """Of a process and its children: seconds of processor, MiB of the largest of them."""

    seconds: float
    peak: float


def python(*words: object) -> Callable[[], Cost]:
    """A run of Python, its compiled files kept."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> Cost:
        null = subprocess.DEVNULL
        child = subprocess.Popen([sys.executable, *map(str, words)], stdin=null, stdout=null, stderr=null, env=env)
        _, status, spent = os.wait4(child.pid, 0)
        assert os.waitstatus_to_exitcode(status) in (0, 1), words
        return Cost(spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024)

    return run


def best(*runs: Callable[[], Cost], times: int = 15) -> list[Cost]:
    """The least of each, taken in turn so that all meet the same machine."""
    return [min(costs) for costs in zip(*([run() for run in runs] for _ in range(times)), strict=True)]


def tell(what: str, ours: Cost, peer: Cost) -> None:
    """One line: ours, the peer's, how many times as much we take."""
    ratio = ours.seconds / peer.seconds
    print(f"{what:55} {ours.seconds * 1000:9.1f} ms {peer.seconds * 1000:9.1f} ms   × {ratio:.3f}", flush=True)
