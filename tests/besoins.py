"""What a rule can't do without, found from the cases: ``python tests/besoins.py`` prints it for one to read.

A column, or a part of the call, without which none of a rule's failing cases is said any more. It is only a proposal: a
rule that looks at many columns alike (amounts, dates) needs none of them, though its few cases use few.
"""

from collections.abc import Iterator
from typing import Any, cast

import cas as cases
from cas import Cas
from modeles import variante

from aap_xl.anomalies import RULES
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.controle import controler

PARTIES = (
    "public", "public.majorite_brsa", "sorties", "heures", "immersions", "comites", "comites.intervalle_mois",
    "operation.suivi_mois", "operation.personnes_par_an", "operation.action_semaines_max", "operation.liens_requis",
    "budget.plafond_subvention", "budget.ressource_aides_emploi", "rubriques", "operation.agrement_aci",
    "operation.avis_convergence", "operation.besoin_recrutement", "operation.validation_employeurs",
    "operation.meme_territoire_formation", "comites.slai", "comites.tableau_de_bord",
)  # fmt: skip
"""What a call may not have, and rules look at."""


def sans(appel: Appel, besoin: str) -> Appel:
    """The call without a column (``participants.brsa``), a line of its form or one of its parts (``appel.heures``)."""
    table, _, nom = besoin.partition(".")
    if table == "appel":
        return cast("Appel", _without_part(appel, nom))
    classeur = appel.classeur
    if table == "operation":
        return variante(appel, classeur=variante(classeur, operation=_but(classeur.operation, nom)))
    feuille = classeur.tables[table]
    tables = {**classeur.tables, table: variante(feuille, colonnes=_but(feuille.colonnes, nom))}
    return variante(appel, classeur=variante(classeur, tables=tables))


def _but(colonnes: tuple[str, ...], nom: str) -> tuple[str, ...]:
    return tuple(other for other in colonnes if other != nom)


def _without_part(partie: Any, nom: str) -> Any:
    first, _, rest = nom.partition(".")
    value = getattr(partie, first)
    if rest:
        return variante(partie, **{first: _without_part(value, rest)}) if value is not None else partie
    return variante(partie, **{first: False if isinstance(value, bool) else getattr(type(partie), first, None)})


def muette(cas: Cas, appel: Appel, besoin: str) -> bool:
    """Whether a rule's failing case is silent once the call lacks something."""
    code = cas.regle
    less = sans(variante(appel, regles={code: appel.regles[code]}), besoin)
    found = cases.donnees(less, cas)
    table, _, nom = besoin.partition(".")
    rows: list[Any] = [found.operation] if table == "operation" else list(found.tables.get(table, ()))
    for row in rows:
        row.__dict__[nom] = None
    return not any(a.code == code for a in controler(found))


def echecs(code: str, catalogue: Catalogue) -> list[tuple[Cas, Appel]]:
    """A rule's failing cases, each with its call; not those where it words what reading noticed."""
    own = [cas for cas in cases.tous() if cas.regle == code and cas.attendu and not cas.faits]
    return [(cas, catalogue.get(cas.appel, 2025)) for cas in own]


def possibles(appel: Appel) -> Iterator[str]:
    """Everything that a call could lack: its columns, the lines of its form, its optional parts."""
    yield from (f"operation.{nom}" for nom in appel.classeur.operation)
    for table, feuille in appel.classeur.tables.items():
        yield from (f"{table}.{nom}" for nom in feuille.colonnes)
    yield from (f"appel.{nom}" for nom in PARTIES)


def besoins(code: str, catalogue: Catalogue) -> list[str]:
    """Without which a rule says none of its failing cases."""
    failing = echecs(code, catalogue)
    if not failing or code[0] in "FR":
        return []
    wanted = list(possibles(failing[0][1]))
    for cas, appel in failing:
        known = set(possibles(appel))
        wanted = [besoin for besoin in wanted if besoin in known and muette(cas, appel, besoin)]
    return wanted


if __name__ == "__main__":
    shipped = Catalogue(codes=RULES)
    for rule in RULES:
        print(f"{rule} = {besoins(rule, shipped)}".replace("'", '"'))
