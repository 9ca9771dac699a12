"""What an invented operator typed, with nothing to correct on the day it is checked."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from aap_xl.appels.model import Appel
from retours import noms
from retours.moule import Ligne, Retouches

LE = dt.date(2025, 12, 15)
"""The day every return is checked on."""
_JOUR = dt.timedelta(days=1)
_SEMAINE = dt.timedelta(days=7)
_PAR_ACTION = 12


@dataclass
class Faits:
    """One operation, as typed (codes for choices).

    Attributes: inevitables: anomalies that a clean return of this size has all the same, as (code, table, row, field).
    """

    appel: Appel
    operation: Ligne
    tables: dict[str, list[Ligne]]
    retouches: Retouches = field(default_factory=Retouches)
    inevitables: list[tuple[str, str, Ligne | None, str]] = field(default_factory=list)

    @property
    def debut(self) -> dt.date:
        jour: dt.date = self.operation["date_debut"]
        return jour

    @property
    def fin(self) -> dt.date:
        jour: dt.date = self.operation["date_fin"]
        return jour

    @property
    def terminee(self) -> bool:
        return self.fin < LE


def mois_apres(jour: dt.date, mois: int) -> dt.date:
    """The same day some months later, the month's last one if it is shorter: our own count, not the package's."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    suivant = dt.date(annee + (rang == 11), (rang + 1) % 12 + 1, 1)
    return min(dt.date(annee, rang + 1, 1) + (jour.day - 1) * _JOUR, suivant - _JOUR)


def faits(appel: Appel, rng: Random, numero: int, taille: int) -> Faits:
    """One clean dossier.

    Args: numero: makes the SIRET; taille: number of participants.
    """
    terminee = rng.random() < 0.4
    debut = dt.date(2025, 2, 3) + rng.randrange(0, 5 if terminee else 10) * _SEMAINE
    fin = mois_apres(debut, rng.choice((7, 8)) if terminee else 12) - _JOUR
    f = Faits(appel, _operation(appel, rng, numero, debut=debut, fin=fin, taille=taille), {})
    budget = _budget(appel, rng, f)
    people = _preparatoires(rng, f, taille) if "actions" in appel.classeur.tables else _heures_de_vie(rng, f, taille)
    others = {
        "comites": _comites(rng, f),
        "partenaires": _partenaires(rng, f),
        "redactions": [{"rubrique": r.libelle, "texte": noms.texte(rng, "rédaction")} for r in appel.rubriques],
    }
    found = budget | people | others
    f.tables = {
        nom: [{c: v for c, v in row.items() if c in feuille.colonnes and v is not None} for row in found[nom]]
        for nom, feuille in appel.classeur.tables.items()
    }
    return f


def _operation(appel: Appel, rng: Random, numero: int, *, debut: dt.date, fin: dt.date, taille: int) -> Ligne:
    terminee = fin < LE
    mds = rng.choice(appel.mds).code
    capacite = _capacite(appel, debut, fin)
    form: Ligne = {
        "porteur": noms.structure(rng, numero),
        "siret": noms.siret(numero),
        "forme": appel.operation.formes_eligibles[0],
        "agrement_aci": True,
        "structure_associee": noms.texte(rng, "associée"),
        "referent": f"{noms.prenom(rng)} {noms.nom(rng)} 06 39 98 {rng.randrange(10, 99)} {rng.randrange(10, 99)}",
        "courriel": f"{noms.nom(rng).lower()}.{numero}@quibrelune.example",
        "intitule": noms.texte(rng, "intitulé"),
        "convention": f"2025-{numero:05}",
        "mds": mds,
        "autres_mds": "; ".join(sorted(rng.sample([m.libelle for m in appel.mds], 2))),
        "date_depot": dt.date(2025, 1, 15) + rng.randrange(30) * _JOUR,
        "date_debut": debut,
        "date_fin": fin,
        "a_jour_au": rng.choice((None, LE - rng.randrange(1, 20) * _JOUR)),
        "personnes_prevues": min(taille, capacite),
        "objectif_dynamiques": taille // 2,
        "secteur": noms.texte(rng, "secteur"),
        "besoin_recrutement": noms.texte(rng, "besoin"),
        "validation_employeurs": True,
        "enveloppe_conjoncturelle": rng.choice((True, False)),
        "mds_formation": mds,
        "avis_convergence": "favorable",
        "date_avis_convergence": dt.date(2025, 1, 10),
        "base_heures": Decimal(1607),
        "subvention_votee": rng.choice((None, Decimal(rng.randrange(10_000, 45_000)) + Decimal("0.37"))),
        "avance": rng.choice((None, Decimal(0), Decimal(rng.randrange(5_000, 40_000)) + Decimal("0.5"))),
        "taux_intervention": rng.choice((None, Decimal("0.8"), Decimal("0.725"))),
        "fongibilite": rng.choice((None, Decimal("0.1"))),
        "date_bilan": fin + rng.randrange(1, 25) * _JOUR if terminee else None,
    }
    return {champ: form[champ] for champ in appel.classeur.operation if form.get(champ) is not None}


def _capacite(appel: Appel, debut: dt.date, fin: dt.date) -> int:
    par_an = appel.operation.personnes_par_an
    months = next(n for n in range(1, 14) if mois_apres(debut, n) > fin)
    return 10**6 if par_an is None else -(-par_an * months // 12)


def _cents(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randrange(low * 100, high * 100)) / 100


def _budget(appel: Appel, rng: Random, f: Faits) -> dict[str, list[Ligne]]:
    roles = [role.code for role in appel.budget.roles] or [noms.texte(rng, "fonction")]
    aides = rng.random() < 0.5
    personnel: list[Ligne] = [
        {
            "code": f"S{n}",
            "salarie": f"{noms.nom(rng)}-{n}",
            "role": rng.choice(roles),
            "debut": f.debut,
            "fin": f.fin,
            "brut": _cents(rng, 18_000, 34_000),
            "cotisations": _cents(rng, 5_000, 12_000),
            "taxes": rng.choice((None, _cents(rng, 100, 900))),
            "aides": _cents(rng, 100, 900) if aides and n == 1 else None,
            "quotite": rng.choice((Decimal("0.5"), Decimal("0.335"), Decimal("0.8"), Decimal("1"))),
        }
        for n in (1, 2)
    ]
    personnel.append(
        {
            "code": "S3",
            "salarie": f"{noms.nom(rng)}-3",
            "role": rng.choice(roles),
            "taux_horaire": _cents(rng, 20, 40),
            "heures": Decimal(rng.randrange(200, 800)) / 2,
        }
    )
    charges: list[Ligne] = [
        {
            "code": f"{lettre}{n}" if n < 3 or rng.random() < 0.5 else f"{lettre} {noms.MARQUE}",
            "poste": poste,
            "libelle": noms.texte(rng, "charge"),
            "outil_pedagogique": False,
            "prevu": _cents(rng, 3_000, 9_000),
        }
        for lettre, poste in (("F", "fonctionnement"), ("X", "prestations"))
        for n in (1, 2, 3)
    ]
    lignes = {row["code"]: cout(row) for row in personnel} | {row["code"]: row["prevu"] for row in charges}
    ressources = _ressources(appel, rng, f, _total(personnel, charges))
    return {
        "personnel": personnel,
        "charges": charges,
        "ressources": ressources,
        "depenses": _depenses(rng, f, lignes),
    }


def cout(row: Ligne) -> Decimal:
    """The cost of one member of staff, half-up to the cent; 0 if it can't be known."""
    zero = Decimal(0)
    if row.get("brut") is not None and row.get("quotite") is not None:
        salaire = (
            row["brut"] + (row.get("cotisations") or zero) + (row.get("taxes") or zero) - (row.get("aides") or zero)
        )
        return demi(salaire * row["quotite"])
    if row.get("taux_horaire") is not None and row.get("heures") is not None:
        return demi(row["taux_horaire"] * row["heures"])
    return zero


def demi(montant: Decimal) -> Decimal:
    """Half-up to the cent, away from zero: our own."""
    cents = montant.copy_abs() * 100
    entier = int(cents)
    entier += cents - entier >= Decimal("0.5")
    return (Decimal(entier) / 100).copy_sign(montant)


def _total(personnel: list[Ligne], charges: list[Ligne]) -> Decimal:
    staff = sum(map(cout, personnel))
    running = sum(row["prevu"] for row in charges if row["poste"] == "fonctionnement")
    other = sum(row["prevu"] for row in charges if row["poste"] != "fonctionnement")
    total: Decimal = staff + running + other + demi((staff + running) * Decimal("0.2"))
    return total


def _ressources(appel: Appel, rng: Random, f: Faits, total: Decimal) -> list[Ligne]:
    demandee = min(Decimal(rng.randrange(30_000, 48_000)) + Decimal("0.37"), total - 1000)
    f.operation["subvention_demandee"] = demandee
    prive = demi((total - demandee) * Decimal("0.3"))
    others = [("prive", prive), ("fonds_propres", total - demandee - prive)]
    return [{"type": "departement", "financeur": noms.texte(rng, "financeur"), "prevu": demandee}] + [
        {
            "type": code,
            "financeur": noms.texte(rng, "financeur"),
            "prevu": montant,
            "realise": demi(montant * rng.choice((1, Decimal("0.9")))) if f.terminee else None,
            "precision": rng.choice((None, noms.texte(rng, "ressource"))),
        }
        for code, montant in others
    ]


def _depenses(rng: Random, f: Faits, lignes: dict[str, Decimal]) -> list[Ligne]:
    last = min(f.fin, LE)
    rows: list[Ligne] = []
    count = rng.randrange(40, 120)
    suppliers = [noms.texte(rng, "fournisseur") for _ in range(8)]
    for n in range(1, count + 1):
        code = rng.choice(list(lignes))
        piece = f.debut + rng.randrange((last - f.debut).days - 20) * _JOUR
        decision = rng.choice((None,) * 18 + ("retenue", "refusee"))
        rows.append(
            {
                "document": f"FA-{n:04}",
                "date_piece": piece,
                "date_paiement": rng.choice((None, piece + rng.randrange(20) * _JOUR)),
                "ligne_budget": code,
                "fournisseur": rng.choice(suppliers),
                "objet": rng.choice((None, noms.texte(rng, "objet"))),
                "montant": Decimal(rng.randrange(1, 9)),
                "justificatif": True,
                "decision": decision,
                "motif_decision": noms.texte(rng, "motif") if decision == "refusee" else None,
            }
        )
    for code, prevu in lignes.items():  # a good part of the plan, with room for one more
        mine = [row for row in rows if row["ligne_budget"] == code]
        spent = sum((row["montant"] for row in mine), Decimal(0))
        for row in mine:
            row["montant"] = demi(row["montant"] * prevu * Decimal(rng.randrange(80, 93)) / 100 / spent)
    return rows


def _identite(appel: Appel, rng: Random, code: str) -> Ligne:
    return {
        "code": code,
        "nom": noms.nom(rng),
        "prenom": noms.prenom(rng),
        "sexe": rng.choice(("f", "h", "f", "h", "autre")),
        "mds": rng.choice(appel.mds).code,
        "orienteur": rng.choice(appel.elements["orienteurs"]).code,
    }


def _code(rng: Random, lettre: str, rang: int) -> str:
    """A participant's code; some operators make it of the name."""
    return f"{noms.MARQUE.upper()}{rang}" if rng.random() < 0.05 else f"{lettre}{rang + 1:03}"


def ne(rng: Random, entree: dt.date, annees: int) -> dt.date:
    """A birth date that gives that age at the entry, no birthday near it."""
    return mois_apres(entree, -12 * annees - 6) + rng.randrange(-90, 90) * _JOUR


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
            row["fin_contrat"] = mois_apres(debut, months) + shift * _JOUR
    if rng.random() < 0.3:
        row["precision"] = noms.texte(rng, "sortie")
    return row


def _sortie(rng: Random, sortie: dt.date, *, suivi_mois: int | None) -> Ligne:
    row = {"date_sortie": sortie} | situation(rng, rng.choice(_SITUATIONS), sortie + rng.randrange(1, 20) * _JOUR)
    if suivi_mois is None or (mois_apres(sortie, suivi_mois) > LE and rng.random() < 0.95):
        return row
    return row | suivi(rng, sortie, row)


def suivi(rng: Random, sortie: dt.date, row: Ligne) -> Ligne:
    """The point made after an exit."""
    le = sortie + rng.randrange((LE - sortie).days) * _JOUR
    if rng.random() < 0.25:
        return {"contact_suivi": "injoignable", "date_suivi": le}
    found = situation(rng, rng.choice(_SITUATIONS), sortie + rng.randrange(1, 40) * _JOUR)
    valideur = {"valide_par": found.pop("valide_par")} if "valide_par" in found else {}
    return {"contact_suivi": "fait", "date_suivi": le} | {f"{nom}_suivi": v for nom, v in found.items()} | valideur


def _preparatoires(rng: Random, f: Faits, taille: int) -> dict[str, list[Ligne]]:
    """3.3: actions of a dozen people, four weeks each; the last one is still running while the operation is."""
    number = -(-taille // _PAR_ACTION)
    last = (LE if not f.terminee else f.fin) - 30 * _JOUR
    span = (last - f.debut).days // 7
    starts = [f.debut + (span * n // number) * _SEMAINE for n in range(number)]
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
                "date_fin": start + 25 * _JOUR,
                "places": _PAR_ACTION,
            }
        )
        here = [n for n in range(taille) if n % number == rang - 1]
        for place, n in enumerate(here):
            row = _identite(f.appel, rng, _code(rng, "K", n)) | {"action": f"A{rang}", "date_entree": start}
            row["brsa"] = (place % 5 < 3 and (place != 3)) or place == 0
            row["date_naissance"] = ne(rng, start, rng.randrange(27, 60) if row["brsa"] else rng.randrange(18, 25))
            moments = [("avant", start - 14 * _JOUR)]
            if start + 25 * _JOUR <= LE:
                sortie = start + rng.choice((25, 25, 18)) * _JOUR
                row |= {"date_point": start + 11 * _JOUR} | _sortie(rng, sortie, suivi_mois=6)
                moments.append(("pendant", start + 7 * _JOUR))
            people.append(row)
            immersions += [
                {
                    "participant": row["code"],
                    "moment": moment,
                    "hote": rng.choice(hosts),
                    "date_debut": jour,
                    "date_fin": jour + 4 * _JOUR,
                }
                for moment, jour in moments
            ]
    return {"actions": actions, "participants": people, "immersions": immersions}


def _heures_de_vie(rng: Random, f: Faits, taille: int) -> dict[str, list[Ligne]]:
    """3.7: people who come for some months, week after week."""
    people: list[Ligne] = []
    immersions: list[Ligne] = []
    weeks: list[Ligne] = []
    if taille > _capacite(f.appel, f.debut, f.fin):
        f.inevitables.append(("O12", "participants", None, ""))
    last = min(f.fin, LE)
    for n in range(taille):
        entree = f.debut + rng.randrange((last - f.debut).days - 60) * _JOUR
        row = _identite(f.appel, rng, _code(rng, "Q", n)) | {
            "date_entree": entree,
            "logement_dabord": rng.choice((True, False)),
        }
        jeune = rng.random() < 0.3
        row["hebergement"] = "parcours_complexe" if jeune else rng.choice(("rue", "centre_hebergement"))
        row["brsa"] = not jeune and rng.random() < 0.6
        row["date_naissance"] = ne(rng, entree, rng.randrange(18, 23) if jeune else rng.randrange(27, 60))
        sortie = entree + rng.randrange(30, 150) * _JOUR
        if f.terminee or sortie <= LE:
            sortie = min(sortie, last)
            row |= {"date_point": entree + 15 * _JOUR} | _sortie(rng, sortie, suivi_mois=None)
        people.append(row)
        if n % 3 == 0:
            debut = entree + 5 * _JOUR
            immersions.append(
                {
                    "participant": row["code"],
                    "hote": noms.texte(rng, "hôte"),
                    "date_debut": debut,
                    "date_fin": debut + 9 * _JOUR,
                }
            )
        monday = entree - entree.weekday() * _JOUR
        end = min(row.get("date_sortie", last), last)
        while monday <= end and len([w for w in weeks if w["participant"] == row["code"]]) < 12:
            weeks.append(_semaine(rng, row["code"], monday))
            monday += _SEMAINE
    return {"participants": people, "immersions": immersions, "heures": weeks}


def _semaine(rng: Random, code: str, lundi: dt.date) -> Ligne:
    return {
        "participant": code,
        "semaine": lundi,
        "travail": Decimal(rng.randrange(16, 81)) / 4,
        "accompagnement": Decimal(rng.randrange(0, 12)) / 4,
        "encadrement": Decimal(rng.randrange(4, 40)) / 4,
        "accompagnement_equipe": rng.choice((None, Decimal(rng.randrange(0, 12)) / 4)),
        "encadrement_equipe": rng.choice((None, Decimal(rng.randrange(0, 12)) / 4)),
    }


def _comites(rng: Random, f: Faits) -> list[Ligne]:
    """One in each quarter: enough for both calls."""
    rows = []
    quarter = 0
    while (jour := mois_apres(f.debut, 3 * quarter) + rng.randrange(20, 80) * _JOUR) <= min(f.fin, LE):
        rows.append(
            {
                "date_reunion": jour,
                "slai": True,
                "composition": noms.texte(rng, "composition"),
                "tableau_envoye": jour - 7 * _JOUR,
                "decisions": noms.texte(rng, "décisions"),
            }
        )
        quarter += 1
    return rows


def _partenaires(rng: Random, f: Faits) -> list[Ligne]:
    return [
        {
            "date_lien": f.debut + rng.randrange(100) * _JOUR,
            "nature": rng.choice(("visite", "intervention", "job_dating", "immersion")),
            "partenaire": noms.texte(rng, "partenaire"),
            "personnes": rng.choice((None, 3, 8)),
            "objet": noms.texte(rng, "lien"),
        }
        for _ in range(rng.randrange(2, 12))
    ]


def nouvelle_personne(f: Faits, rng: Random, modele: Ligne, **change: Any) -> Ligne:
    """A person like another one, under another name, added last."""
    row = modele | {"nom": noms.nom(rng) + "x", "prenom": noms.prenom(rng)} | change
    f.tables["participants"].append(row)
    return row
