"""A returned workbook → `Donnees`: what it says, what was noticed on the way, and nothing lost.

Sheets, columns and labels are found by wording, never by position. What the data has wrong becomes a `Fait`; only a
file that can't be read at all is refused.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from aap_xl.appels.loader import AppelInconnu
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, modeles, operation_vide
from aap_xl.cells import Cell
from aap_xl.domain.data import Donnees, no_collection
from aap_xl.domain.facts import (
    AutreVersion,
    ColonneAbsente,
    Fait,
    FeuilleAbsente,
    FeuilleInconnue,
    NirDansUnNom,
    PartieAbimee,
    PartieTropRiche,
    VersionAnterieure,
)
from aap_xl.domain.nir import contient_nir, masquer
from aap_xl.patterns import pattern
from aap_xl.records import replace, state
from aap_xl.rows import Operation, Row
from aap_xl.texte import normaliser, renommages
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.wholeness import Fault, check
from aap_xl.workbook.reading import headers, identity, overwritten
from aap_xl.workbook.reading.columns import Contexte
from aap_xl.workbook.reading.files.containers import ouvrir, reconnaitre
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, named
from aap_xl.workbook.reading.form import Formulaire
from aap_xl.workbook.reading.opening import feuilles as ouvrir_feuilles
from aap_xl.workbook.reading.personal import mask
from aap_xl.workbook.reading.sheets import FACTS_MAX, SHEETS_MAX, Feuilles, Rows
from aap_xl.workbook.reading.tables import Table

if TYPE_CHECKING:
    from aap_xl.appels.loader import Catalogue

__all__ = ["FichierRefuse", "lire", "lire_feuilles", "relire"]

MOTS_DEPUIS = 2
"""The version of a workbook from which its formulas know the words of the field."""
_CODE = pattern(r"(?=.*\d)[\w.-]{1,8}")
"""What looks like a call's code, and names nobody."""


def lire(
    chemin: Path,
    catalogue: "Catalogue",
    aujourdhui: dt.date,
    octets: bytes | None = None,
    *,
    ecriture: bool = False,
) -> Donnees:
    """Read one returned workbook.

    Args:    chemin: an .xlsx, .xlsm, .xlsb, .xls or .ods file; catalogue: the calls at hand; aujourdhui: today;
             octets: the file's content, when it was read already (a member of a zip); ecriture: whether to note that
             the bilan can't be written in it.
    Raises:  FichierRefuse, with one French sentence, if it can't be read or was not made by this package.
    """
    with named(chemin.name):
        contenu = ouvrir(chemin, octets)
        try:
            proprietes = identity.properties(contenu.parties)
        except ValueError:
            proprietes = {}
        readable = None if contenu.genre == "xls" else proprietes
        donnees = lire_feuilles(ouvrir_feuilles(contenu), chemin.name, catalogue, aujourdhui, readable)
    if ecriture and contenu.genre == "xlsx":
        try:
            check(contenu.parties, contenu.entrees, contenu.octets, FichierRefuse)
        except Fault as fault:
            found = PartieTropRiche(Cell(), fault.part, *fault.excess.args) if fault.excess else None
            donnees.faits = [*donnees.faits, found or PartieAbimee(Cell(), fault.part)]
    return donnees


def lire_feuilles(
    feuilles: Feuilles, nom: str, catalogue: "Catalogue", aujourdhui: dt.date, proprietes: Mapping[str, str] | None
) -> Donnees:
    """Read sheets, wherever they come from.

    Args:   nom: the workbook's name, for messages; proprietes: its custom document properties of ours, ``None`` where
            they can't be read.
    Raises: FichierRefuse.
    """
    with named(nom), no_collection():
        if len(feuilles.noms) > SHEETS_MAX:
            raise FichierRefuse(Cause.TOO_MANY_SHEETS, feuilles=len(feuilles.noms))
        found = _identity(feuilles, proprietes)
        if found is None:
            raise FichierRefuse(Cause.NOT_OURS)
        return _read_as(feuilles, nom, found, _call(found, catalogue), aujourdhui)


def relire(octets: bytes, donnees: Donnees) -> tuple[Feuilles, Donnees]:
    """Read a workbook made from another one, as belonging to the same call, on the same day.

    Returns: its sheets, and what they say.
    Raises:  FichierRefuse, ValueError if it can't be read.
    """
    with named(donnees.source), no_collection():
        contenu = reconnaitre(octets)
        feuilles = ouvrir_feuilles(contenu)
        found = _identity(feuilles, identity.properties(contenu.parties))
        if found is None:
            raise FichierRefuse(Cause.NOT_OURS)
        return feuilles, _read_as(feuilles, donnees.source, found, donnees.appel, donnees.aujourdhui)


def _read_as(feuilles: Feuilles, nom: str, found: identity.Identite, appel: Appel, aujourdhui: dt.date) -> Donnees:
    known = found.schema is None or found.schema >= MOTS_DEPUIS
    contexte = Contexte(appel, aujourdhui, feuilles.depuis_1904, known, faits_max=FACTS_MAX)
    _tell_identity(contexte, found)
    return _Lecteur(contexte, feuilles, found.schema).lire(nom)


def _call(found: identity.Identite, catalogue: "Catalogue") -> Appel:
    try:
        return catalogue.get(found.code, found.millesime)
    except AppelInconnu as error:
        quoted = {"appel": error.appel}
        cited, ours = ({}, quoted) if _CODE.fullmatch(found.code) else (quoted, {})
        raise FichierRefuse(Cause.UNKNOWN_CALL, cited, connus=error.connus, **ours) from None


def _identity(feuilles: Feuilles, proprietes: Mapping[str, str] | None) -> identity.Identite | None:
    listes = next((nom for nom in feuilles.noms if normaliser(nom) == normaliser(layout.LISTES)), None)
    marque = feuilles.first_row(listes) if listes else ()
    return identity.identify(proprietes or {}, marque, with_properties=proprietes is not None)


def _tell_identity(contexte: Contexte, found: identity.Identite) -> None:
    appel = contexte.appel
    if found.doute:
        contexte.faits.append(found.doute)
    elif found.schema is None or found.schema > appel.schema_version:
        contexte.faits.append(AutreVersion(Cell(), found.schema, appel.schema_version))


@state
class _Lu:
    """One sheet read: its rows (the form is one), its facts, the number of lines set aside."""

    rows: list[Row]
    faits: list[Fait]
    ecartees: int = 0


class _Lecteur:
    """The reading of one workbook whose call is known."""

    def __init__(self, contexte: Contexte, feuilles: Feuilles, schema: int | None) -> None:
        self.contexte = contexte
        self.feuilles = feuilles
        self.appel = contexte.appel
        self.schema = self.appel.schema_version if schema is None else schema
        self.tables = layout.tables(self.appel)

    def lire(self, nom: str) -> Donnees:
        """Read the form, then every table, in the workbook's order."""
        trouvees = self._find_sheets()
        rows = {feuille: self.feuilles.rows(feuille) for feuille in trouvees.values()}
        lus = {table: self._read(table, feuille, rows[feuille]) for table, feuille in trouvees.items()}
        for lu in lus.values():
            self.contexte.faits += lu.faits
        self.contexte.faits += overwritten.faits(self.feuilles)
        self.contexte.faits += self._elsewhere(set(trouvees.values()))
        if self.schema < self.appel.schema_version:
            self.contexte.faits = self._without_later(self.contexte.faits)
        form = lus.pop(Operation.table, None) or _Lu([operation_vide(self.appel)], [])
        return Donnees(
            appel=self.appel,
            operation=cast("Operation", form.rows[0]),
            tables={table: lus[table].rows if table in lus else [] for table in self.tables},
            aujourdhui=self.contexte.aujourdhui,
            faits=self.contexte.faits,
            ecartees={table: lu.ecartees for table, lu in lus.items() if lu.ecartees},
            source=nom,
        )

    def _without_later(self, faits: Sequence[Fait]) -> list[Fait]:
        """The facts, with one in place of those that tell the absence of what came after the workbook's version."""
        later = [fait for fait in faits if self._came_later(fait)]
        columns = tuple(f"{fait.cell.feuille} : {fait.titre}" for fait in later if isinstance(fait, ColonneAbsente))
        sheets = tuple(fait.cell.feuille for fait in later if isinstance(fait, FeuilleAbsente))
        told = VersionAnterieure(Cell(), self.schema, self.appel.schema_version, columns, sheets)
        return [told, *(fait for fait in faits if fait not in later)]

    def _came_later(self, fait: Fait) -> bool:
        if isinstance(fait, ColonneAbsente):
            return modele(self.appel, fait.table).champs[fait.champ].depuis > self.schema
        if isinstance(fait, FeuilleAbsente):
            return any(
                row.depuis > self.schema and row.feuille == fait.cell.feuille for row in modeles(self.appel).values()
            )
        return False

    def _find_sheets(self) -> dict[str, str]:
        """Table name → the sheet's name in the file; missing and unknown sheets are noted."""
        expected = {Operation.table: Operation.feuille} | {t: table.feuille for t, table in self.tables.items()}
        by_form: dict[str, str] = {}
        for nom in self.feuilles.noms:
            by_form.setdefault(normaliser(nom), nom)
        by_form |= {normaliser(nom): nom for nom in self.feuilles.noms if nom in expected.values()}
        found = {table: by_form[normaliser(nom)] for table, nom in expected.items() if normaliser(nom) in by_form}
        ours = {normaliser(nom) for nom in layout.feuilles(self.appel)}
        unknown = [n for n in self.feuilles.noms if normaliser(n) not in ours or by_form[normaliser(n)] != n]
        missing = [nom for table, nom in expected.items() if table not in found]
        for nom in missing:
            self.contexte.faits.append(FeuilleAbsente(Cell(nom), **renommages(nom, unknown)))
        for nom in unknown:
            self.contexte.faits.append(FeuilleInconnue(Cell(nom), **renommages(nom, missing)))
        return found

    def _read(self, table: str, feuille: str, rows: Rows) -> _Lu:
        marks = self.feuilles.marks(feuille)
        contexte = self.contexte.part()
        masked = mask(feuille, rows) if self.feuilles.nir else {}
        if table == Operation.table:
            form = Formulaire(contexte, feuille, rows, marks)
            found: list[Row] = [form.lire(marks.sans_valeur(set()))]
            _add_masked(contexte, masked, table, {place: nom for nom, place in form.places.items()})
            return _Lu(found, contexte.faits)
        champs = self.tables[table].champs
        entetes = headers.find(table, feuille, rows, champs)
        contexte.faits += entetes.faits
        calculees = {entetes.colonnes[champ.nom] for champ in champs if champ.calcule and champ.nom in entetes.colonnes}
        reader = Table(contexte, table, feuille, rows, entetes, marks)
        found = reader.lire(marks.sans_valeur(calculees))
        if masked:
            names = {column: nom for nom, column in entetes.colonnes.items()}
            fields = {place: names[place[1]] for place in masked if place[0] > entetes.ligne and place[1] in names}
            _add_masked(contexte, masked, table, fields)
        return _Lu(found, contexte.faits, reader.ecartees)

    def _elsewhere(self, lues: Collection[str]) -> Iterator[Fait]:
        """NIRs in the sheets that are not read, in notes, and in the sheets' own names."""
        for nom in self.feuilles.noms:
            if contient_nir(nom):
                yield NirDansUnNom(Cell(), masquer(nom))
            if self.feuilles.nir and nom not in lues and nom in self.feuilles.cellules:
                yield from mask(nom, self.feuilles.rows(nom)).values()
            yield from self.feuilles.notes(nom)


def _add_masked(
    contexte: Contexte, masked: Mapping[tuple[int, int], Fait], table: str, champs: Mapping[tuple[int, int], str]
) -> None:
    model = modele(contexte.appel, table)
    for place, fait in masked.items():
        nom = champs.get(place, "")
        entete = model.champs[nom].entete if nom else ""
        contexte.faits.append(replace(fait, cell=replace(fait.cell, entete=entete), table=table, champ=nom))
