"""Fixtures shared by the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.faces.cli import main


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue()


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
