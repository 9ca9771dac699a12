"""What every part of a call is made of."""

from functools import cache
from typing import Any, ClassVar, NoReturn, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class Modele:
    """Base of every part of a call. It does not change, and unknown keys are refused."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __init__(self, **valeurs: Any) -> None:
        unknown = valeurs.keys() - self.__annotations__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        self.__dict__.update(valeurs)

    def __setattr__(self, nom: str, _: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{nom} can't change: it is the call's")

    @classmethod
    def champs(cls) -> tuple[str, ...]:
        """The names of its values, in order."""
        return tuple(cls.__annotations__)


@cache
def declarer() -> None:
    """Make dataclasses of the parts of a call, which pydantic needs to validate them."""
    from dataclasses import dataclass  # noqa: PLC0415 - only for a file not seen before

    for part in Modele.__subclasses__():
        dataclass(init=False, repr=False, eq=False, kw_only=True)(part)


class Element(Modele):
    """One item of a list: its stable code and what is printed; ``alias``: other wordings met in files."""

    code: str
    libelle: str
    alias: tuple[str, ...] = ()
    telephone: str = ""
    service: str = ""
