"""The declaration of a column: written once, used by the blank workbook, the reader, the checks and the docs."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar, dataclass_transform

from aap_xl.cells import NOWHERE, Cell, Origin


class Nature(StrEnum):
    """What a cell holds, and the Python type it is read as."""

    TEXTE = "texte"  # str
    LONG = "texte long"  # str, several lines
    DATE = "date"  # datetime.date
    ENTIER = "nombre entier"  # int
    NOMBRE = "nombre"  # Decimal
    HEURES = "heures"  # Decimal, hours
    MONTANT = "montant"  # Decimal, euros
    TAUX = "pourcentage"  # Decimal, 0.5 for 50 %
    OUINON = "oui ou non"  # bool
    CHOIX = "choix"  # str: the code of an item of the call's list
    LIEN = "lien"  # str that leads to a file, in printed tables only
    FRACTION = "fraction"  # « 7/19 », in printed tables only
    PRECIS = "pourcentage précis"  # the same as TAUX, to two decimals; in printed tables only


class Qui(StrEnum):
    """Who fills a column."""

    PORTEUR = "porteur"
    INSTRUCTEUR = "instructeur"
    CALCUL = "calcul"


class Champ:
    """One column (or one line of a form): its header, type, list, help and who fills it.

    ``depuis``: the first version of the workbook that has it; an earlier one lacks it without a fault.
    ``masque``: hidden, for formulas only.
    """

    __slots__ = (
        "aide",
        "autres_entetes",
        "depuis",
        "entete",
        "groupe",
        "largeur",
        "liste",
        "masque",
        "maximum",
        "minimum",
        "nature",
        "nom",
        "obligatoire",
        "qui",
        "reference",
    )

    def __init__(
        self,
        entete: str,
        nature: Nature = Nature.TEXTE,
        *,
        aide: str = "",
        groupe: str = "",
        liste: str = "",
        reference: str = "",
        obligatoire: bool = False,
        qui: Qui = Qui.PORTEUR,
        largeur: int = 0,
        autres_entetes: tuple[str, ...] = (),
        minimum: int | None = None,
        maximum: int | None = None,
        depuis: int = 1,
        masque: bool = False,
    ) -> None:
        self.nom = ""
        self.entete = entete
        self.nature = nature
        self.aide = aide
        self.groupe = groupe
        self.liste = liste
        self.reference = reference
        self.obligatoire = obligatoire
        self.qui = qui
        self.largeur = largeur
        self.autres_entetes = autres_entetes
        self.minimum = minimum
        self.maximum = maximum
        self.depuis = depuis
        self.masque = masque

    def __set_name__(self, owner: type, name: str) -> None:
        self.nom = name

    def __repr__(self) -> str:
        return f"Champ({self.nom!r}, {self.entete!r})"

    @property
    def calcule(self) -> bool:
        """Filled by a formula, never by hand."""
        return self.qui is Qui.CALCUL


def champ(entete: str, nature: Nature = Nature.TEXTE, **options: Any) -> Any:
    """Declare a column; the options are those of `Champ`."""
    return Champ(entete, nature, **options)


@dataclass_transform(kw_only_default=True, field_specifiers=(champ,))
class Row:
    """One line of a sheet (or one form). A blank cell is ``None``; so is one that could not be read.

    Attributes: origin, ligne: where the row sits; illisibles: fields typed but not understood.
    """

    champs: ClassVar[Mapping[str, Champ]] = {}
    feuille: ClassVar[str] = ""
    table: ClassVar[str] = ""
    depuis: ClassVar[int] = 1
    origin: Origin
    ligne: int
    illisibles: frozenset[str]

    def __init_subclass__(cls, *, feuille: str, table: str, depuis: int = 1) -> None:
        cls.feuille, cls.table, cls.depuis = feuille, table, depuis
        cls.champs = {nom: item for nom, item in vars(cls).items() if isinstance(item, Champ)}

    def __init__(
        self,
        *,
        origin: Origin = NOWHERE,
        ligne: int = 0,
        illisibles: frozenset[str] = frozenset(),
        **valeurs: object,
    ) -> None:
        unknown = valeurs.keys() - self.champs.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        self.__dict__.update(dict.fromkeys(self.champs), **valeurs)
        self.__dict__.update(origin=origin, ligne=ligne, illisibles=illisibles)

    def __repr__(self) -> str:
        filled = ", ".join(f"{nom}={valeur!r}" for nom, valeur in self.valeurs())
        return f"{type(self).__name__}({filled})"

    def valeurs(self) -> Iterator[tuple[str, object]]:
        """The filled fields, in the sheet's order."""
        return ((nom, self.__dict__[nom]) for nom in self.champs if self.__dict__[nom] is not None)

    def cell(self, nom: str) -> Cell:
        """The place of one field; the sheet alone when the column is not in the file."""
        return Cell(self.origin.feuille or self.feuille, self.origin.adresse(nom, self.ligne), self.champs[nom].entete)

    def manque(self, nom: str) -> bool:
        """Whether the field was left blank (a value that could not be read is not blank)."""
        return self.__dict__[nom] is None and nom not in self.illisibles
