"""Exits: lines of the decision table that nobody reaches, cases that it leaves out, codes of nothing, double words."""

from collections.abc import Iterator
from decimal import Decimal

from aap_xl.appels.coherence.contents import unknown
from aap_xl.appels.model import Contrat, Ligne, Situation, Sorties
from aap_xl.texte import normaliser


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
    yield from _wordings(sorties)


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
    durations = sorted({Decimal(0), *(seuil.mois + Decimal(d) for seuil in sorties.seuils for d in (-1, 0, 1))})
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
    return situation in ligne.si.situation and ligne.si.retient(
        lambda seuil: mois > seuil.mois if seuil.strict else mois >= seuil.mois
    )


def _wordings(sorties: Sorties) -> Iterator[str]:
    """Each wording means one thing."""
    for index, ligne in enumerate(sorties.classement):
        if ligne.libelle and len(ligne.si.situation) != 1:
            yield f"sorties.classement.{index}.libelle : ce libellé doit être celui d'une seule situation."
    for mot in sorties.mots:
        if bool(mot.situation) == bool(mot.refus):
            yield f"sorties.mots.{mot.code} : donnez une situation, ou bien un refus."
        if mot.refus and not (mot.choisir or mot.remede):
            yield f"sorties.mots.{mot.code} : dites ce qu'il faut choisir, ou faire."
    said: dict[str, str] = {}
    for item in sorties.situations:
        for text in (item.libelle, item.code, *item.alias):
            said.setdefault(normaliser(text), item.code)
    for terme in sorties.termes:
        if not normaliser(terme.mot):
            yield f"sorties.mots : « {terme.mot} » n'a ni lettre ni chiffre."
        elif said.setdefault(normaliser(terme.mot), terme.situation or terme.refus) != (terme.situation or terme.refus):
            yield f"sorties.mots : « {terme.mot} » est dit de deux choses."
