"""One dossier → the lines it adds to each table. Figures come from the domain, none is made here.

What is the same for all the lines of a file (operation, porteur…) is added when the tables are written: see
`schema.COMMUNES`.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import cast

from aap_xl.anomalies import Gravite
from aap_xl.appels.model import POINTS
from aap_xl.appels.models import modeles
from aap_xl.consolidation import own_columns, personnes, pseudonymes, versions
from aap_xl.consolidation.cells import Colonnes, centimes, entier, jour, libelles, mois
from aap_xl.domain import budget, sorties
from aap_xl.domain.bilan.finances import postes
from aap_xl.domain.bilan.indicateurs import indicateurs
from aap_xl.domain.calendrier import echeance_bilan
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.eligibilite import LigneSource, engagees, montant, prestation
from aap_xl.domain.solde import solde
from aap_xl.domain.sorties import Taux
from aap_xl.domain.syntheses import calculer
from aap_xl.dossier import Dossier
from aap_xl.texte import normaliser
from aap_xl.workbook import layout

_postes = once(postes)

_CODE = re.compile(r"[A-Za-z]{0,3}[ ._-]?[0-9]{1,4}[A-Za-z]?")
"""A budget line's code that names nobody."""


def lots(dossier: Dossier, cle: pseudonymes.Cle | None, regles: Mapping[str, str]) -> dict[str, Colonnes]:
    """The lines of one dossier, by table; a table without a line is absent.

    Args: cle: of the pseudonyms; regles: code → what the rule says in general.
    """
    d = dossier.donnees
    names = pseudonymes.pseudonymes(d, cle)
    makers: dict[str, Callable[[], Colonnes]] = {
        "operations": lambda: _operation(dossier),
        "personnes": lambda: personnes.personnes(d, names),
        "parcours": lambda: personnes.parcours(d, names),
        "sorties": lambda: personnes.par_classe(d),
        "budget": lambda: _budget(d),
        "depenses": lambda: _depenses(d),
        "heures": lambda: personnes.heures(d, names),
        "indicateurs": lambda: _indicateurs(d),
        "colonnes": lambda: own_columns.lignes(d, names),
        "anomalies": lambda: _anomalies(dossier, regles),
    }
    made = {table: make() for table, make in makers.items()}
    return {table: columns for table, columns in made.items() if any(columns.values())}


def severites(dossier: Dossier) -> tuple[int, int, int]:
    """How many anomalies are blocking, to verify, and information."""
    counts = Counter(item.gravite for item in dossier.anomalies)
    return counts[Gravite.BLOQUANTE], counts[Gravite.A_VERIFIER], counts[Gravite.INFORMATION]


def _operation(dossier: Dossier) -> Colonnes:
    d, o = dossier.donnees, dossier.donnees.operation
    due, filed = echeance_bilan(o, d.appel), o.date_bilan
    late = None if due is None or "date_bilan" in o.illisibles else max(0, ((filed or d.aujourdhui) - due).days)
    severities = severites(dossier)
    values = {
        "convention": personnes.convention(d) or None,
        "siret": versions.siret(o.siret) or None,
        "date_debut": jour(o.date_debut),
        "date_fin": jour(o.date_fin),
        "a_jour_au": jour(o.a_jour_au),
        "echeance_bilan": jour(due),
        "date_bilan": jour(filed),
        "jours_de_retard": late,
        "provisoire": dossier.provisoire,
        "bloquantes": severities[0],
        "a_verifier": severities[1],
        "informations": severities[2],
        **_personnes(d),
        **_argent(d),
    }
    return {name: [value] for name, value in values.items()}


def _personnes(d: Donnees) -> dict[str, int | None]:
    followed = "participants" in d.appel.classeur.tables
    exits = followed and d.appel.sorties is not None
    counted = {volet.nom: sorties.taux_dynamique(d, volet) for volet in (d.appel.volets if exits else ())}
    found: dict[str, int | None] = {}
    for nom in ("sortie", *POINTS):
        rate = counted.get(nom)
        found[f"{nom}s"] = rate.denominateur if rate else None
        found["dynamiques" if nom == "sortie" else f"dynamiques_{nom}"] = rate.numerateur if rate else None
    return {
        "prevues": entier(d.operation.personnes_prevues),
        "entrees": _compte("bord.entrees", d) if followed else None,
        "parcours": _compte("bord.parcours", d) if followed else None,
        "brsa": _compte("bord.brsa", d) if followed else None,
        **found,
    }


def _compte(cle: str, d: Donnees) -> int:
    """A number of people of the dashboard."""
    return cast("int", calculer(cle, d))


def _argent(d: Donnees) -> dict[str, int | None]:
    total = _postes(d).total
    assert total is not None  # noqa: S101 - the table of categories always has its total
    s = solde(d)
    amounts = {
        "prevu": total[1],
        "realise": total[2],
        "retenu": total[3],
        "demandee": d.operation.subvention_demandee,
        "votee": s.votee,
        "ajustement": s.ajustement,
        "du": s.du,
        "avance": s.avance,
        "solde": s.solde,
        "a_reverser": s.a_reverser,
    }
    return {name: centimes(value) for name, value in amounts.items()}


def _budget(d: Donnees) -> Colonnes:
    rows = _postes(d).lignes
    names = ("prevu", "realise", "retenu")
    amounts = {nom: [centimes(row[rank]) for row in rows] for rank, nom in enumerate(names, 1)}
    return {"poste": [row[0] for row in rows], **amounts}


def _depenses(d: Donnees) -> Colonnes:
    """Every expense of both sheets as the bilan counts it: the amount of one told in both counts once."""
    appel, found = d.appel, engagees(d)
    labels = {item.code: item.libelle for item in appel.budget.postes}
    rows, kept = zip(*found, strict=True) if found else ((), ())
    days = [prestation(x, appel.budget.eligibilite) for x in rows]
    return {
        "feuille": [x.feuille for x in rows],
        "ligne": [x.ligne for x in rows],
        "ligne_budget": [None if item.ligne is None else _code(item.ligne) for item in kept],
        "poste": [None if item.ligne is None else labels.get(budget.poste(item.ligne, appel)) for item in kept],
        "fonction": libelles(appel, "roles", [getattr(item.ligne, "role", None) for item in kept]),
        "mois": [mois(first_last[0]) if first_last else None for first_last in days],
        "montant": [centimes(montant(x)) if item.comptee else None for x, item in found],
        "admissible": [centimes(item.admissible) for item in kept],
        "motif": [item.motif or None for item in kept],
        "decision": libelles(appel, "decisions", [x.decision for x in rows]),
    }


def _code(ligne: LigneSource) -> str:
    """The code of a planned line, or its place where the code might be someone's name."""
    code = ligne.code or ""
    return code if _CODE.fullmatch(code) else f"{ligne.feuille}, ligne {ligne.ligne}"


def _indicateurs(d: Donnees) -> Colonnes:
    rows = indicateurs(d).lignes
    rates = [row[2] if isinstance(row[2], Taux) else None for row in rows]
    return {
        "indicateur": [row[0] for row in rows],
        "nombre": [centimes(row[1]) for row in rows],
        "numerateur": [rate.numerateur if rate else None for rate in rates],
        "denominateur": [rate.denominateur if rate else None for rate in rates],
    }


def _anomalies(dossier: Dossier, regles: Mapping[str, str]) -> Colonnes:
    found, appel = dossier.anomalies, dossier.appel
    sheets = {normaliser(nom): nom for nom in layout.feuilles(appel)}
    ours = [sheets.get(normaliser(item.cell.feuille)) for item in found]
    headers = {(row.feuille, champ.entete) for row in modeles(appel).values() for champ in row.champs.values()}
    return {
        "code": [item.code for item in found],
        "gravite": [str(item.gravite) for item in found],
        "feuille": ours,
        "cellule": [item.cell.adresse or None for item in found],
        "rubrique": [
            item.cell.entete if (feuille, item.cell.entete) in headers else None
            for item, feuille in zip(found, ours, strict=True)
        ],
        "regle": [appel.dit(regles.get(item.code, "")) for item in found],
        "article": [item.article for item in found],
    }
