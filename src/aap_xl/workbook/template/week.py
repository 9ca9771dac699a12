"""The sheet « Semaine »: what to click, then the lines to copy into « Heures »."""

from aap_xl.domain.computed import calculer
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import semaine
from aap_xl.workbook.paper import styles
from aap_xl.workbook.template.base import PROTECTION, Draft

_LARGEURS = (2, 62, 20)
_HAUTEUR = 19


def write(draft: Draft) -> None:
    """The whole sheet. Its formulas are hidden, so that Excel pastes their values even by a plain Ctrl+V."""
    appel = draft.appel
    sheet = draft.feuille(layout.SEMAINE)
    draft.heading(sheet, "Préparer une semaine", _AIDE, semaine.LIBELLE)
    for colonne, largeur in enumerate(_LARGEURS):
        sheet.set_column(colonne, colonne, largeur)
    label = draft.fmt(styles.LIGNE)
    for ligne, libelle in ((semaine.LUNDI, "Semaine du lundi"), (semaine.PRESENTS, "Personnes présentes")):
        sheet.write_string(ligne - 1, semaine.LIBELLE - 1, libelle, label)
    link = draft.fmt({**styles.LIGNE, "font_color": styles.ACCENT, "underline": 1, "bold": True})
    place = semaine.LIBELLE
    draft.formule(sheet, (semaine.SELECTIONNER, place), semaine.selection(), link, semaine.SELECTION)
    draft.formule(sheet, (semaine.ALLER, place), semaine.arrivee(appel), link, semaine.ARRIVEE)
    paste = draft.fmt({**styles.LIGNE, "bold": True})
    sheet.merge_range(semaine.COLLER - 1, place - 1, semaine.COLLER - 1, place, semaine.COLLAGE, paste)
    for ligne in range(semaine.LUNDI, semaine.ENTETES + 1):
        sheet.set_row(ligne - 1, _HAUTEUR)
    champs = layout.tables(appel)["heures"]
    for offset, nom in enumerate(("participant", "semaine")):
        champ = champs.champs[champs.colonnes[nom] - 1]
        sheet.write_string(semaine.ENTETES - 1, place - 1 + offset, champ.entete, draft.fmt(styles.entete(champ)))
    hidden = {**styles.POLICE, "bg_color": styles.CALCUL, "border": 1, "border_color": styles.FILET, "hidden": True}
    looks = {
        semaine.LIBELLE: draft.fmt(hidden, align="left", indent=1),
        semaine.VALEUR: draft.fmt(hidden, align="center"),
    }
    day = draft.fmt(hidden, num_format=styles.DATE, align="center")
    for cell in semaine.cellules(appel):
        fmt = day if cell.cle.startswith(("semaine.jour", "semaine.lundi")) else looks[cell.colonne]
        value = calculer(cell.cle, draft.donnees)
        draft.formule(sheet, (cell.ligne, cell.colonne), cell.formule, fmt, value)
    for row in range(semaine.PREMIERE, semaine.PREMIERE + semaine.lignes(appel)):
        draft.formule(sheet, (row, semaine.PLACE), semaine.place(appel, row), looks[semaine.VALEUR], semaine.LOIN)
    sheet.set_column(semaine.PLACE - 1, semaine.PLACE - 1, None, None, {"hidden": True})
    sheet.freeze_panes(semaine.ENTETES, 0)
    sheet.repeat_rows(layout.TITRE - 1, layout.AIDE - 1)
    sheet.print_area(0, 0, semaine.ENTETES + semaine.lignes(appel) - 1, len(_LARGEURS) - 1)
    sheet.fit_to_pages(1, 1)
    sheet.protect("", PROTECTION)


_AIDE = "Rien à saisir : les lignes de la semaine qui suit la dernière inscrite à la feuille Heures."
