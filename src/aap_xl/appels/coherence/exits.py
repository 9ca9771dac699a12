"""The decision table of exits: lines that nobody reaches, cases that it leaves out, codes of nothing."""

from collections.abc import Iterator
from decimal import Decimal

from aap_xl.appels.coherence.contents import unknown
from aap_xl.appels.model import Contrat, Ligne, Situation, Sorties


def decision_table(sorties: Sorties) -> Iterator[str]:
    """What is wrong about exits, as « clé : ce qui ne va pas »."""
    situations = {s.code: s for s in sorties.situations}
    classes = [c.code for c in sorties.classes]
    for index, ligne in enumerate(sorties.classement):
        key = f"sorties.classement.{index}"
        yield from unknown(f"{key}.si.situation", ligne.si.situation, situations)
        yield from unknown(f"{key}.classe", (ligne.classe,), classes)
        yield from _months(key, ligne, situations)
    for code, pieces in sorties.pieces_par_situation.items():
        yield from unknown("sorties.pieces_par_situation", (code,), situations)
        yield from unknown(f"sorties.pieces_par_situation.{code}", pieces, [p.code for p in sorties.pieces])
    cited = [r.classe for r in sorties.references if r.classe]
    cited += [sorties.classe_retrait] if sorties.classe_retrait else []
    yield from unknown("sorties.classe_retrait, sorties.references.classe", cited, classes)
    if not sorties.classes_dynamiques:
        yield "sorties.classes : aucune n'est dynamique (dynamique = true) : aucune sortie ne compterait."
    if sorties.classe_retrait in sorties.classes_dynamiques:
        yield f"sorties.classe_retrait : « {sorties.classe_retrait} » est une classe dynamique."
    if sorties.retraits_hors_denominateur and not sorties.classe_retrait:
        yield "sorties.retraits_hors_denominateur : dites quelle classe est celle des retraits (classe_retrait)."
    yield from _reach(sorties)


def _months(key: str, ligne: Ligne, situations: dict[str, Situation]) -> Iterator[str]:
    si = ligne.si
    if si.mois_min is None and si.mois_max is None:
        return
    if si.mois_min is not None and si.mois_max is not None and si.mois_min >= si.mois_max:
        yield f"{key}.si.mois_max : doit dépasser mois_min."
    for code in si.situation:
        if code in situations and situations[code].contrat not in (Contrat.DUREE, Contrat.TERME_POSSIBLE):
            yield f"{key}.si : la durée de « {code} » n'est pas connue (contrat : « duree » ou « terme_possible »)."


def _reach(sorties: Sorties) -> Iterator[str]:
    """Try each situation at each critical duration: a line nobody reaches, or a case without a line."""
    reached: set[int] = set()
    uncovered: set[str] = set()
    limits = {m for ligne in sorties.classement for m in (ligne.si.mois_min, ligne.si.mois_max) if m is not None}
    durations = sorted({Decimal(0), *(Decimal(m) + d for m in limits for d in (Decimal(-1), Decimal(0), Decimal(1)))})
    for situation in sorties.situations:
        for mois in durations:
            index = next((i for i, li in enumerate(sorties.classement) if _matches(li, situation.code, mois)), None)
            if index is None:
                uncovered.add(situation.code)
            else:
                reached.add(index)
    for index in sorted(set(range(len(sorties.classement))) - reached):
        yield f"sorties.classement.{index} : cette ligne n'est jamais atteinte (une ligne précédente l'emporte)."
    for code in sorted(uncovered):
        yield f"sorties.situations.{code} : la table de décision ne prévoit pas toutes les durées de cette situation."


def _matches(ligne: Ligne, situation: str, mois: Decimal) -> bool:
    si = ligne.si
    above = si.mois_min is None or mois >= si.mois_min
    return situation in si.situation and above and (si.mois_max is None or mois < si.mois_max)
