"""Fixtures shared by the tests."""

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue()


@pytest.fixture(scope="session")
def appel33(catalogue: Catalogue) -> Appel:
    return catalogue.get("3.3", 2025)


@pytest.fixture(scope="session")
def appel37(catalogue: Catalogue) -> Appel:
    return catalogue.get("3.7", 2025)
