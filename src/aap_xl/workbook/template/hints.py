"""Conditional formats of the tables: where a line stands, what is missing, what contradicts itself."""

from xlsxwriter.worksheet import Worksheet

from aap_xl.appels.model import POINTS
from aap_xl.cells import column_letter
from aap_xl.domain import activite, computed, eligibilite, sorties
from aap_xl.workbook.layout import DONNEES, Table
from aap_xl.workbook.paper import styles
from aap_xl.workbook.template.base import Draft

_WORDS: dict[str, dict[str, styles.Format]] = {
    "statut": {
        computed.A_COMPLETER: styles.ALERTE,
        computed.SORTIE_A_QUALIFIER: styles.ALERTE,
        computed.SUIVI_A_FAIRE: styles.ALERTE,
        computed.DATES_A_CORRIGER: styles.ERREUR,
        computed.PRESENT: styles.SUCCES,
    },
    "classe": {sorties.A_QUALIFIER: styles.ALERTE},
    **{f"classe_{nom}": {sorties.A_QUALIFIER: styles.ALERTE} for nom in POINTS},
    **{f"etat_{nom}": {sorties.A_FAIRE: styles.ALERTE, sorties.FAIT: styles.SUCCES} for nom in POINTS},
    **{nom: {"Oui": styles.SUCCES} for nom in ("dynamique", *(f"dynamique_{point}" for point in POINTS))},
    "majorite_brsa": {"Non": styles.ERREUR, "Oui": styles.SUCCES},
    "repere": {activite.SOUS_MINIMUM: styles.ALERTE},
    "motif": {
        eligibilite.NON_PREVUE: styles.ERREUR,
        eligibilite.DANS_SALAIRES: styles.ERREUR,
        eligibilite.REFUSEE: styles.ERREUR,
        **dict.fromkeys((eligibilite.HORS_PERIODE, eligibilite.SANS_JUSTIFICATIF), styles.ALERTE),
        **dict.fromkeys((eligibilite.A_JUSTIFIER, eligibilite.EN_PARTIE, eligibilite.A_CHEVAL), styles.ALERTE),
    },
}
"""Computed column → the colour of each of its words."""

_BEFORE = {
    "participants": (
        ("date_naissance", "date_entree"),
        ("date_entree", "date_point"),
        ("date_point", "date_sortie"),
        ("date_entree", "date_sortie"),
        ("debut_contrat", "fin_contrat"),
        *((f"debut_contrat_{nom}", f"fin_contrat_{nom}") for nom in POINTS),
        *(("date_sortie", f"date_{nom}") for nom in POINTS),
    ),
    "actions": (("date_debut", "date_fin"),),
    "immersions": (("date_debut", "date_fin"),),
    "personnel": (("debut", "fin"),),
    "depenses": (("prestation_du", "prestation_au"),),
}
"""Pairs of dates of a row that must follow each other."""


def hints(draft: Draft, sheet: Worksheet, table: Table) -> None:
    """Every conditional format of a table."""
    painter = _Painter(draft, sheet, table)
    beyond = {"repere": {draft.appel.heures.au_dela: styles.SUCCES}} if draft.appel.heures else {}
    for champ, words in (*_WORDS.items(), *beyond.items()):
        for word, fmt in words.items():
            painter.mark(champ, f'{painter.cell(champ)}="{word}"', fmt)
    for first, second in _BEFORE.get(table.nom, ()):
        if {first, second} <= table.colonnes.keys():
            a, b = painter.cell(first), painter.cell(second)
            painter.mark(second, f"AND(COUNT({a},{b})=2,{b}<{a})", styles.ERREUR)
    if "ecart" in table.colonnes:
        painter.mark("ecart", f"N({painter.cell('ecart')})<0", styles.ERREUR)
    _late(painter)
    _missing(painter)


_ENDS = (("op_date_debut", "<"), ("op_date_fin", ">"))


class _Painter:
    """Writes the conditional formats of one table."""

    def __init__(self, draft: Draft, sheet: Worksheet, table: Table) -> None:
        self.draft, self.sheet, self.table = draft, sheet, table

    def cell(self, champ: str) -> str:
        """The field on the first data row, its column fixed; an empty text without the column."""
        colonne = self.table.colonnes.get(champ)
        return f"${column_letter(colonne)}{DONNEES}" if colonne else '""'

    def column(self, champ: str) -> str:
        """The data of a field's column, fixed; an empty text without the column."""
        colonne = self.table.colonnes.get(champ)
        letter = column_letter(colonne) if colonne else ""
        return f"${letter}${DONNEES}:${letter}${self.table.derniere}" if colonne else '""'

    def mark(self, champ: str, criteria: str, fmt: styles.Format) -> None:
        """Colour a column where a condition holds; nothing without the column."""
        colonne = self.table.colonnes.get(champ)
        if colonne is None:
            return
        rule = {"type": "formula", "criteria": f"={criteria}", "format": self.draft.book.add_format(fmt)}
        self.sheet.conditional_format(DONNEES - 1, colonne - 1, self.table.derniere - 1, colonne - 1, rule)


def _late(painter: _Painter) -> None:
    """Sent after the meeting, dated outside the operation, or twice the same code."""
    cell, mark = painter.cell, painter.mark
    for champ in ("date_entree", "date_sortie", "date_piece", "prestation_du", "prestation_au", "date_reunion"):
        day = cell(champ)
        before, after = (f"IF(ISNUMBER({end}),{day}{sign}{end},FALSE)" for end, sign in _ENDS)
        if {"date_debut", "date_fin"} <= set(painter.draft.appel.classeur.operation):
            known = f"ISNUMBER({day})"
            if champ == "date_piece" and "prestation_du" in painter.table.colonnes:  # the service, if told, decides
                known = f'AND({known},{cell("prestation_du")}&{cell("prestation_au")}="")'
            mark(champ, f"IF({known},OR({before},{after}),FALSE)", styles.ALERTE)
    sent, held = cell("tableau_envoye"), cell("date_reunion")
    mark("tableau_envoye", f"AND(COUNT({sent},{held})=2,{sent}>{held})", styles.ALERTE)
    same = f"{painter.column('code')},{cell('code')}"
    if "identite" in painter.table.colonnes:
        mark("code", f"OR({_another_person(painter, same)},{_two_stays_at_once(painter, same)})", styles.ERREUR)
    elif "code" in painter.table.colonnes:
        mark("code", f"COUNTIF({same})>1", styles.ERREUR)


def _another_person(painter: _Painter, same: str) -> str:
    """Whether another identity bears the code."""
    known, identity = painter.column("identite"), painter.cell("identite")
    return f'COUNTIFS({same},{known},"<>"&{identity},{known},"?*")>0'


def _two_stays_at_once(painter: _Painter, same: str) -> str:
    """Whether another line of the code has days in common with this one; a stay that has not ended lasts."""
    cell, column = painter.cell, painter.column
    leaving = f"IF(ISNUMBER({cell('date_sortie')}),{cell('date_sortie')},DATE(9999,12,31))"
    begun = f'{same},{column("date_entree")},"<"&{leaving}'
    ended, lasting = (
        f"COUNTIFS({begun},{column('date_sortie')},{end})" for end in (f'">"&{cell("date_entree")}', '""')
    )
    return f"{ended}+{lasting}>1"


def _missing(painter: _Painter) -> None:
    """On a line that was begun, obligatory cells still blank."""
    champs = [champ for champ in painter.table.champs if not champ.calcule]
    first, last = (column_letter(painter.table.colonnes[champ.nom]) for champ in (champs[0], champs[-1]))
    begun = f"COUNTA(${first}{DONNEES}:${last}{DONNEES})>0"
    if painter.table.nom in {"redactions", "participants"}:
        begun = f'{painter.cell(champs[0].nom)}<>""'
    for champ in champs:
        if champ.obligatoire:
            painter.mark(champ.nom, f'AND({painter.cell(champ.nom)}="",{begun})', styles.VIDE)
