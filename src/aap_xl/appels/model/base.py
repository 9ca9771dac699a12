"""What every part of a call is made of."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, NoReturn, Self, dataclass_transform, get_type_hints

from aap_xl.appels.words import COURANTS, dire

_BESIDE_VALUE = ("€", "%")


class Label:
    """What an officer reads beside one key of a call, and what its value may be.

    Attributes: libelle: in the call's words (« {Slai} présent »); unite: of its value (« mois », « € »); liste: the
                list of the call that words its codes; aide: what an editor shows beside the key; bornes: the least and
                the most, where the unit does not say; motif: what its text must look like; vide: whether the list may
                be empty.
    """

    __slots__ = ("aide", "bornes", "libelle", "liste", "motif", "unite", "vide")

    def __init__(
        self,
        libelle: str,
        unite: str = "",
        *,
        liste: str = "",
        aide: str = "",
        bornes: tuple[int, int] | None = None,
        motif: str = "",
        vide: bool = False,
    ) -> None:
        self.libelle, self.unite, self.liste, self.aide = libelle, unite, liste, aide
        self.bornes, self.motif, self.vide = bornes, motif, vide

    @property
    def titre(self) -> str:
        """The label and its unit, unless that one is written beside the value."""
        return self.libelle if self.unite in ("", *_BESIDE_VALUE) else f"{self.libelle} ({self.unite})"

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> object:
        """Pydantic's schema of the value, as strict as a call's file asks."""
        from aap_xl.appels.model.checks import checked  # noqa: PLC0415 - only for a file not seen before

        return checked(handler(source), self.bornes, self.unite, self.motif)

    def __get_pydantic_json_schema__(self, schema: object, handler: Any) -> dict[str, Any]:
        """For editors of a call's file: the title of its key, and what it is for."""
        title = dire(self.titre, COURANTS)
        return {**handler(schema), "title": title, **({"description": self.aide} if self.aide else {})}


class Worded(StrEnum):
    """Values that a call's file writes as codes, each with what an officer reads."""

    libelle: str

    def __new__(cls, valeur: str, libelle: str = "") -> Self:
        """One value: its code, then what is read."""
        member = str.__new__(cls, valeur)
        member._value_ = valeur
        member.libelle = libelle
        return member


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class Modele:
    """Base of every part of a call. It does not change, and unknown keys are refused."""

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    def __init__(self, **valeurs: object) -> None:
        unknown = valeurs.keys() - self.__annotations__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        self.__dict__.update(valeurs)

    def __setattr__(self, nom: str, _: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{nom} can't change: it is the call's")

    @classmethod
    def champs(cls) -> tuple[str, ...]:
        """The names of its values, in order."""
        return tuple(cls.__annotations__)

    @classmethod
    @cache
    def labels(cls) -> dict[str, Label]:
        """What is read beside each of its values."""
        hints = get_type_hints(cls, include_extras=True)
        return {nom: hints[nom].__metadata__[0] for nom in cls.champs()}


@cache
def declarer() -> None:
    """Make dataclasses of the parts of a call, which pydantic needs to validate them."""
    from dataclasses import dataclass  # noqa: PLC0415 - only for a file not seen before

    for part in Modele.__subclasses__():
        dataclass(init=False, repr=False, eq=False, kw_only=True)(part)


Article = Annotated[str, Label("Rubrique")]
Code = Annotated[str, Label("Code", motif=r"^[a-z0-9_]+$")]


class Element(Modele):
    """One item of a list: its stable code and what is printed; ``alias``: other wordings met in files."""

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()
    telephone: Annotated[str, Label("Téléphone")] = ""
    service: Annotated[str, Label("Service")] = ""
