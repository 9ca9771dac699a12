"""Why a file can't be used: a cause and its details, worded here, once.

Those who raise don't know the file's name: whoever shows the refusal stamps it. A new refusal is a `Cause` and its
line of `WORDS`.
"""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum, auto

from aap_xl.records import field, record, replace
from aap_xl.workbook.ooxml.limits import Excess

MIB = 2**20
FILE_MAX = 30 * MIB


class Cause(StrEnum):
    """Why a file can't be used."""

    MISSING = auto()
    FOLDER = auto()
    NOT_A_FILE = auto()
    LOCK = auto()
    EMPTY = auto()
    TOO_LARGE = auto()
    NOT_A_SPREADSHEET = auto()
    DAMAGED = auto()
    DAMAGED_MEMBER = auto()
    PROTECTED = auto()
    ENCRYPTED = auto()
    LABELLED = auto()
    INFLATED = auto()
    ENTITIES = auto()
    TOO_MANY_SHEETS = auto()
    SHEET_TOO_LARGE = auto()
    TOO_MANY = auto()
    TOO_MANY_DOUBTS = auto()
    EXCESS = auto()
    EXCESS_ELSEWHERE = auto()
    BAD_CELL = auto()
    TOO_MANY_ANOMALIES = auto()
    NOT_OURS = auto()
    UNKNOWN_CALL = auto()
    FORBIDDEN = auto()
    GONE = auto()
    NO_ANSWER = auto()
    NAME_TOO_LONG = auto()
    SYSTEM = auto()
    KILLED = auto()
    TOO_SLOW = auto()
    FAULT = auto()


_ILLISIBLE = "« {nom} » ne peut pas être lu : "
_REFAIRE = "ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau et redonnez-le"

_TROP = "« {nom} » compte plus de {maximum} {quoi}"

WORDS: Mapping[Cause, tuple[str, str]] = {
    Cause.MISSING: ("« {chemin} » n'existe pas", "vérifiez le nom et le dossier."),
    Cause.FOLDER: ("« {nom} » est un dossier", "donnez un classeur."),
    Cause.NOT_A_FILE: ("« {nom} » n'est pas un fichier", "donnez un classeur."),
    Cause.LOCK: ("« {nom} » est la marque d'un classeur ouvert", "donnez le classeur lui-même."),
    Cause.EMPTY: ("« {nom} » est vide", "demandez un nouvel envoi."),
    Cause.TOO_LARGE: (
        "« {nom} » pèse {mio} Mio, plus que les {maximum} Mio acceptés",
        "retirez les images ou les pièces jointes au classeur.",
    ),
    Cause.NOT_A_SPREADSHEET: (
        "« {nom} » n'est pas un classeur",
        "donnez le fichier .xlsx (ou .xlsm, .xlsb, .xls, .ods) rempli.",
    ),
    Cause.DAMAGED: (
        "« {nom} » est abîmé ou incomplet",
        "demandez un nouvel envoi, ou ouvrez-le dans Excel ou LibreOffice et enregistrez-le à nouveau.",
    ),
    Cause.DAMAGED_MEMBER: ("« {nom} » est abîmé dans son archive", "demandez un nouvel envoi."),
    Cause.PROTECTED: (
        "« {nom} » est protégé par un mot de passe",
        "enregistrez-le sans mot de passe d'ouverture.",
    ),
    Cause.ENCRYPTED: (
        "« {nom} » est chiffré, par un mot de passe d'ouverture ou par la protection de sa structure",
        "ouvrez-le dans Excel, retirez le mot de passe (Fichier, Informations, Protéger le classeur) et la protection "
        "de la structure (Révision, Protéger le classeur), enregistrez-le et redonnez-le.",
    ),
    Cause.LABELLED: (
        "« {nom} » est chiffré par une étiquette de confidentialité ou une restriction d'accès",
        "ouvrez-le dans Excel, choisissez une étiquette qui ne chiffre pas (Accueil, Confidentialité) ou retirez la "
        "restriction (Fichier, Informations, Protéger le classeur), enregistrez-le et redonnez-le.",
    ),
    Cause.INFLATED: (
        "« {nom} » est anormalement volumineux une fois décompressé",
        "recopiez les données dans un classeur vierge et renvoyez-le.",
    ),
    Cause.ENTITIES: (
        "« {nom} » contient des entités XML, qu'aucun tableur n'écrit : il est refusé par sécurité.",
        "",
    ),
    Cause.TOO_MANY_SHEETS: (
        "« {nom} » a {feuilles} feuilles",
        "ce n'est pas un classeur de suivi d'une opération.",
    ),
    Cause.SHEET_TOO_LARGE: (
        "« {nom} » : la feuille « {feuille} » est remplie jusqu'à la ligne {ligne} et la colonne {colonne}",
        "supprimez les lignes et les colonnes au-delà du tableau.",
    ),
    Cause.TOO_MANY: (
        "« {nom} » : la feuille « {feuille} » compte plus de {maximum} {quoi}",
        "supprimez-les, ou recopiez les données dans un classeur vierge et renvoyez-le.",
    ),
    Cause.TOO_MANY_DOUBTS: (
        "« {nom} » : la feuille « {feuille} » compte plus de {maximum} valeurs illisibles ou douteuses",
        "donnez à chaque colonne son format (date, nombre…) et corrigez ce qui se répète d'une ligne à l'autre.",
    ),
    Cause.EXCESS_ELSEWHERE: (
        _TROP,
        "enregistrez-le au format .xlsx et redonnez-le, ou recopiez les valeurs de ses feuilles dans un classeur "
        "vierge (aap-xl nouveau).",
    ),
    Cause.EXCESS: (
        _TROP,
        "supprimez ce qui ne sert pas, ou recopiez les valeurs de ses feuilles dans un classeur vierge (aap-xl "
        "nouveau) et renvoyez-le.",
    ),
    Cause.BAD_CELL: (
        "« {nom} » est abîmé : la cellule {adresse} de la feuille « {feuille} » ne peut pas être lue",
        "ouvrez-le dans Excel ou LibreOffice, ressaisissez cette cellule, enregistrez-le et redonnez-le.",
    ),
    Cause.TOO_MANY_ANOMALIES: (
        "« {nom} » a plus de {maximum} anomalies",
        "corrigez d'abord ce qui se répète d'une ligne à l'autre, puis contrôlez-le à nouveau.",
    ),
    Cause.NOT_OURS: (
        "« {nom} » n'est pas un classeur aap_xl : rien n'y dit pour quel appel à projets il est fait",
        "remplissez le classeur vierge fourni par le Département.",
    ),
    Cause.UNKNOWN_CALL: (
        "« {nom} » : l'appel à projets {appel} est inconnu",
        "appels disponibles : {connus}.",
    ),
    Cause.FORBIDDEN: (
        f"{_ILLISIBLE}vous n'avez pas le droit de le lire, ou un autre programme le tient",
        "vérifiez vos droits, ou fermez-le.",
    ),
    Cause.GONE: (f"{_ILLISIBLE}il n'est plus là", "vérifiez le nom et le dossier."),
    Cause.NO_ANSWER: (f"{_ILLISIBLE}le disque ou le réseau ne répond pas", "vérifiez-le, puis recommencez."),
    Cause.NAME_TOO_LONG: (f"{_ILLISIBLE}son nom est trop long", "donnez-lui un nom plus court."),
    Cause.SYSTEM: (f"{_ILLISIBLE}le système refuse (code {{errno}}).", ""),
    Cause.KILLED: (
        "« {nom} » a interrompu le programme qui le lisait (mémoire épuisée, peut-être)",
        f"{_REFAIRE}.",
    ),
    Cause.TOO_SLOW: (
        "« {nom} » n'a pas pu être traité en {delai} s",
        f"{_REFAIRE}, ou laissez-lui plus de temps : --delai {{plus}}.",
    ),
    Cause.FAULT: ("« {nom} » n'a pas pu être traité : erreur du programme ({lieu})", "signalez-la."),
}
"""Cause → why, and what to do; the details stand between braces."""

_SANS_CITATION = {"appel": "indiqué"}
"""What replaces a detail that comes from the file, where it is not « … »."""

_SYSTEM = {
    errno.EACCES: Cause.FORBIDDEN,
    errno.EPERM: Cause.FORBIDDEN,
    errno.ENOENT: Cause.GONE,
    errno.EIO: Cause.NO_ANSWER,
    errno.ENAMETOOLONG: Cause.NAME_TOO_LONG,
}


@record
class Refusal:
    """Why one file can't be used.

    Attributes: details: by their names in `WORDS`, numbers and words that name nobody; cited: those that the file
                itself says, which may name someone.
    """

    cause: Cause
    details: Mapping[str, int | str] = field(default_factory=dict)
    cited: Mapping[str, str] = field(default_factory=dict)

    def phrase(self, nom: str) -> str:
        """One French sentence for the person who gave the file.

        Args: nom: what to call it.
        """
        return " ; ".join(filter(None, WORDS[self.cause])).format(nom=nom, **self.details, **self.cited)

    def discreet(self) -> "Refusal":
        """The same without anything that the file says."""
        return replace(self, cited={detail: _SANS_CITATION.get(detail, "…") for detail in self.cited})

    def packed(self) -> str:
        """As a text that `unpacked` reads."""
        import json  # noqa: PLC0415 - only in a process that reads files for another

        return json.dumps([self.cause, self.details, self.cited])


def unpacked(text: str) -> Refusal:
    """What `Refusal.packed` wrote."""
    import json  # noqa: PLC0415

    cause, details, cited = json.loads(text)
    return Refusal(Cause(cause), details, cited)


class FichierRefuse(Exception):
    """The file can't be used; its message is one French sentence for the person who gave it, once `named`."""

    def __init__(self, cause: Cause, cited: Mapping[str, str] | None = None, **details: int | str) -> None:
        super().__init__(cause)
        self.refusal = Refusal(cause, details, cited or {})
        self.nom = ""

    def __str__(self) -> str:
        return self.refusal.phrase(self.nom)


@contextmanager
def named(nom: str) -> Iterator[None]:
    """Stamp a file's name on the refusal of it."""
    try:
        yield
    except FichierRefuse as error:
        error.nom = nom
        raise


def too_large(size: int) -> FichierRefuse:
    """The refusal of a file that is not even loaded."""
    return FichierRefuse(Cause.TOO_LARGE, mio=size // MIB, maximum=FILE_MAX // MIB)


def beyond(error: Excess, cause: Cause = Cause.EXCESS) -> FichierRefuse:
    """The refusal of a file that holds more of something than is read; another ``cause`` has another remedy."""
    return FichierRefuse(cause, maximum=error.maximum, quoi=error.quoi)


def unreadable(error: OSError) -> FichierRefuse:
    """The refusal of a file that the system does not let us read, whose own words may be in another language."""
    code = error.errno or 0
    return FichierRefuse(_SYSTEM.get(code, Cause.SYSTEM), errno=code)
