"""The sheets that hold one Excel table each: headers, blank rows with their formulas, validations, print setup."""

from xlsxwriter.worksheet import Worksheet

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.cells import a1
from aap_xl.domain.computed import CALCULS
from aap_xl.rows import Champ
from aap_xl.workbook import layout
from aap_xl.workbook.formulas.columns import formule
from aap_xl.workbook.layout import AIDE, BANDE, DONNEES, ENTETES
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.template.base import Draft
from aap_xl.workbook.template.entry import validation
from aap_xl.workbook.template.hints import hints

_AIDES = {
    "actions": "Une ligne par action, sous un code qui lui est propre.",
    "personnel": "Une ligne par salarié prévu au dossier. Coût : salaire × quotité, ou taux horaire × heures signées.",
    "charges": "Une ligne par dépense de fonctionnement ou prestation prévue au dossier.",
    "ressources": "Une ligne par financeur ; le montant réalisé se remplit au bilan.",
    "participants": "Une ligne par parcours, complétée au fil de l'eau ; si la personne revient : une autre ligne, "
    "le même code. Jamais de numéro de sécurité sociale.",
    "immersions": "Une ligne par période de mise en situation en milieu professionnel (PMSMP).",
    "heures": "Une ligne par personne et par semaine.",
    "comites": "Une ligne par réunion ; la composition nomme les services, jamais quelqu'un.",
    "partenaires": "Une ligne par lien avec une entreprise ou un partenaire.",
    "depenses": "Une ligne par pièce, sur une ligne de budget prévue au dossier ; un avoir en négatif.",
    "salaires": "Facultatif : une ligne par salarié et par mois ; le montant imputé devient la dépense de sa ligne.",
    "redactions": "Rédigez chaque rubrique ; Alt+Entrée passe à la ligne. Les rubriques suivent l'appel à projets.",
}
_HAUTEUR_LIGNE, _HAUTEUR_PHRASE, _HAUTEUR_TEXTE = 17, 30, 130
_SCALE = 59


def write(draft: Draft, table: layout.Table) -> None:
    """The whole sheet of a table."""
    sheet = draft.feuille(table.feuille)
    draft.heading(sheet, table.feuille, _AIDES[table.nom])
    _bands(draft, sheet, table)
    _excel_table(draft, sheet, table)
    _rows(draft, sheet, table)
    for rang, champ in enumerate(table.champs):
        options = validation(draft.appel, champ)
        if options:
            sheet.data_validation(DONNEES - 1, rang, table.derniere - 1, rang, options)
    texts = [f"{a1(DONNEES, n)}:{a1(table.derniere, n)}" for n, c in enumerate(table.champs, 1) if styles.texte_seul(c)]
    if texts:
        sheet.ignore_errors({"number_stored_as_text": " ".join(texts)})
    hints(draft, sheet, table)
    if table.nom == "redactions":
        _headings(draft, sheet, table)
    sheet.freeze_panes(ENTETES, _frozen(table))
    _print_setup(draft.appel, sheet, table)
    if "code" in table.colonnes:
        _codes(draft, table)
    _names(draft, table)


def _bands(draft: Draft, sheet: Worksheet, table: layout.Table) -> None:
    sheet.set_row(BANDE - 1, 18)
    for bande in table.bandes():
        for colonne in range(bande.debut, bande.fin + 1):
            first = colonne == bande.debut
            fmt = draft.fmt(styles.bande(bande.qui, premiere=first))
            sheet.write(BANDE - 1, colonne - 1, bande.titre if first else "", fmt)


def _excel_table(draft: Draft, sheet: Worksheet, table: layout.Table) -> None:
    columns = []
    for champ in table.champs:
        column = {
            "header": champ.entete,
            "header_format": draft.fmt(styles.entete(champ)),
            "format": draft.fmt(styles.cellule(champ, verrouillee=champ.calcule)),
        }
        if champ.calcule:
            column["formula"] = formule(draft.appel, table.nom, champ.nom)
        columns.append(column)
    sheet.set_row(ENTETES - 1, 42)
    for rang, champ in enumerate(table.champs):
        sheet.set_column(rang, rang, _width(draft.appel, champ), None, {"hidden": champ.masque})
    options = {"name": table.excel, "columns": columns, "style": None, "autofilter": True}
    sheet.add_table(ENTETES - 1, 0, table.derniere - 1, len(table.champs) - 1, options)


def _rows(draft: Draft, sheet: Worksheet, table: layout.Table) -> None:
    """Blank tinted cells; formulas with the value they show on a blank row."""
    blank = modele(draft.appel, table.nom)()
    height = _HAUTEUR_PHRASE if any(map(styles.plusieurs_lignes, table.champs)) else _HAUTEUR_LIGNE
    for ligne in range(DONNEES, table.derniere + 1):
        sheet.set_row(ligne - 1, height)
    for colonne, champ in enumerate(table.champs, 1):
        fmt = draft.fmt(styles.cellule(champ, verrouillee=champ.calcule))
        if champ.calcule:
            text = formule(draft.appel, table.nom, champ.nom)
            shown = CALCULS[table.nom, champ.nom](blank, draft.donnees)
            for ligne in range(DONNEES, table.derniere + 1):
                draft.formule(sheet, (ligne, colonne), text, fmt, shown)
        else:
            for ligne in range(DONNEES, table.derniere + 1):
                sheet.write_blank(ligne - 1, colonne - 1, None, fmt)


def _width(appel: Appel, champ: Champ) -> int:
    items = appel.elements.get(champ.liste, ())
    return styles.largeur(champ, max((len(item.libelle) for item in items), default=0))


def _headings(draft: Draft, sheet: Worksheet, table: layout.Table) -> None:
    """The call's headings, ready to be answered, each with what it should tell."""
    colonne = table.colonnes["rubrique"] - 1
    bold = draft.fmt(styles.cellule(table.champs[colonne], verrouillee=False), **_HEADING)
    beside = len(table.champs) + 1
    sheet.set_column(len(table.champs), len(table.champs), 2)
    sheet.set_column(beside, beside, 40)
    for rang, rubrique in enumerate(draft.appel.rubriques[: table.lignes]):
        row = DONNEES - 1 + rang
        sheet.set_row(row, _HAUTEUR_TEXTE)
        sheet.write_string(row, colonne, rubrique.libelle, bold)
        sheet.write_string(row, beside, rubrique.aide, draft.fmt(styles.NOTE))


_HEADING: styles.Format = {"bold": True, "text_wrap": True, "valign": "top", "font_color": styles.ACCENT}


def _frozen(table: layout.Table) -> int:
    """Columns kept in sight: who the line is about."""
    if table.nom == "participants":
        return layout.REPETEES
    return 0 if table.nom == "redactions" else 1


def _codes(draft: Draft, table: layout.Table) -> None:
    """The codes already written, for the dropdowns of other sheets."""
    column, last = draft.refs.col(table.nom, "code"), draft.refs.dernier(table.nom, "code")
    first = layout.absolu(table.feuille, DONNEES, table.colonnes["code"])
    draft.book.define_name(f"l_codes_{table.nom}", f"={first}:INDEX({column},MAX(1,{last}))")


def _names(draft: Draft, table: layout.Table) -> None:
    """The cells of a line, as its formulas name them: a third of what they would weigh."""
    formulas = [formule(draft.appel, table.nom, champ.nom) for champ in table.champs if champ.calcule]
    for name, ref in draft.refs.noms(formulas).items():
        draft.book.define_name(name, f"={ref}")


def _print_setup(appel: Appel, sheet: Worksheet, table: layout.Table) -> None:
    last = len(table.champs) + (2 if table.nom == "redactions" else 0)
    sheet.print_area(0, 0, table.derniere - 1, last - 1)
    sheet.repeat_rows(TITRE_REPETE, ENTETES - 1)
    if table.nom != "participants":
        sheet.fit_to_pages(1, 0)
        return
    sheet.set_print_scale(_SCALE)
    sheet.repeat_columns(0, layout.REPETEES - 1)
    sheet.set_v_pagebreaks(_page_breaks(appel, table))
    sheet.print_across()


TITRE_REPETE = AIDE - 2


def _page_breaks(appel: Appel, table: layout.Table) -> list[int]:
    """Before which columns a page ends: whole groups, as many as fit beside the repeated columns."""
    limit = page.PAGE_WIDTH * 100 / _SCALE
    repeated = _points(appel, table, 0, layout.REPETEES)
    breaks: list[int] = []
    width = 0.0
    for bande in table.bandes():
        group = _points(appel, table, bande.debut - 1, bande.fin)
        if width and width + group > limit:
            breaks.append(bande.debut - 1)
            width = repeated
        width += group
    return breaks


def _points(appel: Appel, table: layout.Table, debut: int, fin: int) -> float:
    """Width of some columns together."""
    return page.points([_width(appel, champ) for champ in table.champs[debut:fin] if not champ.masque])
