"""The native formula of each computed column, for Excel 2016 and LibreOffice 7.4 alike.

Each has its Python mirror in `domain.computed.CALCULS`; a test recalculates workbooks and compares every cell.
"""

from collections.abc import Callable

from aap_xl.appels.model import Appel
from aap_xl.domain import activite, computed, personnes
from aap_xl.workbook.formulas import columns_budget as argent
from aap_xl.workbook.formulas import columns_participants as participants
from aap_xl.workbook.formulas.refs import Refs, mois_complets, texte

_P = "participants"


def formule(appel: Appel, table: str, champ: str) -> str:
    """The formula of a computed column, the same on every row.

    Raises: KeyError if the column is not a computed one.
    """
    return "=" + FORMULES[table, champ](Refs(appel))


def _entres(r: Refs, brsa: bool = False) -> str:
    code = r.ici("actions", "code")
    if not r.a(_P, "action", "date_entree") or (brsa and not r.a(_P, "brsa")):
        return '""'
    oui = f',{r.col(_P, "brsa")},"Oui"' if brsa else ""
    last = f",{r.col(_P, 'parcours')},{texte(f'<>{personnes.ANTERIEUR}')}"
    count = f'COUNTIFS({r.col(_P, "action")},{code},{r.col(_P, "date_entree")},"<>"{last}{oui})'
    return f'IF({code}="","",{count})'


def _majorite(r: Refs) -> str:
    public = r.appel.public
    known = r.a("actions", "entres", "brsa_entres") and r.a(_P, "action", "brsa")
    if public is None or public.majorite_brsa is None or not known:
        return '""'
    entres, brsa = r.ici("actions", "entres"), r.ici("actions", "brsa_entres")
    sign = ">" if public.majorite_brsa.strict else ">="
    return f'IF(N({entres})=0,"",IF({brsa}{sign}p_seuil_brsa*{entres},"Oui","Non"))'


def _jours(r: Refs) -> str:
    debut, fin = r.ici("immersions", "date_debut"), r.ici("immersions", "date_fin")
    return f'IF(COUNT({debut},{fin})<2,"",IF({fin}<{debut},"",{fin}-{debut}+1))'


def _repere(r: Refs) -> str:
    if r.appel.heures is None:
        return '""'
    travail = r.ici("heures", "travail")
    words = (activite.SOUS_MINIMUM, r.appel.heures.au_dela, activite.DANS_FOURCHETTE)
    under, over, inside = (texte(word) for word in words)
    low, high = "<=" if r.appel.heures.minimum_strict else "<", ">=" if r.appel.heures.maximum_strict else ">"
    told = f"IF({travail}{low}p_heures_min,{under},IF({travail}{high}p_heures_max,{over},{inside}))"
    return f'IF(ISNUMBER({travail}),{told},"")'


def _trimestre(r: Refs) -> str:
    le, debut = r.ici("comites", "date_reunion"), r.op("date_debut")
    intervalle = computed.intervalle(r.appel)
    number = f"IF({le}<{debut},0,INT({mois_complets(debut, le)}/{intervalle})+1)"
    return f'IF(AND(ISNUMBER({le}),ISNUMBER({debut})),{number},"")'


FORMULES: dict[tuple[str, str], Callable[[Refs], str]] = {
    ("actions", "entres"): _entres,
    ("actions", "brsa_entres"): lambda r: _entres(r, brsa=True),
    ("actions", "majorite_brsa"): _majorite,
    ("personnel", "prevu"): argent.cout,
    ("personnel", "depense"): argent.depense("personnel"),
    ("personnel", "retenu"): argent.retenu("personnel"),
    ("personnel", "ecart"): argent.ecart("personnel"),
    ("charges", "depense"): argent.depense("charges"),
    ("charges", "retenu"): argent.retenu("charges"),
    ("charges", "ecart"): argent.ecart("charges"),
    (_P, "age"): participants.age,
    (_P, "classe"): participants.classe,
    (_P, "dynamique"): participants.dynamique("classe"),
    **{(_P, champ): formula for champ, formula in participants.AUX_POINTS.items()},
    (_P, "statut"): participants.statut,
    (_P, "assiduite"): participants.assiduite,
    (_P, "evolution"): participants.evolution,
    (_P, "identite"): participants.identite,
    (_P, "personne"): participants.personne,
    (_P, "parcours"): participants.place,
    (_P, "ordre"): participants.ordre,
    (_P, "suivie"): participants.suivie,
    ("immersions", "jours"): _jours,
    ("heures", "repere"): _repere,
    ("comites", "trimestre"): _trimestre,
    ("depenses", "admissible"): argent.admissible("depenses"),
    ("depenses", "motif"): argent.motif("depenses"),
    ("salaires", "impute"): argent.impute,
    ("salaires", "admissible"): argent.admissible("salaires"),
    ("salaires", "motif"): argent.motif("salaires"),
}
