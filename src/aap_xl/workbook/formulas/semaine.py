"""« Semaine »: the next week's lines of « Heures », one for each person present, ready to be copied."""

from collections.abc import Iterator

from aap_xl.appels.model import Appel
from aap_xl.workbook import layout
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.layout import nom_defini as n

LUNDI, PRESENTS, SELECTIONNER, ALLER, COLLER, ENTETES = 4, 5, 7, 8, 9, 11
"""Rows: the Monday, the number of people, the three things to do, the headers of the lines."""
PREMIERE = ENTETES + 1
LIBELLE, VALEUR = 2, 3
"""Columns: the code is under the labels, the week under the values."""
PLACE = 4
"""A hidden column: the rank, in « Participants », of the person of each line."""
_P, _H = "participants", "heures"
LOIN = 1_000_000
"""Beyond any rank of a table: the first line found is the farthest from it; the place of nobody."""


def lignes(appel: Appel) -> int:
    """How many lines the sheet offers: as many as « Participants »."""
    return layout.tables(appel)[_P].lignes


def cellules(appel: Appel) -> Iterator[layout.CelluleCalculee]:
    """Every computed cell of the sheet; none where the call does not have it."""
    if not layout.semaine(appel):
        return
    r = Refs(appel)
    week = n("semaine.lundi")
    yield _cell(LUNDI, VALEUR, _monday(r), "semaine.lundi")
    last = PREMIERE + lignes(appel) - 1
    codes = layout.absolu(layout.SEMAINE, PREMIERE, LIBELLE, last)
    yield _cell(PRESENTS, VALEUR, f'SUMPRODUCT(({codes}<>"")*1)', "semaine.presents")
    for rang in range(1, lignes(appel) + 1):
        row = ENTETES + rang
        code = r.col(_P, "code")
        person = f'IFERROR(INDEX({code},$D{row})&"","")'
        yield _cell(row, LIBELLE, person, f"semaine.participant:{rang}")
        yield _cell(row, VALEUR, f'IF($B{row}="","",{week})', f"semaine.jour:{rang}")


def _cell(ligne: int, colonne: int, formule: str, cle: str) -> layout.CelluleCalculee:
    return layout.CelluleCalculee(layout.SEMAINE, ligne, colonne, f"={formule}", cle)


def _monday(r: Refs) -> str:
    """The Monday after the last week written, else the operation's first (a date's number less 2 is 0 on Mondays)."""
    weeks, debut = r.col(_H, "semaine"), r.op("date_debut")

    def monday(day: str) -> str:
        return f"INT(({day}-2)/7)*7+2"

    first = f'IF(ISNUMBER({debut}),{monday(debut)},"")'
    return f"IF(COUNT({weeks})>0,{monday(f'MAX({weeks})')}+7,{first})"


def place(appel: Appel, row: int) -> str:
    """The formula of the hidden column: the first line of somebody present, not yet listed, below the row above's."""
    r = Refs(appel)
    code, entree, sortie = (r.col(_P, champ) for champ in ("code", "date_entree", "date_sortie"))
    week, fin = n("semaine.lundi"), r.op("date_fin")
    there = f'({code}<>"")*({entree}<>"")*({entree}<={week}+6)*(({sortie}="")+({sortie}>={week}))'
    during = f"({week}<=IF(ISNUMBER({fin}),{fin},{week}))"
    rank = f"(ROW({code})-MIN(ROW({code}))+1)"
    below = f"({rank}>{f'$D{row - 1}' if row > PREMIERE else 0})"
    new = f'ISNA(MATCH({code}&"",$B${ENTETES}:$B{row - 1},0))'
    nearest = f"SUMPRODUCT(MAX({there}*{during}*{below}*{new}*({LOIN}-{rank})))"
    return f"=IFERROR({LOIN}-{nearest},{LOIN})"


def selection() -> str:
    """A link that selects the lines to copy, however many there are."""
    first, column = f"#'{layout.SEMAINE}'!B{PREMIERE}:C", n("semaine.presents")
    return f'=HYPERLINK("{first}"&{ENTETES}+MAX(1,{column}),"{SELECTION}")'


def arrivee(appel: Appel) -> str:
    """A link that leads to the first free line of « Heures »."""
    r = Refs(appel)
    code = r.col(_H, "participant")
    row = f"SUMPRODUCT(MIN(ROW({code})))+{r.dernier(_H, 'participant')}"
    return f'=HYPERLINK("#\'{r.tables[_H].feuille}\'!A"&({row}),"{ARRIVEE}")'


SELECTION = "1.  Cliquez ici pour sélectionner les lignes, puis copiez (Ctrl+C)"
ARRIVEE = "2.  Cliquez ici pour aller à la première ligne libre de Heures"
COLLAGE = "3.  Collage spécial, valeurs (clic droit) ; il ne reste que les heures à inscrire"
