"""Where everything sits in a workbook. The only module that knows a position; rows and columns count from 1."""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache, cached_property

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, operation
from aap_xl.cells import a1, column_letter
from aap_xl.records import record
from aap_xl.rows import TABLES, Champ, Operation, Qui

MODE_EMPLOI = "Mode d'emploi"
OPERATION = Operation.feuille
BUDGET = "Budget"
TABLEAU_DE_BORD = "Tableau de bord"
SEMAINE = "Semaine"
SYNTHESES = (BUDGET, TABLEAU_DE_BORD)
"""Sheets of formulas, whose names the reader looks up to tell the cells that were typed over."""
CONTROLE = "Contrôle"
BILAN = "Bilan"
LISTES = "Listes"

TITRE, AIDE, BANDE, ENTETES, DONNEES = 1, 2, 3, 4, 5
"""Rows of a table sheet: title, what to do, band of groups, headers, first line of data."""
LIBELLE, VALEUR, CONSEIL = 2, 3, 4
"""Columns of a form: label, value, help."""
PREMIERE_LIGNE_FORMULAIRE = 4
REPETEES = 3
"""Columns of « Participants » repeated on each printed page, and kept in sight when scrolling."""

_BEFORE_BUDGET = ("actions", "personnel", "charges", "ressources")


@record
class Table:
    """One Excel table, alone on its sheet.

    Attributes: nom: key of `rows.TABLES`; champs: its columns, from column A; lignes: how many are offered.
    """

    nom: str
    feuille: str
    champs: tuple[Champ, ...]
    lignes: int

    @property
    def excel(self) -> str:
        """Name of the Excel table."""
        return f"t_{self.nom}"

    @property
    def derniere(self) -> int:
        """Last row offered."""
        return DONNEES + self.lignes - 1

    @cached_property
    def colonnes(self) -> dict[str, int]:
        """Field name → column."""
        return {champ.nom: rang for rang, champ in enumerate(self.champs, 1)}

    @property
    def ref(self) -> str:
        """Headers and data, as ``A4:H24``."""
        return f"{a1(ENTETES, 1)}:{a1(self.derniere, len(self.champs))}"

    def plage(self, champ: str) -> str:
        """The data of one column, as ``'Dépenses'!$A$5:$A$154``."""
        lettre = column_letter(self.colonnes[champ])
        return f"{nom_feuille(self.feuille)}!${lettre}${DONNEES}:${lettre}${self.derniere}"

    def ici(self, champ: str) -> str:
        """The defined name of a column's cell on the line of the formula that says it: ``par_date_sortie``."""
        return f"{self.nom[:3]}_{champ}"

    def ref_ici(self, champ: str) -> str:
        """What that name refers to: its column, and the line of the cell that uses it, as seen from A1.

        ``par_sexe`` is ``Participants!$D1``: the column is fixed, the line is not, so in ``=IF(par_sexe="","",…)`` on
        line 12 it is D12, and on line 13 D13. One text serves the whole column.
        """
        return f"{nom_feuille(self.feuille)}!${column_letter(self.colonnes[champ])}1"

    def bandes(self) -> list["Bande"]:
        """The groups of the band above the headers, left to right."""
        bandes: list[Bande] = []
        for rang, champ in enumerate(self.champs, 1):
            titre = champ.groupe or _QUI[champ.qui]
            if bandes and (bandes[-1].titre, bandes[-1].qui) == (titre, champ.qui):
                bandes[-1] = Bande(titre, champ.qui, bandes[-1].debut, rang)
            else:
                bandes.append(Bande(titre, champ.qui, rang, rang))
        return bandes


_QUI = {Qui.PORTEUR: "À remplir", Qui.INSTRUCTEUR: "Instructeur", Qui.CALCUL: "Calculé"}


@record
class Bande:
    """One group of neighbouring columns."""

    titre: str
    qui: Qui
    debut: int
    fin: int


@record
class Formulaire:
    """The form « Opération ». ``groupes``: row of each group's title; ``lignes``: row of each field."""

    feuille: str
    groupes: Mapping[str, int]
    lignes: Mapping[str, int]
    champs: tuple[Champ, ...]

    @property
    def derniere(self) -> int:
        """Last row of the form."""
        return max(self.lignes.values(), default=PREMIERE_LIGNE_FORMULAIRE)

    def nom(self, champ: str) -> str:
        """The defined name of a field's value."""
        return f"op_{champ}"

    def ref(self, champ: str) -> str:
        """Absolute address of a field's value, with its sheet."""
        return absolu(self.feuille, self.lignes[champ], VALEUR)


@record
class CelluleCalculee:
    """One computed cell outside the tables: where it is, its native formula, the key of its Python mirror."""

    feuille: str
    ligne: int
    colonne: int
    formule: str
    cle: str

    @property
    def nom(self) -> str:
        """The defined name of the cell."""
        return nom_defini(self.cle)


def nom_defini(cle: str) -> str:
    """``budget.total_prevu`` → ``budget_total_prevu``, usable in a formula."""
    return re.sub(r"\W", "_", cle)


def nom_feuille(feuille: str) -> str:
    """A sheet's name as a formula writes it."""
    return "'" + feuille.replace("'", "''") + "'"


def absolu(feuille: str, ligne: int, colonne: int, jusqu_a: int | None = None) -> str:
    """``'Listes'!$B$4`` or, with a last row, ``'Listes'!$B$4:$B$12``."""
    lettre = column_letter(colonne)
    fin = f":${lettre}${jusqu_a}" if jusqu_a else ""
    return f"{nom_feuille(feuille)}!${lettre}${ligne}{fin}"


def tables(appel: Appel) -> dict[str, Table]:
    """The tables this call uses, in the workbook's order, their headers as the call words them."""
    return {nom: _table(nom, appel) for nom in TABLES if nom in appel.classeur.tables}


def _table(nom: str, appel: Appel) -> Table:
    row, asked = modele(appel, nom), appel.classeur.tables[nom]
    champs = [row.champs[champ] for champ in asked.colonnes]
    if nom == "participants":
        champs += [_masque(row.champs[champ]) for champ in _rangement(appel, asked.colonnes)]
    return Table(nom, row.feuille, tuple(champs), asked.lignes)


_RANGEMENT = {
    "identite": ("nom", "prenom", "date_naissance"),
    "personne": ("code",),
    "parcours": ("code",),
    "suivie": ("action",),
    "ordre": ("code",),
}
"""The columns that tell persons from stays, which every call counts by, and what each is made from."""


def _rangement(appel: Appel, colonnes: tuple[str, ...]) -> list[str]:
    """Those of these columns that a call needs and does not list."""
    unused = () if appel.parcours.identites_reunies else ("identite",)
    return [c for c, de in _RANGEMENT.items() if c not in (*colonnes, *unused) and {*de} <= {*colonnes}]


@cache
def _masque(champ: Champ) -> Champ:
    """A column that the call did not ask for: hidden."""
    own = copy(champ)
    own.masque = True
    return own


def formulaire(appel: Appel) -> Formulaire:
    """The form: each group under its title, a blank row between two groups."""
    groupes: dict[str, int] = {}
    lignes: dict[str, int] = {}
    row = operation(appel)
    champs = tuple(row.champs[nom] for nom in appel.classeur.operation)
    ligne = PREMIERE_LIGNE_FORMULAIRE
    for champ in _by_group(champs):
        if champ.groupe not in groupes:
            ligne += 1 if groupes else 0
            groupes[champ.groupe] = ligne
            ligne += 1
        lignes[champ.nom] = ligne
        ligne += 1
    return Formulaire(OPERATION, groupes, lignes, champs)


def _by_group(champs: tuple[Champ, ...]) -> Iterator[Champ]:
    groupes = list(dict.fromkeys(champ.groupe for champ in champs))
    return (champ for groupe in groupes for champ in champs if champ.groupe == groupe)


def feuilles(appel: Appel) -> tuple[str, ...]:
    """Every sheet's name, in order."""
    names = [MODE_EMPLOI, OPERATION]
    present = tables(appel)
    names += [present[nom].feuille for nom in _BEFORE_BUDGET if nom in present]
    names.append(BUDGET)
    for nom, table in present.items():
        if nom not in _BEFORE_BUDGET:
            names += [table.feuille, *((SEMAINE,) if nom == "heures" and semaine(appel) else ())]
    return (*names, TABLEAU_DE_BORD, CONTROLE, BILAN, LISTES)


def semaine(appel: Appel) -> bool:
    """Whether the call has what « Semaine » prepares: weekly hours of people who enter and leave."""
    needed = {"heures": {"participant", "semaine"}, "participants": {"code", "date_entree", "date_sortie"}}
    sheets = appel.classeur.tables
    return all(nom in sheets and columns <= {*sheets[nom].colonnes} for nom, columns in needed.items())
