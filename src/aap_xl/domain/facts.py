"""What reading notices in a workbook, one kind of fact per fault; the rule of its ``code`` words it.

``saisi`` is what was typed, as the sheet shows it.
"""

from typing import ClassVar

from aap_xl.cells import Cell, Zone
from aap_xl.domain.expected import Attendu, Doute
from aap_xl.records import field, record


@record
class Fait:
    """One thing noticed. ``cell``: where to look; ``table``, ``champ``: the field at fault, where there is one."""

    code: ClassVar[str]
    cell: Cell
    table: str = field(default="", kw_only=True)
    champ: str = field(default="", kw_only=True)


@record
class Renommable(Fait):
    """A name that is missing, or unknown. ``proche``: the one it is a slip of, or ``""``; ``autres``: else, all."""

    proche: str = field(default="", kw_only=True)
    autres: tuple[str, ...] = field(default=(), kw_only=True)


@record
class FeuilleAbsente(Renommable):
    """A sheet of the call is not in the file."""

    code = "F01"


@record
class ColonneAbsente(Renommable):
    """A column of the call, or a line of the form, is not in its sheet."""

    code = "F02"
    titre: str


@record
class EntetesAbsents(Fait):
    """A table has no header row. ``premiers``: the first headers expected."""

    code = "F02"
    premiers: tuple[str, ...]


@record
class FeuilleInconnue(Renommable):
    """A sheet is not ours."""

    code = "F03"


@record
class ColonneInconnue(Renommable):
    """A column, or a line of the form, is not ours."""

    code = "F04"
    titre: str


@record
class NonLu(Fait):
    """A cell that is filled gives no value."""

    saisi: str


@record
class CelluleIllisible(NonLu):
    """A cell does not hold what its column does."""

    code = "F05"
    attendu: Attendu


@record
class HorsListe(NonLu):
    """A cell holds no item of its list.

    ``choix``: the item it is a slip of, else all; ``pourquoi``, ``remede``: what is said of a known word of the field.
    """

    code = "F06"
    choix: tuple[str, ...]
    pourquoi: str = ""
    remede: str = ""


@record
class CelluleEnErreur(NonLu):
    """A cell shows a spreadsheet error, ``saisi``: ``#N/A``, ``""`` where the file does not say which."""

    code = "F07"


@record
class FormuleSansValeur(NonLu):
    """A cell holds a formula that nobody computed."""

    code = "F08"


@record
class CalculEcrase(Fait):
    """Something was typed over a computed cell."""

    code = "F09"
    saisi: str


@record
class FormulesPerdues(Fait):
    """Computed columns hold values and no formula any more."""

    code = "F09"
    entetes: tuple[str, ...]


@record
class ComprisAutrement(Fait):
    """A cell was not read as it was typed; ``compris``: as what, shown as a sheet shows it.

    ``compte``: the number that formulas count for it, ``""`` where they may ignore it.
    """

    code = "F10"
    saisi: str
    compris: str
    compte: str = ""


@record
class MotCompris(Fait):
    """A word of the field stands for an item of the list, for formulas too. ``sauf``: when to choose another one."""

    code = "S28"
    saisi: str
    compris: str
    sauf: str = ""


@record
class DureeAnnoncee(Fait):
    """A wording of the call says how long the contract is: see `Condition`."""

    code = "S27"
    saisi: str
    mois_min: int | None = None
    mois_max: int | None = None
    strict: bool = False


@record
class LignesSousLeTableau(Fait):
    """Rows were typed below the table, whose range is ``plage``."""

    code = "F11"
    nombre: int
    plage: Zone


@record
class CellulesFusionnees(Fait):
    """Merged cells hide values."""

    code = "F12"
    plage: Zone


@record
class LignesMasquees(Fait):
    """Rows that hold something are hidden."""

    code = "F13"
    nombre: int


@record
class EnteteEnDouble(Fait):
    """A header stands twice."""

    code = "F15"
    titre: str


@record
class IdentiteDouteuse(Fait):
    """The workbook does not say whole which call it was made for."""

    code = "F16"
    doute: Doute


@record
class IdentitesContraires(Fait):
    """The file's properties, which were believed, and « Listes » do not say the same."""

    code = "F16"
    proprietes: str
    listes: str


@record
class AutreVersion(Fait):
    """The workbook was made for another version of its call. ``classeur``: ``None`` if it does not say which."""

    code = "F16"
    classeur: int | None
    appel: int


@record
class VersionAnterieure(Fait):
    """The workbook was made for an earlier version of its call: it can't have what came later.

    Attributes: colonnes: what it lacks, as « feuille : titre »; feuilles: the sheets it lacks.
    """

    code = "F22"
    classeur: int
    appel: int
    colonnes: tuple[str, ...]
    feuilles: tuple[str, ...]


@record
class EnteteAutrementEcrit(Fait):
    """A header is not written as ours."""

    code = "F18"
    titre: str
    attendu: str


@record
class LigneDeTotal(Fait):
    """A row of totals was set aside."""

    code = "F19"
    saisi: str


@record
class CalculEnErreur(Fait):
    """Computed cells show a spreadsheet error: ``lignes`` of the column, the first one is ``cell``."""

    code = "F20"
    erreur: str
    lignes: int


@record
class PartieAbimee(Fait):
    """A part of the file can't be written again. ``partie``: its name in the file."""

    code = "F21"
    partie: str


@record
class PartieTropRiche(Fait):
    """A part of the file would take too long to write again. ``quoi``: what it has more than ``maximum`` of."""

    code = "F21"
    partie: str
    maximum: int
    quoi: str


@record
class NirSaisi(Fait):
    """A cell or a note holds a NIR. ``masque``: its text, masked already."""

    code = "R01"
    masque: str


@record
class NirDansUnNom(Fait):
    """A sheet bears a NIR in its name. ``masque``: the name, masked already."""

    code = "R01"
    masque: str
