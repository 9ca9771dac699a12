"""The worksheet functions that count people: persons, and their stays."""
# ruff: noqa: N802

from aap_xl.domain.personnes import a_l_envers
from aap_xl.faces.live.arguments import (
    UNE_CELLULE,
    Cellules,
    bloc,
    lire,
    lisibles,
    n_importe_quel_appel,
)
from aap_xl.faces.live.declaration import fonction
from aap_xl.rows import Participant

SORTI_AVANT = "Date de sortie : avant la date d'entrée"


@fonction(Participant)
def AAP_PERSONNES(code: Cellules, date_entree: Cellules = None) -> Cellules:
    """Nombre de personnes : une par code, même revenue ; dates d'entrée données, celles qui sont entrées seulement."""
    entering = bloc(date_entree)
    dated = entering.forme != UNE_CELLULE or entering.cells != [""]
    people = lisibles(lire(n_importe_quel_appel(), Participant, code=code, date_entree=date_entree))
    codes = {p.code.casefold() for p in people if p.code and (p.date_entree or not dated)}
    return len(codes) if people else None


@fonction(Participant)
def AAP_PARCOURS(code: Cellules, date_entree: Cellules, date_sortie: Cellules = None) -> Cellules:
    """Nombre de parcours commencés : un par date d'entrée, même quand la personne revient."""
    columns = {"code": code, "date_entree": date_entree, "date_sortie": date_sortie}
    stays = lire(n_importe_quel_appel(), Participant, **columns)
    checked = [_fault(row) or row if isinstance(row, Participant) else row for row in stays.rows]
    people = lisibles(type(stays)(stays.forme, checked))
    return sum(p.date_entree is not None for p in people) if people else None


def _fault(p: Participant) -> str:
    """What a stay lacks to be counted, ``""`` if nothing: who it is, when it began."""
    dated = p.date_entree or p.date_sortie
    missing = "code" if dated and not p.code else "date_entree" if dated and not p.date_entree else ""
    if missing:
        return f"{p.champs[missing].entete} : à remplir"
    return SORTI_AVANT if a_l_envers(p) else ""
