"""« Mode d'emploi », and the two sheets that `aap-xl bilan` fills."""

from aap_xl.workbook import layout, styles
from aap_xl.workbook.template_base import PROTECTION, Chantier


def write(chantier: Chantier) -> None:
    sheet = chantier.feuille(layout.MODE_EMPLOI, styles.ACCENT)
    chantier.titre(sheet, chantier.appel.nom, chantier.appel.identite.source, 2)
    for rang, phrase in enumerate(chantier.appel.classeur.mode_emploi):
        sheet.write_string(3 + rang, 1, phrase, chantier.fmt(styles.POLICE))
    sheet.protect("", PROTECTION)


def write_results(chantier: Chantier, feuille: str) -> None:
    sheet = chantier.feuille(feuille, styles.ACCENT)
    chantier.titre(sheet, feuille, "Lancez « aap-xl bilan » sur ce classeur pour remplir cette feuille.", 2)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", PROTECTION)
