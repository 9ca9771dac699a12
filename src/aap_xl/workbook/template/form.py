"""The form « Opération »: one line a field, each value a named cell."""

import datetime as dt

from xlsxwriter.worksheet import Worksheet

from aap_xl.cells import a1
from aap_xl.rows import Champ, Nature, Qui
from aap_xl.workbook import layout
from aap_xl.workbook.formulas.lists import plafond
from aap_xl.workbook.paper import styles
from aap_xl.workbook.template.base import PROTECTION, Draft
from aap_xl.workbook.template.entry import cell_value, validation

_TITRE = "Opération"
_AIDE = "Remplissez les cellules teintées ; les autres sont protégées."
_BAS = " La partie du bas est remplie par {le financeur}."


def write(draft: Draft) -> None:
    """The whole sheet."""
    form = layout.formulaire(draft.appel)
    sheet = draft.feuille(form.feuille, styles.ACCENT)
    officers = {champ.groupe for champ in form.champs if champ.qui is Qui.INSTRUCTEUR}
    draft.heading(sheet, _TITRE, _AIDE + (draft.appel.dit(_BAS) if officers else ""), layout.LIBELLE)
    for colonne, largeur in ((1, 2), (layout.LIBELLE, 46), (layout.VALEUR, 48), (layout.CONSEIL, 70)):
        sheet.set_column(colonne - 1, colonne - 1, largeur)
    for groupe, ligne in form.groupes.items():
        section = draft.fmt(styles.SECTION_INSTRUCTEUR if groupe in officers else styles.SECTION)
        sheet.set_row(ligne - 1, 20)
        for colonne in (layout.LIBELLE, layout.VALEUR, layout.CONSEIL):
            sheet.write(ligne - 1, colonne - 1, groupe if colonne == layout.LIBELLE else "", section)
    for champ in form.champs:
        _field(draft, sheet, form, champ)
    texts = (a1(form.lignes[champ.nom], layout.VALEUR) for champ in form.champs if styles.texte_seul(champ))
    sheet.ignore_errors({"number_stored_as_text": " ".join(texts)})
    _hints(draft, sheet, form)
    sheet.freeze_panes(layout.PREMIERE_LIGNE_FORMULAIRE - 1, 0)
    sheet.print_area(0, 0, form.derniere - 1, layout.CONSEIL - 1)
    sheet.fit_to_pages(1, 1)
    sheet.repeat_rows(layout.TITRE - 1, layout.AIDE - 1)
    sheet.protect("", PROTECTION)


def _field(draft: Draft, sheet: Worksheet, form: layout.Formulaire, champ: Champ) -> None:
    row = form.lignes[champ.nom] - 1
    sheet.set_row(row, 48 if champ.nature is Nature.LONG else 28 if len(champ.aide) > _LONG_HELP else 21)
    star = " *" if champ.obligatoire else ""
    sheet.write_string(row, layout.LIBELLE - 1, champ.entete + star, draft.fmt(styles.LIGNE))
    more: styles.Format = {
        "align": "left",
        "indent": 1,
        "valign": "vcenter",
        "text_wrap": champ.nature in _WRAPPED,
        "shrink": False,
    }
    fmt = draft.fmt(styles.cellule(champ, verrouillee=False), **more)
    value = cell_value(draft.appel, champ, getattr(draft.donnees.operation, champ.nom))
    if isinstance(value, dt.date):
        sheet.write_datetime(row, layout.VALEUR - 1, dt.datetime(value.year, value.month, value.day), fmt)  # noqa: DTZ001
    elif value is None:
        sheet.write_blank(row, layout.VALEUR - 1, None, fmt)
    elif isinstance(value, str):
        sheet.write_string(row, layout.VALEUR - 1, value, fmt)  # never a formula or a link, whatever it starts with
    else:
        sheet.write_number(row, layout.VALEUR - 1, value, fmt)
    sheet.write_string(row, layout.CONSEIL - 1, champ.aide, draft.fmt(styles.NOTE, valign="vcenter", indent=1))
    options = validation(draft.appel, champ)
    if options:
        sheet.data_validation(row, layout.VALEUR - 1, row, layout.VALEUR - 1, options)
    draft.book.define_name(form.nom(champ.nom), f"={form.ref(champ.nom)}")


_LONG_HELP = 88
"""Characters of help that fit on one line."""
_WRAPPED = {Nature.TEXTE, Nature.LONG, Nature.CHOIX}


def _hints(draft: Draft, sheet: Worksheet, form: layout.Formulaire) -> None:
    """What is plainly wrong turns red: an end before the start, a grant above the ceiling; obligatory blanks glow."""

    def mark(champ: str, criteria: str, fmt: styles.Format) -> None:
        row = form.lignes[champ] - 1
        rule = {"type": "formula", "criteria": f"={criteria}", "format": draft.book.add_format(fmt)}
        sheet.conditional_format(row, layout.VALEUR - 1, row, layout.VALEUR - 1, rule)

    if {"date_debut", "date_fin"} <= form.lignes.keys():
        mark("date_fin", "AND(COUNT(op_date_debut,op_date_fin)=2,op_date_fin<op_date_debut)", styles.ERREUR)
    if draft.appel.budget.plafond_subvention is not None:
        for nom in ("subvention_demandee", "subvention_votee"):
            if nom in form.lignes:
                mark(nom, f"AND(ISNUMBER(op_{nom}),op_{nom}>{plafond(draft.appel)})", styles.ERREUR)
    for champ in form.champs:
        if champ.obligatoire:
            mark(champ.nom, f'{form.nom(champ.nom)}=""', styles.VIDE)
