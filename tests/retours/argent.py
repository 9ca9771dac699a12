"""The money of an invented operation: what is planned, where it comes from, what is spent."""

from decimal import Decimal
from random import Random

from aap_xl.appels.model import Appel
from retours import noms
from retours.cadre import JOUR, LE, Faits, mois_apres
from retours.saisies import Ligne


def _cents(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randrange(low * 100, high * 100)) / 100


def budget(appel: Appel, rng: Random, f: Faits) -> dict[str, list[Ligne]]:
    """The tables of what is planned, what pays for it and what is spent."""
    roles = [role.code for role in appel.budget.roles] or [noms.texte(rng, "fonction")]
    required = list(appel.budget.roles_requis)
    aides = rng.random() < 0.5
    personnel: list[Ligne] = [
        {
            "code": f"S{n}",
            "salarie": f"{noms.nom(rng)}-{n}",
            "role": required[n - 1] if required else rng.choice(roles),
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
            "role": required[2] if required else rng.choice(roles),
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
    salaires = _salaires(rng, f, personnel[1]) if rng.random() < 0.5 else []
    if salaires:
        del lignes[personnel[1]["code"]]
    return {
        "personnel": personnel,
        "charges": charges,
        "ressources": ressources,
        "depenses": _depenses(rng, f, lignes),
        "salaires": salaires,
    }


def _salaires(rng: Random, f: Faits, staff: Ligne) -> list[Ligne]:
    """Every whole month of one member of staff, for most of what was planned."""
    arret = min(f.fin, f.operation.get("a_jour_au") or LE, LE)
    months = [mois_apres(f.debut.replace(day=1), n) for n in range(1, 12)]
    months = [le for le in months if mois_apres(le, 1) - JOUR <= arret]
    share = cout(staff) * Decimal(rng.randrange(70, 90)) / 100 / len(months) / staff["quotite"]
    return [
        {
            "ligne_budget": staff["code"],
            "mois": le + rng.randrange(20) * JOUR,
            "brut": demi(share * Decimal("0.7")),
            "cotisations": demi(share * Decimal("0.35")),
            "aides": demi(share * Decimal("0.05")),
            "quotite": staff["quotite"],
            "date_paiement": mois_apres(le, 1) - JOUR,
            "justificatif": True,
        }
        for le in months
    ]


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
    arret = f.operation.get("a_jour_au") or LE
    last = min(f.fin, arret)
    rows: list[Ligne] = []
    count = rng.randrange(40, 120)
    suppliers = [noms.texte(rng, "fournisseur") for _ in range(8)]
    for n in range(1, count + 1):
        code = rng.choice(list(lignes))
        piece = f.debut + rng.randrange((last - f.debut).days - 20) * JOUR
        decision = rng.choice((None,) * 18 + ("retenue", "refusee"))
        paid = min(piece + rng.randrange(20) * JOUR, arret)
        service = max(f.debut, piece - rng.randrange(30) * JOUR) if rng.random() < 0.2 else None
        rows.append(
            {
                "document": f"FA-{n:04}",
                "date_piece": piece,
                "date_paiement": paid if f.terminee else rng.choice((None, paid)),
                "prestation_du": service,
                "prestation_au": service and piece,
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
    for row in rows:
        if row["decision"] == "retenue" and rng.random() < 0.5:
            row |= {"montant_retenu": demi(row["montant"] / 3), "motif_decision": noms.texte(rng, "motif")}
    return [*rows, *_avoirs(rng, [row for row in rows if row["decision"] is None])]


def _avoirs(rng: Random, factures: list[Ligne]) -> list[Ligne]:
    """Some credit notes, each of a part of its invoice."""
    return [
        {nom: row[nom] for nom in ("date_piece", "date_paiement", "ligne_budget", "fournisseur")}
        | {"document": f"AV-{n:02}", "facture_liee": row["document"], "montant": -demi(row["montant"] / 4)}
        for n, row in enumerate(rng.sample(factures, 2), 1)
    ]
