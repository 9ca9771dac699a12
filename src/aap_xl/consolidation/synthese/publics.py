"""Who entered: counts by call and by what is known of people."""

from collections.abc import Callable, Sequence
from pathlib import Path

from aap_xl.consolidation.aggregates import NOMBRE, SANS, nom_appel, somme_par
from aap_xl.consolidation.masking import MARQUE, masquer_rares
from aap_xl.consolidation.synthese.effectifs import Effectifs, Nombre
from aap_xl.records import record


@record
class Categorie:
    """How many persons of a call have something in common."""

    appel: str
    dimension: str
    categorie: str
    effectif: Nombre
    total: Nombre


_DIMENSIONS = {
    "tranche_age": "Âge à l'entrée",
    "sexe": "Sexe",
    "mds": "{Mds} de la personne",
    "hebergement": "Situation de logement",
    "logement_dabord": "Logement d'abord",
    "orienteur": "Orienteur",
}
BRSA = "Bénéficiaires du RSA"


def publics(
    tables: Path, effectifs: Effectifs, ordres: dict[tuple[str, str], list[str]], dit: Callable[[str], str]
) -> list[Categorie]:
    """The people who entered, by call and by what is known of them.

    Args: ordres: (call, column) → its categories in the call's order, where it is known; dit: how the calls say a text.
    """
    found: list[Categorie] = []
    counts = {nom: _comptes(tables, nom) for nom in _DIMENSIONS}
    for call in dict.fromkeys(path[0] for path in effectifs.unites.chemins):
        found += _brsa(effectifs, call)
        for column, title in _DIMENSIONS.items():
            known = counts[column].get(call, {})
            if any(category != SANS for category in known):
                found += _dimension(effectifs, call, dit(title), _ranger(known, ordres.get((call, column), [])))
    return found


def _comptes(tables: Path, colonne: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in somme_par(tables, "personnes", ["appel", "millesime", colonne], presente="mois_entree"):
        value = row[colonne]
        name: str = {True: "Oui", False: "Non", None: SANS}.get(value) or value
        found.setdefault(nom_appel(row["appel"], row["millesime"]), {})[name] = row[NOMBRE]
    return found


def _ranger(known: dict[str, int], ordre: Sequence[str]) -> dict[str, int]:
    """The call's own order, then the alphabet, what was left blank last; a category of the call without anyone is 0."""
    names = [*ordre, *sorted(known.keys() - set(ordre) - {SANS})]
    names += [SANS] if SANS in known else []
    return {nom: known.get(nom, 0) for nom in names}


def _brsa(effectifs: Effectifs, call: str) -> list[Categorie]:
    group = effectifs.rang(call)
    total, brsa = effectifs.mesures["entrees"][group], effectifs.mesures["brsa"][group]
    rest = total - brsa if isinstance(total, int) and isinstance(brsa, int) else MARQUE
    pairs: list[tuple[str, Nombre]] = [("Bénéficiaires", brsa), ("Autres ou non renseigné", rest)]
    return [Categorie(call, BRSA, name, count, total) for name, count in pairs]


def _dimension(effectifs: Effectifs, call: str, title: str, counts: dict[str, int]) -> list[Categorie]:
    public = bool(effectifs.mesures["entrees"].montree[effectifs.rang(call)])
    total = sum(counts.values())
    shown = masquer_rares(list(counts.values()), effectifs.seuil)
    hidden = not public or 0 < total < effectifs.seuil
    return [
        Categorie(call, title, nom, count if is_shown and not hidden else MARQUE, MARQUE if hidden else total)
        for (nom, count), is_shown in zip(counts.items(), shown, strict=True)
    ]
