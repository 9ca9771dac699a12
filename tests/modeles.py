"""Rows and call parts made in a test: a few fields given, the rest blank or unchanged."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


def rangee(modele: type[T], **valeurs: Any) -> T:
    """A row (or a part of a call) of which only some fields are given."""
    build = cast("Callable[..., T]", modele)
    return build(**valeurs)


def variante(partie: T, **valeurs: Any) -> T:
    """The same part of a call, some of its values changed."""
    modele = cast("Any", type(partie))
    return cast("T", modele(**{nom: getattr(partie, nom) for nom in modele.champs()} | valeurs))
