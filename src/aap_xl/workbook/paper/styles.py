"""The look of a workbook: one accent colour, three tints that say who fills a cell, and number formats."""

from typing import TYPE_CHECKING, Any

from aap_xl.rows import Champ, Nature, Qui

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format as MadeFormat

Format = dict[str, Any]
"""Properties of a cell, as XlsxWriter names them."""

ACCENT = "#1B4F72"
ACCENT_MOYEN = "#5D89A8"
ACCENT_PALE = "#DCE8F0"
ENCRE = "#1F2A33"
GRIS = "#5F6B76"
FILET = "#C9D2DA"
BLANC = "#FFFFFF"

SAISIE = "#FFFBEA"
INSTRUCTEUR = "#EEE8F5"
CALCUL = "#F1F3F5"
BANDE_INSTRUCTEUR = "#6B5489"
BANDE_CALCUL = "#66727E"

ALERTE_FOND, ALERTE_ENCRE = "#FDE9C4", "#7A4A00"
ERREUR_FOND, ERREUR_ENCRE = "#F8D5D2", "#8B1A14"
SUCCES_FOND, SUCCES_ENCRE = "#DDEEE0", "#1D5A2D"
VIDE_FOND = "#FBE3CF"

PALETTE = (ACCENT, "#C98B2B", "#5D89A8", "#8FA9BC", "#66727E", "#B7C4CE")
"""Colours of a chart's series, in order."""

POLICE: Format = {"font_name": "Arial", "font_size": 10, "font_color": ENCRE, "valign": "vcenter"}

EUROS = '#,##0.00\\ "€"'
DATE = "dd/mm/yyyy"
FORMATS = {
    Nature.DATE: DATE,
    Nature.ENTIER: "#,##0",
    Nature.NOMBRE: "#,##0.00",
    Nature.HEURES: "#,##0.00",
    Nature.MONTANT: EUROS,
    Nature.TAUX: "0.00%",
}
UNITES = '#,##0\\ "€"'
"""Amounts to the euro."""
FORMATS_IMPRIMES = {
    Nature.DATE: DATE,
    Nature.ENTIER: "#,##0",
    Nature.NOMBRE: "#,##0.##",
    Nature.HEURES: '#,##0.00" h"',
    Nature.MONTANT: EUROS,
    Nature.TAUX: "0.0\\ %",
    Nature.PRECIS: "0.00\\ %",
}
"""Number formats of printed tables; `FORMATS` are those of what is typed."""
FONDS = {Qui.PORTEUR: SAISIE, Qui.INSTRUCTEUR: INSTRUCTEUR, Qui.CALCUL: CALCUL}
FONDS_BANDE = {Qui.PORTEUR: ACCENT, Qui.INSTRUCTEUR: BANDE_INSTRUCTEUR, Qui.CALCUL: BANDE_CALCUL}

_PHRASES = 44
_AISANCE, _ELARGI = 0.65, 1.4
_IDENTIFIANTS = {"code", "siret", "siret_associee", "document", "convention"}
_LARGEURS = {
    Nature.DATE: 12,
    Nature.ENTIER: 10,
    Nature.NOMBRE: 11,
    Nature.HEURES: 11,
    Nature.MONTANT: 14,
    Nature.TAUX: 9,
    Nature.OUINON: 8,
    Nature.LONG: 60,
    Nature.CHOIX: 20,
    Nature.TEXTE: 20,
}


def largeur(champ: Champ, plus_long: int = 0) -> int:
    """Width of a column, in characters: the field's own, else its nature's, a little more for a list of long items.

    Args: plus_long: characters of the longest item; the text shrinks in its cell for the rest.
    """
    own = champ.largeur or _LARGEURS[champ.nature]
    if champ.nature is Nature.DATE:
        return max(own, _LARGEURS[Nature.DATE])
    return max(own, min(int(plus_long * _AISANCE), int(own * _ELARGI)))


def plusieurs_lignes(champ: Champ) -> bool:
    """Whether a table's cell is wide enough for sentences, which run over two lines."""
    return champ.nature is Nature.TEXTE and champ.largeur >= _PHRASES


def texte_seul(champ: Champ) -> bool:
    """Whether the cell keeps leading zeros: identifiers are text, whatever their digits."""
    return champ.nature is Nature.TEXTE and (bool(champ.reference) or champ.nom in _IDENTIFIANTS)


def cellule(champ: Champ, *, verrouillee: bool) -> Format:
    """The format of a field's cell."""
    fmt = {**POLICE, "bg_color": FONDS[champ.qui], "border": 1, "border_color": FILET, "locked": verrouillee}
    if champ.nature in FORMATS:
        fmt["num_format"] = FORMATS[champ.nature]
        fmt |= {"align": "center"} if champ.nature is Nature.DATE else {"align": "right", "indent": 1}
    elif texte_seul(champ):
        fmt |= {"num_format": "@", "align": "left", "indent": 1}
    elif champ.nature is Nature.OUINON or (champ.calcule and champ.nature is Nature.TEXTE):
        fmt["align"] = "center"
    elif champ.nature is Nature.LONG:
        fmt |= {"text_wrap": True, "valign": "top", "align": "left", "indent": 1}
    else:
        fmt |= {"align": "left", "indent": 1, "text_wrap": plusieurs_lignes(champ)}
        if champ.nature is Nature.CHOIX:
            fmt |= {"shrink": True}
    return fmt


def entete(champ: Champ) -> Format:
    """The format of a column's header."""
    return {
        **POLICE,
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "font_size": 9,
        "bg_color": ACCENT_PALE if champ.qui is Qui.PORTEUR else FONDS[champ.qui],
        "border": 1,
        "border_color": FILET,
        "bottom": 2,
        "bottom_color": FONDS_BANDE[champ.qui],
    }


def bande(qui: Qui, *, premiere: bool) -> Format:
    """The format of a group's band above the headers; its first cell, which bears the title, opens it."""
    return {
        **POLICE,
        "bold": True,
        "font_size": 9,
        "font_color": BLANC,
        "bg_color": FONDS_BANDE[qui],
        "align": "left",
        "indent": 1,
        **({"left": 2, "left_color": BLANC} if premiere else {}),
    }


TITRE: Format = {**POLICE, "bold": True, "font_size": 16, "font_color": ACCENT}
AIDE: Format = {**POLICE, "italic": True, "font_size": 9, "font_color": GRIS}
SECTION: Format = {**POLICE, "bold": True, "font_color": BLANC, "bg_color": ACCENT, "indent": 1}
SECTION_INSTRUCTEUR: Format = {**SECTION, "bg_color": BANDE_INSTRUCTEUR}
COLONNE: Format = {
    **POLICE,
    "bold": True,
    "font_size": 9,
    "bg_color": ACCENT_PALE,
    "align": "right",
    "indent": 1,
    "text_wrap": True,
    "bottom": 1,
    "bottom_color": ACCENT_MOYEN,
}
COLONNE_GAUCHE: Format = {**COLONNE, "align": "left", "indent": 1}
LIGNE: Format = {**POLICE, "indent": 1, "bottom": 1, "bottom_color": FILET, "text_wrap": True}
NOTE: Format = {**POLICE, "italic": True, "font_size": 9, "font_color": GRIS, "text_wrap": True, "valign": "top"}

ALERTE: Format = {"bg_color": ALERTE_FOND, "font_color": ALERTE_ENCRE}
ERREUR: Format = {"bg_color": ERREUR_FOND, "font_color": ERREUR_ENCRE}
SUCCES: Format = {"bg_color": SUCCES_FOND, "font_color": SUCCES_ENCRE}
VIDE: Format = {"bg_color": VIDE_FOND}


class Formats:
    """The formats of one XlsxWriter workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], MadeFormat] = {}

    def __call__(self, format_: Format, **more: object) -> "MadeFormat":
        """The workbook's format for some properties."""
        merged = {**format_, **more}
        key = tuple(sorted(merged.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(merged)
        return self._made[key]
