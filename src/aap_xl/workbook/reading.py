"""A returned workbook → `Donnees`: what it says, what was noticed on the way, and nothing lost.

Sheets, columns and labels are found by wording, never by position. What the data has wrong becomes a `Fait`; only a
file that can't be read at all is refused.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.domain.donnees import Donnees, Fait
from aap_xl.rows import TABLES, Operation, Row
from aap_xl.workbook import headers, identity, layout
from aap_xl.workbook.columns import Contexte
from aap_xl.workbook.containers import FichierRefuse, ouvrir
from aap_xl.workbook.form import Formulaire
from aap_xl.workbook.marks import Marks
from aap_xl.workbook.normalise import nearest, normalise
from aap_xl.workbook.sheets import Feuilles, Rows, got
from aap_xl.workbook.tables import Table

if TYPE_CHECKING:
    from aap_xl.appels.loader import Catalogue

__all__ = ["FichierRefuse", "lire"]


def lire(chemin: Path, catalogue: "Catalogue", aujourdhui: dt.date) -> Donnees:
    """Read one returned workbook.

    Args:    chemin: an .xlsx, .xlsm, .xlsb, .xls or .ods file; catalogue: the calls at hand; aujourdhui: today.
    Raises:  FichierRefuse, with one French sentence, if it can't be read or was not made by this package.
    """
    contenu = ouvrir(chemin)
    feuilles = Feuilles(contenu)
    found = _identity(contenu.parties, feuilles)
    if found is None:
        raise FichierRefuse(
            f"« {contenu.nom} » n'est pas un classeur aap_xl : rien n'y dit pour quel appel à projets il est fait ; "
            "remplissez le classeur vierge fourni par le Département."
        )
    try:
        appel = catalogue.get(found.code, found.millesime)
    except KeyError as error:
        raise FichierRefuse(f"« {contenu.nom} » : {error.args[0]}") from None
    contexte = Contexte(appel, aujourdhui, feuilles.depuis_1904)
    _tell_identity(contexte, found)
    return _Lecteur(contexte, feuilles).lire(contenu.nom)


def _identity(parties: dict[str, bytes], feuilles: Feuilles) -> identity.Identite | None:
    try:
        props = identity.properties(parties)
    except ValueError:
        props = {}
    listes = next((nom for nom in feuilles.noms if normalise(nom) == normalise(layout.LISTES)), None)
    rows = feuilles.rows(listes) if listes else []
    return identity.identify(props, rows[0] if rows else ())


def _tell_identity(contexte: Contexte, found: identity.Identite) -> None:
    doute, appel = found.doute, contexte.appel
    if not doute and found.schema != appel.schema_version:
        doute = f"le classeur est de la version {found.schema}, l'appel à projets de la version {appel.schema_version}"
    if doute:
        contexte.faits.append(Fait("F16", Cell(), doute))


class _Lecteur:
    """The reading of one workbook whose call is known."""

    def __init__(self, contexte: Contexte, feuilles: Feuilles) -> None:
        self.contexte = contexte
        self.feuilles = feuilles
        self.appel = contexte.appel
        self.trouvees = self._find_sheets()
        self.ecartees: dict[str, int] = {}

    def lire(self, nom: str) -> Donnees:
        """Read the form, then every table, in the workbook's order."""
        wanted = [Operation.table, *layout.tables(self.appel)]
        present = {table: self.trouvees[table] for table in wanted if table in self.trouvees}
        queue = self.feuilles.read(list(present.values()))
        marks = {table: self.feuilles.marks(feuille) for table, feuille in present.items()}
        operation = Operation()
        tables: dict[str, list[Row]] = {}
        for table in wanted:
            if table == Operation.table:
                if table in present:
                    operation = self._form(present[table], got(queue), marks[table])
            elif table in present:
                tables[table] = self._table(table, present[table], got(queue), marks[table])
            else:
                tables[table] = []
        return Donnees(
            appel=self.appel,
            operation=operation,
            tables=tables,
            aujourdhui=self.contexte.aujourdhui,
            faits=self.contexte.faits,
            ecartees=self.ecartees,
            source=nom,
        )

    def _find_sheets(self) -> dict[str, str]:
        """Table name → the sheet's name in the file; missing and unknown sheets are noted."""
        expected = {Operation.table: Operation.feuille} | {t: TABLES[t].feuille for t in layout.tables(self.appel)}
        by_form: dict[str, str] = {}
        for nom in self.feuilles.noms:
            by_form.setdefault(normalise(nom), nom)
        by_form |= {normalise(nom): nom for nom in self.feuilles.noms if nom in expected.values()}
        found = {table: by_form[normalise(nom)] for table, nom in expected.items() if normalise(nom) in by_form}
        ours = {normalise(nom) for nom in layout.feuilles(self.appel)}
        unknown = [n for n in self.feuilles.noms if normalise(n) not in ours or by_form[normalise(n)] != n]
        missing = [nom for table, nom in expected.items() if table not in found]
        for nom in missing:
            self.contexte.faits.append(Fait("F01", Cell(nom), attendu=nearest(nom, unknown)))
        for nom in unknown:
            self.contexte.faits.append(Fait("F03", Cell(nom), nom, nearest(nom, missing)))
        return found

    def _form(self, feuille: str, rows: Rows, marks: Marks) -> Operation:
        return Formulaire(self.contexte, feuille, rows, marks).lire(self.feuilles.without_value(feuille, set()))

    def _table(self, nom: str, feuille: str, rows: Rows, marks: Marks) -> list[Row]:
        champs = layout.tables(self.appel)[nom].champs
        entetes = headers.find(nom, feuille, rows, champs)
        self.contexte.faits += entetes.faits
        calculees = {entetes.colonnes[champ.nom] for champ in champs if champ.calcule and champ.nom in entetes.colonnes}
        table = Table(self.contexte, nom, feuille, rows, entetes, marks)
        found = table.lire(self.feuilles.without_value(feuille, calculees))
        if table.ecartees:
            self.ecartees[nom] = table.ecartees
        return found
