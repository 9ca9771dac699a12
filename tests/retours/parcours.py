"""The people of an invented operation: who they are, what they do, how they leave."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from aap_xl.appels.model import Appel
from retours import noms
from retours.cadre import JOUR, LE, SEMAINE, Faits, capacite, mois_apres
from retours.saisies import Ligne

_PAR_ACTION = 12
_RESULTATS = ("atteint", "partiel", "non_atteint")
_STABLE = (*("code", "prenom", "sexe", "mds", "orienteur", "brsa", "hebergement", "logement_dabord", "date_naissance"),)


def _identite(appel: Appel, rng: Random, code: str) -> Ligne:
    return {
        "code": code,
        "nom": noms.nom(rng),
        "prenom": noms.prenom(rng),
        "sexe": rng.choice(("f", "h", "f", "h", "autre")),
        "mds": rng.choice(appel.mds).code,
        "orienteur": rng.choice(appel.elements["orienteurs"]).code,
    }


def territoires(f: Faits) -> list[str]:
    """The territories that the form declares."""
    known = {item.libelle: item.code for item in f.appel.mds}
    others = [known[mot.strip()] for mot in str(f.operation.get("autres_mds") or "").split(";") if mot.strip()]
    return [f.operation["mds"], *others]


def _code(rng: Random, lettre: str, rang: int) -> str:
    """A participant's code; some operators make it of the name."""
    return f"{noms.MARQUE.upper()}{rang}" if rng.random() < 0.05 else f"{lettre}{rang + 1:03}"


def ne(rng: Random, entree: dt.date, annees: int) -> dt.date:
    """A birth date that gives that age at the entry, no birthday near it, nor a first of January."""
    jour = mois_apres(entree, -12 * annees - 6) + rng.randrange(-90, 90) * JOUR
    return jour + JOUR * ((jour.day, jour.month) == (1, 1))


_CONTRATS = ("cdi", "cdd", "cdd", "mission", "cdd_aide")
_PIECES = {"creation": "kbis", "fonction_publique": "arrete", "formation": "attestation_formation"}
_SITUATIONS = (
    *_CONTRATS,
    "creation",
    "fonction_publique",
    "siae",
    "formation",
    "formation",
    "autre_positive",
    "sans_solution",
    "sans_solution",
    "abandon",
    "exclusion",
    "inconnue",
    "retrait",
)
_EMPLOIS = {*_CONTRATS, "creation", "fonction_publique", "siae"}


def situation(rng: Random, code: str, debut: dt.date) -> Ligne:
    """A situation with its contract and evidence; some contracts one day short of six months, some not."""
    row: Ligne = {"situation": code}
    if code == "autre_positive":
        return row | {
            "precision": noms.texte(rng, "raison"),
            "valide_par": noms.texte(rng, "valideur"),
            "piece": "autre",
        }
    if code in _PIECES:
        row["piece"] = _PIECES[code]
    elif code in _EMPLOIS:
        row["piece"] = rng.choice(("contrat", "attestation_employeur"))
    if code in _EMPLOIS:
        row["metier_vise"] = rng.choice((True, False))
    if code in _CONTRATS:
        row["debut_contrat"] = debut
    if code in ("cdd", "mission", "cdd_aide"):
        months = rng.choice((1, 3, 6, 6, 9))
        shift = rng.choice((-1, -2, 0))
        if rng.random() < 0.2:
            row["mois_contrat"] = Decimal(months)
        else:
            row["fin_contrat"] = mois_apres(debut, months) + shift * JOUR
    if rng.random() < 0.3:
        row["precision"] = noms.texte(rng, "sortie")
    return row


def _sortie(rng: Random, sortie: dt.date, *, suivi_mois: int | None) -> Ligne:
    row = {"date_sortie": sortie} | situation(rng, rng.choice(_SITUATIONS), sortie + rng.randrange(1, 20) * JOUR)
    if suivi_mois is None or (mois_apres(sortie, suivi_mois) > LE and rng.random() < 0.95):
        return row
    return row | suivi(rng, sortie, mois_apres(sortie, suivi_mois))


_DERNIER_MOIS = 8
"""Months after the exit until which a point is made."""


def suivi(rng: Random, sortie: dt.date, echeance: dt.date) -> Ligne:
    """The point made after an exit; before it falls due, only a person who can't be reached is noted."""
    if echeance > LE or rng.random() < 0.25:
        return {"contact_suivi": "injoignable", "date_suivi": sortie + rng.randrange((LE - sortie).days) * JOUR}
    last = min(LE, mois_apres(sortie, _DERNIER_MOIS))
    le = echeance + rng.randrange((last - echeance).days + 1) * JOUR
    found = situation(rng, rng.choice(_SITUATIONS), le - rng.randrange(20) * JOUR)
    valideur = {"valide_par": found.pop("valide_par")} if "valide_par" in found else {}
    return {"contact_suivi": "fait", "date_suivi": le} | {f"{nom}_suivi": v for nom, v in found.items()} | valideur


def preparatoires(rng: Random, f: Faits, taille: int) -> dict[str, list[Ligne]]:
    """3.3: actions of a dozen people, four weeks each; the last one is still running while the operation is."""
    number = -(-taille // _PAR_ACTION)
    last = (LE if not f.terminee else f.fin) - 30 * JOUR
    span = (last - f.debut).days // 7
    starts = [f.debut + (span * n // number) * SEMAINE for n in range(number)]
    if not f.terminee:
        starts[-1] = dt.date(2025, 12, 1)
    actions, people, immersions = [], [], []
    hosts = [noms.texte(rng, "hôte") for _ in range(8)]
    for rang, start in enumerate(starts, 1):
        actions.append(
            {
                "code": f"A{rang}",
                "intitule": noms.texte(rng, "action"),
                "metier": noms.texte(rng, "métier"),
                "mds": f.operation["mds"],
                "date_debut": start,
                "date_fin": start + 25 * JOUR,
                "places": _PAR_ACTION,
            }
        )
        here = [n for n in range(taille) if n % number == rang - 1]
        for place, n in enumerate(here):
            row = _identite(f.appel, rng, _code(rng, "K", n)) | {"action": f"A{rang}", "date_entree": start}
            row["mds"] = rng.choice(territoires(f))
            row |= {"selection_slai": True, "objectif": noms.texte(rng, "objectif"), "demi_journees_prevues": 28}
            row["brsa"] = (place % 5 < 3 and (place != 3)) or place == 0
            row["date_naissance"] = ne(rng, start, rng.randrange(27, 60) if row["brsa"] else rng.randrange(18, 25))
            moments = [("avant", start - 14 * JOUR)]
            if start + 25 * JOUR <= LE:
                sortie = start + rng.choice((25, 25, 18)) * JOUR
                row |= {"date_point": start + 11 * JOUR} | _sortie(rng, sortie, suivi_mois=6)
                row |= {"constat_point": noms.texte(rng, "constat"), "resultat": rng.choice(_RESULTATS)}
                row["demi_journees_emargees"] = rng.randrange(1, 29)
                moments.append(("pendant", start + 7 * JOUR))
            people.append(row)
            immersions += [
                {
                    "participant": row["code"],
                    "moment": moment,
                    "hote": rng.choice(hosts),
                    "date_debut": jour,
                    "date_fin": jour + 4 * JOUR,
                }
                for moment, jour in moments
            ]
    people += _revenus(rng, f, people, actions)
    return {"actions": actions, "participants": people, "immersions": immersions}


def _revenus(rng: Random, f: Faits, people: list[Ligne], actions: list[Ligne]) -> list[Ligne]:
    """In some operations, people who were out enter a later action, under the same code, written otherwise."""
    found: list[Ligne] = []
    for action in actions[2:] if rng.random() < 0.4 else ():
        out = [p for p in people if p["brsa"] and p.get("date_sortie", LE) < action["date_debut"] - JOUR]
        out = [p for p in out if p["code"] not in f.revenus and p["date_naissance"].year < 1993]
        for p in rng.sample(out, min(2, len(out))):
            debut, fin = action["date_debut"], action["date_fin"]
            back = {nom: p[nom] for nom in ("code", "prenom", "sexe", "mds", "orienteur", "brsa", "date_naissance")}
            back |= {"nom": rng.choice((p["nom"], p["nom"].upper())), "action": action["code"], "date_entree": debut}
            back |= {"selection_slai": True, "objectif": noms.texte(rng, "objectif"), "demi_journees_prevues": 28}
            if fin <= LE:
                back |= {"date_point": debut + 11 * JOUR} | _sortie(rng, fin, suivi_mois=6)
                back |= {"constat_point": noms.texte(rng, "constat"), "resultat": rng.choice(_RESULTATS)}
                back["demi_journees_emargees"] = rng.randrange(1, 29)
            found.append(back)
            f.revenus.add(p["code"])
    return found


def heures_de_vie(rng: Random, f: Faits, taille: int) -> dict[str, list[Ligne]]:
    """3.7: people who come for some months, week after week."""
    people: list[Ligne] = []
    immersions: list[Ligne] = []
    weeks: list[Ligne] = []
    if taille > capacite(f.appel, f.debut, f.fin):
        f.inevitables.append(("O12", "participants", None, ""))
    last = min(f.fin, LE)
    for n in range(taille):
        entree = f.debut + rng.randrange((last - f.debut).days - 60) * JOUR
        row = _identite(f.appel, rng, _code(rng, "Q", n)) | {
            "date_entree": entree,
            "logement_dabord": rng.choice((True, False)),
        }
        jeune = rng.random() < 0.3
        row["hebergement"] = "parcours_complexe" if jeune else rng.choice(("rue", "centre_hebergement"))
        row["brsa"] = not jeune and rng.random() < 0.6
        row["date_naissance"] = ne(rng, entree, rng.randrange(18, 23) if jeune else rng.randrange(27, 60))
        sortie = entree + rng.randrange(30, 150) * JOUR
        if f.terminee or sortie <= LE:
            sortie = min(sortie, last)
            row |= {"date_point": entree + 15 * JOUR} | _sortie(rng, sortie, suivi_mois=None)
        people.append(row | _evolution(rng, f.appel, row))
        if n % 3 == 0:
            debut = entree + 5 * JOUR
            immersions.append(
                {
                    "participant": row["code"],
                    "hote": noms.texte(rng, "hôte"),
                    "date_debut": debut,
                    "date_fin": debut + 9 * JOUR,
                }
            )
        if row.get("date_sortie", last) < last - 20 * JOUR and rng.random() < 0.2:
            debut = row["date_sortie"] + rng.randrange(1, 15) * JOUR
            nom = rng.choice((row["nom"], row["nom"].upper()))
            back = {c: row[c] for c in _STABLE if c in row} | {"nom": nom, "date_entree": debut}
            if f.terminee:
                back |= {"date_point": debut} | _sortie(rng, last, suivi_mois=None)
            people.append(back | _evolution(rng, f.appel, back))
            f.revenus.add(row["code"])
        monday = entree - entree.weekday() * JOUR
        end = min(row.get("date_sortie", last), last)
        for worked in sorted(Decimal(rng.randrange(16, 81)) / 4 for _ in range(12)):
            if monday <= end:
                weeks.append(_semaine(rng, row["code"], monday, worked))
            monday += SEMAINE
    return {"participants": people, "immersions": immersions, "heures": weeks}


def _semaine(rng: Random, code: str, lundi: dt.date, travail: Decimal) -> Ligne:
    return {
        "participant": code,
        "semaine": lundi,
        "travail": travail,
        "accompagnement": Decimal(rng.randrange(0, 12)) / 4,
        "encadrement": min(travail, Decimal(rng.randrange(4, 40)) / 4),
        "accompagnement_equipe": rng.choice((None, Decimal(rng.randrange(12, 24)) / 4)),
        "encadrement_equipe": rng.choice((None, Decimal(rng.randrange(40, 60)) / 4)),
    }


def _evolution(rng: Random, appel: Appel, p: Ligne) -> Ligne:
    """Phase, obstacles, employability and housing: at the entry, and at the exit of those who left."""
    levels = [item.code for item in appel.elements["employabilites"]]
    before = {
        "freins_entree": rng.choice(("Mobilité ; Logement", "Santé", "Aucun")),
        "employabilite_entree": rng.choice(levels),
        "phase": rng.choice(appel.elements["phases"]).code,
        "date_phase": p["date_entree"],
    }
    if "date_sortie" not in p:
        return before
    return before | {
        "freins_sortie": rng.choice(("Mobilité", "Aucun")),
        "employabilite_sortie": rng.choice(levels),
        "hebergement_sortie": rng.choice(appel.elements["hebergements"]).code,
    }


def nouvelle_personne(f: Faits, rng: Random, modele: Ligne, **change: Any) -> Ligne:
    """A person like another one, under another name, added last."""
    row = modele | {"nom": noms.nom(rng) + "x", "prenom": noms.prenom(rng)} | change
    f.tables["participants"].append(row)
    return row
