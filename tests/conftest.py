"""Fixtures shared by the tests, and what makes every run of them end."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import kept
import pytest
from hypothesis import HealthCheck, settings

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.dossier import catalogue as fournis
from aap_xl.faces.cli import main

_SECONDS_OF_A_TEST = 900
"""Far above the slowest one on a busy machine: only what would never end is stopped."""
_SECONDS_TO_LEAVE = 60
"""Then it rings again: leaving a block may wait too."""

settings.register_profile(
    "aap_xl", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_configure(config: pytest.Config) -> None:
    """Ctrl-C is heard, whatever the tests were started from: a background job ignores it, and so do its children."""
    settings.load_profile("aap_xl")
    os.environ.pop("COLUMNS", None)  # xdist sets it, and so may whoever started the tests: tables would be narrower
    if hasattr(config, "cache"):
        kept.use(config.cache.mkdir("aap_xl"))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A program that starts in a second is slow."""
    for item in items:
        if item.get_closest_marker("libreoffice") or item.get_closest_marker("browser"):
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """A test that waits for ever fails, where the system has an alarm clock."""
    if not hasattr(signal, "setitimer"):
        return (yield)
    former = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS_OF_A_TEST, _SECONDS_TO_LEAVE)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def _too_long(*_: object) -> None:
    pytest.fail(f"still running after {_SECONDS_OF_A_TEST} s")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return fournis()


@pytest.fixture(scope="session")
def appel33(catalogue: Catalogue) -> Appel:
    return catalogue.get("3.3", 2025)


@pytest.fixture(scope="session")
def appel37(catalogue: Catalogue) -> Appel:
    return catalogue.get("3.7", 2025)


@pytest.fixture
def aap(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command, run in this process: its exit code, what it printed, what it complained of."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    return run
