"""Seeded dossiers that reach every line of the exit table, every state of a row, half-cents and awkward dates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any

from aap_xl.appels.model import Appel, TypeColonne, Volet
from aap_xl.appels.models import modele, operation
from aap_xl.domain.budget import total_prevu
from aap_xl.domain.calendrier import add_months
from aap_xl.domain.data import Donnees

Ligne = dict[str, Any]
_DAY = timedelta(days=1)
_UN_POINT = Volet("suivi", 6, 1, 2)
"""For calls that have none: their workbook has no column for what is made of it."""
_DEBUTS = tuple(
    date.fromisoformat(day)
    for day in ("2025-03-01", "2025-08-31", "2024-02-29", "2024-08-30", "2025-11-30", "2025-12-31", "2025-06-15")
)
_FREINS = (
    *("Mobilité ; Santé", "Aucun", "?", None, "mobilite, ACCÈS AUX SOINS", "Droits\nlogement;  budget", "Santé."),
    *("Accès aux droits,droits ; Autre", "Hors logement", "Budget;Budget ;mobilité"),
)
_NAISSANCES = tuple(
    date.fromisoformat(day)
    for day in ("2000-02-29", "1999-03-01", "1999-03-02", "1980-12-31", "2007-01-01", "1962-06-30")
)


@dataclass(frozen=True)
class Dossier:
    """What an operator typed, on a given day; codes for choices."""

    appel: Appel
    operation: Ligne
    tables: dict[str, list[Ligne]]
    aujourdhui: date

    @property
    def donnees(self) -> Donnees:
        """The same as read rows."""
        tables = {nom: [modele(self.appel, nom)(**ligne) for ligne in lignes] for nom, lignes in self.tables.items()}
        return Donnees(self.appel, operation(self.appel)(**self.operation), tables, self.aujourdhui)


def dossier(appel: Appel, seed: int, taille: int = 60) -> Dossier:
    """One dossier of about that many participants."""
    rng = Random(seed)  # noqa: S311
    debut = _DEBUTS[seed % len(_DEBUTS)]
    fin = add_months(debut, 12) - _DAY
    jour = debut + timedelta(days=rng.choice((-20, 45, 182, 300, 364, 500)))
    makers = {
        "actions": _actions,
        "personnel": _personnel,
        "charges": _charges,
        "ressources": _ressources,
        "participants": _participants,
        "immersions": _immersions,
        "heures": _heures,
        "comites": _comites,
        "partenaires": _partenaires,
        "depenses": _depenses,
        "salaires": _salaires,
    }
    tables: dict[str, list[Ligne]] = {}
    for nom, feuille in appel.classeur.tables.items():
        if nom in makers:
            rows = makers[nom](appel, rng, debut, taille)
            tables[nom] = [{champ: ligne[champ] for champ in ligne if champ in feuille.colonnes} for ligne in rows]
    operation = _operation(rng, debut, fin)
    found = Dossier(appel, {k: v for k, v in operation.items() if k in appel.classeur.operation}, tables, jour)
    _VARIANTES[seed % len(_VARIANTES)](found)
    _propres(found, Random(f"own {seed}"), debut)  # noqa: S311
    return found


def _propres(found: Dossier, rng: Random, debut: date) -> None:
    """The columns that only this call has, filled here and there."""
    for colonne in found.appel.colonnes:
        items = found.appel.libelles.get(colonne.liste, {})
        choices: Any = {
            TypeColonne.OUI_NON: (True, False),
            TypeColonne.LISTE: tuple(items),
            TypeColonne.DATE: (debut, debut + timedelta(days=40)),
            TypeColonne.ENTIER: (0, 3, 12),
            TypeColonne.NOMBRE: (Decimal("3.5"),),
            TypeColonne.HEURES: (Decimal("3.5"),),
            TypeColonne.TAUX: (Decimal("0.5"),),
            TypeColonne.MONTANT: (Decimal("12.5"), Decimal(100)),
        }.get(colonne.type, ("Bateau",))
        rows = [found.operation] if colonne.table == "operation" else found.tables[colonne.table]
        for row in rows:
            row[colonne.code] = rng.choice((None, *choices))


def _as_it_comes(found: Dossier) -> None:
    """Resources and expenses unrelated: the least amount is most often what other resources leave to pay."""


def _balanced(found: Dossier) -> None:
    """Planned resources that equal planned expenses."""
    for row in found.tables["ressources"]:
        row["prevu"] = Decimal(0)
    found.tables["ressources"][-1]["prevu"] = total_prevu(found.donnees)


def _generous(found: Dossier) -> None:
    """One large expense, all in order, and no other resource: the voted grant, the ceiling or the rate decides."""
    found.tables["ressources"].clear()
    found.tables["charges"].append({"code": "G1", "poste": found.appel.budget.postes[-1].code, "prevu": Decimal(99999)})
    spent = {"document": "G", "ligne_budget": "G1", "montant": Decimal("88888.88"), "decision": "retenue"}
    found.tables["depenses"].append(spent)
    found.operation["subvention_votee"] = (Decimal("900.005"), Decimal(70000), Decimal(60000))[len(found.tables) % 3]


_VARIANTES: tuple[Callable[[Dossier], None], ...] = (_as_it_comes, _balanced, _generous)


def _operation(rng: Random, debut: date, fin: date) -> Ligne:
    return {
        "porteur": "Association <Exemple> & Cie",
        "intitule": "Opération d'essai",
        "siret": "12345678200010",
        "convention": rng.choice((None, "0123")),
        "date_debut": rng.choice((debut, debut, debut, None)),
        "date_fin": rng.choice((fin, fin, fin, debut - _DAY)),
        "personnes_prevues": rng.choice((None, 12)),
        "objectif_dynamiques": rng.choice((None, 7)),
        "objectif_visees": rng.choice((None, 5)),
        "subvention_demandee": rng.choice((None, Decimal("48000"), Decimal("50000.01"))),
        "subvention_votee": rng.choice((None, Decimal("45000"), Decimal("60000"), Decimal("1234.56"))),
        "avance": rng.choice((None, Decimal(0), Decimal("22500"), Decimal("80000"))),
        "taux_intervention": rng.choice((None, Decimal("0.8"), Decimal("0.725"))),
        "fongibilite": rng.choice((None, Decimal("0.1"), Decimal(0))),
        "ajustement": rng.choice((None, None, Decimal("-1000.55"), Decimal(90000), Decimal(0))),
        "date_bilan": rng.choice((None, fin + timedelta(days=25))),
        "date_fin_convention": rng.choice((None, fin + timedelta(days=31), date(2026, 1, 31))),
    }


def _actions(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    return [
        {"code": f"A{n}", "metier": "Soudeur", "date_debut": debut + timedelta(days=30 * n)} for n in range(1, 6)
    ] + [{"code": None, "metier": "Sans code"}]


def _cents(rng: Random, high: int = 400_000) -> Decimal:
    return Decimal(rng.randrange(1, high)) / 100


def _personnel(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    half_cents = [("1000.10", "0.05"), ("2345.67", "0.5"), ("33.35", "0.1"), ("1.005", "1"), ("10.25", "0.3")]
    rows: list[Ligne] = [{"brut": Decimal(brut), "quotite": Decimal(part)} for brut, part in half_cents]
    rows += [
        {"brut": _cents(rng), "cotisations": _cents(rng), "aides": _cents(rng, 9_000), "quotite": Decimal("0.335")},
        {"brut": _cents(rng), "taxes": _cents(rng), "quotite": Decimal(rng.randrange(1, 101)) / 100},
        {"taux_horaire": Decimal("12.33"), "heures": Decimal("10.5")},
        {"taux_horaire": Decimal("17.77"), "heures": Decimal("35.5")},
        {"taux_horaire": Decimal("20"), "heures": Decimal("3"), "brut": Decimal("9"), "quotite": Decimal("1")},
        {"brut": Decimal("900")},
        {"salarie": "Rien"},
    ]
    for number, row in enumerate(rows, 1):
        row["code"] = f"P{number}"
    return [
        *rows,
        {"code": "p1", "brut": Decimal("10"), "quotite": Decimal("1")},
        {"salarie": "Sans code", **rows[1], "code": None},
    ]


def _charges(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    postes = cycle([p.code for p in appel.budget.postes if p.table == "charges"] + [None])
    rows: list[Ligne] = [
        {
            "code": f"F{n}",
            "poste": next(postes),
            "libelle": f"Dépense {n}",
            "prevu": rng.choice((_cents(rng), _cents(rng), None)),
        }
        for n in range(1, 9)
    ]
    return [
        *rows,
        {"code": "P2", "poste": next(postes), "prevu": Decimal("75.50")},
        {"poste": next(postes), "prevu": Decimal("5")},
    ]


def _ressources(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    codes = [item.code for item in appel.budget.ressources]
    kept = [*rng.sample(codes, rng.randrange(1, len(codes) + 1)), None, codes[0]]
    return [
        {
            "type": code,
            "prevu": rng.choice((_cents(rng, 2_000_000), None)),
            "realise": rng.choice((None, _cents(rng), Decimal(0))),
        }
        for code in kept
    ]


def _contracts(appel: Appel, rng: Random) -> Iterator[Ligne]:
    """Every situation with every kind of contract dates, the limits first."""
    assert appel.sorties
    limits = sorted({m for line in appel.sorties.classement for m in (line.si.mois_min, line.si.mois_max) if m}) or [6]
    for seuil in limits:
        for debut in _DEBUTS:
            for shift in (-1, 0, -2):
                yield {"debut_contrat": debut, "fin_contrat": add_months(debut, seuil) + timedelta(days=shift)}
        yield from ({"mois_contrat": Decimal(seuil)}, {"mois_contrat": Decimal(seuil) - Decimal("0.5")})
        yield {"debut_contrat": _DEBUTS[0], "mois_contrat": Decimal(seuil)}
    yield from ({}, {"debut_contrat": _DEBUTS[1]}, {"fin_contrat": _DEBUTS[2]})
    for mois in (-1, 0, 1):
        yield from ({"mois_contrat": Decimal(mois)}, {"debut_contrat": _DEBUTS[1], "mois_contrat": Decimal(mois)})
    yield {"fin_contrat": _DEBUTS[2], "mois_contrat": Decimal(0)}
    yield {"debut_contrat": _DEBUTS[0], "fin_contrat": _DEBUTS[0] - _DAY}
    yield {"debut_contrat": _DEBUTS[0], "fin_contrat": _DEBUTS[0] - _DAY, "mois_contrat": Decimal(12)}
    yield {"debut_contrat": _DEBUTS[0], "fin_contrat": _DEBUTS[0] + timedelta(days=rng.randrange(400))}


def _exit(appel: Appel, rng: Random) -> Iterator[Ligne]:
    assert appel.sorties
    contracts = cycle(list(_contracts(appel, rng)))
    situations = [item.code for item in appel.sorties.situations]
    for situation in cycle(situations):
        if situation == situations[0]:
            next(contracts)  # or each situation could meet the same kinds of contract at every round
        for _ in range(2):
            row = {"situation": situation, **next(contracts)}
            if rng.random() < 0.4:
                row |= {"precision": rng.choice(("Raison", None)), "valide_par": rng.choice(("Mme D.", None))}
            if rng.random() < 0.25:
                classe = rng.choice(appel.sorties.classes).code
                row |= {
                    "classe_forcee": classe,
                    "motif_classe": rng.choice(("Motif", None)),
                    "valide_par": rng.choice(("M. B.", None)),
                }
            yield row


def _follow_up(rng: Random, exits: Iterator[Ligne], held: Ligne, point: Volet) -> Ligne:
    contact = rng.choice((None, "fait", "fait", "injoignable"))
    if contact is None:
        return {}
    found = next(exits)
    names = ("situation", "debut_contrat", "fin_contrat", "mois_contrat", "precision")
    row = {point.champ(nom): found[nom] for nom in names if nom in found}
    if rng.random() < 0.2:
        row[point.debut] = held.get("debut_contrat")
    row[point.date] = rng.choice((*(None,) * 6, *_contact_days(held["date_sortie"], row, point)))
    return row | {point.contact: contact, point.metier_vise: rng.choice((True, False, None))}


def _contact_days(sortie: date, row: Ligne, point: Volet) -> Iterator[date]:
    """Days of contact about each limit: those of the point's window, the contract's first and last days."""
    for months in (point.mois - point.avance, point.mois, point.mois + (point.retard or 2)):
        limit = add_months(sortie, months)
        yield from (limit - _DAY, limit, limit + _DAY)
    for day in (row.get(point.debut), row.get(point.fin)):
        if day:
            yield from (day - _DAY, day, day + _DAY)


def _left(rng: Random, row: Ligne, entree: date) -> date:
    """An exit that the contract most often proves, else one about a limit: its ends, three and six months before it."""
    debut: date | None = row.get("debut_contrat")
    fin: date | None = row.get("fin_contrat")
    if not (debut or fin):
        return rng.choice((entree + timedelta(days=rng.randrange(0, 150)), date(2025, 8, 31)))
    first = min(filter(None, (debut, fin)))
    if rng.random() < 0.85:
        return first - timedelta(days=rng.choice((0, 0, 1, 10, 60)))
    limits = [add_months(first, -3), add_months(first, -6), fin or first, date(first.year - 10, 1, 1)]
    return rng.choice(limits) + rng.choice((-1, 0, 1)) * _DAY


def _broken(rng: Random, row: Ligne) -> Ligne:
    """A contract sometimes broken, about its ends and the exit."""
    days = [row[nom] for nom in ("debut_contrat", "fin_contrat", "date_sortie") if row.get(nom)]
    if not days or rng.random() < 0.8:
        return {}
    return {"rupture_contrat": rng.choice(days) + rng.choice((-1, 0, 1, 40)) * _DAY}


def _participants(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    exits = _exit(appel, rng) if appel.sorties else None
    rows = []
    for number in range(1, taille + 1):
        entree = debut + timedelta(days=rng.randrange(0, 200))
        row: Ligne = {
            "code": f"C{number:03}",
            "nom": rng.choice(("Durand", "O'Neil", "Éléonore")) + f" {number}",
            "prenom": "Camille",
            "sexe": rng.choice([item.code for item in appel.elements.get("sexes", ())] + [None]),
            "date_naissance": rng.choice(_NAISSANCES),
            "mds": rng.choice([item.code for item in appel.mds] or [None]),
            "brsa": rng.choice((True, True, False, None)),
            "logement_dabord": rng.choice((True, False, None)),
            "action": rng.choice((None, "A1", "a2", "A3", "A9")),
            "date_entree": entree,
        }
        if exits and number % 6:
            row |= next(exits)
            row["metier_vise"] = rng.choice((True, False, None))
            row["date_sortie"] = _left(rng, row, entree)
            row |= _broken(rng, row)
            for point in appel.points or (_UN_POINT,):
                row |= _follow_up(rng, exits, row, point)
        rows.append(row | _changed(appel, rng))
    return [*rows, *_oddities(rows[0], debut), *_returns(rng, rows, exits)]


def _returns(rng: Random, rows: list[Ligne], exits: Iterator[Ligne] | None) -> Iterator[Ligne]:
    """People who came back: under their code or another, written otherwise, in their action or not, the same day."""
    keys = ("code", "nom", "prenom", "sexe", "date_naissance", "mds", "brsa", "action", "date_entree")
    for n, row in enumerate(rows[1::4]):
        back = {nom: row[nom] for nom in keys if nom in row}
        back |= {"date_entree": row["date_entree"] + _DAY * rng.choice((-200, 0, 0, 150)), "brsa": bool(n % 2)}
        back["action"] = rng.choice((row["action"], "A1", None))
        if n % 3 == 1:
            back |= {"code": f"D{n}", "nom": str(row["nom"]).upper().replace("-", " "), "prenom": "CAMILLE"}
        elif n % 3 == 2:
            back |= {"code": str(row["code"]).lower(), "date_naissance": None if n % 2 else row["date_naissance"]}
        if exits and n % 4:
            back |= next(exits) | {"date_sortie": back["date_entree"] + 30 * _DAY}
        yield back
    yield {nom: rows[0][nom] for nom in ("code", "nom", "prenom", "date_naissance")}


def _changed(appel: Appel, rng: Random) -> Ligne:
    """What the call asks of a stay, between entry and exit; any of it may be blank, or absurd."""
    chosen = {
        nom: rng.choice([*(item.code for item in appel.elements.get(liste, ())), None])
        for nom, liste in (
            ("resultat", "resultats"),
            ("phase", "phases"),
            ("hebergement", "hebergements"),
            ("hebergement_sortie", "hebergements"),
            ("employabilite_entree", "employabilites"),
            ("employabilite_sortie", "employabilites"),
        )
    }
    return chosen | {
        "selection_slai": rng.choice((True, False, None)),
        "objectif": rng.choice(("Un métier", None)),
        "demi_journees_prevues": rng.choice((None, 0, 12, 40, -3)),
        "demi_journees_emargees": rng.choice((None, 0, 12, 41, -1)),
        **_obstacles(Random(f"{rng.choice(range(4))} {chosen}")),  # noqa: S311 - invented
    }


def _obstacles(rng: Random) -> Ligne:
    return {nom: rng.choice(_FREINS) for nom in ("freins_entree", "freins_sortie")}


def _oddities(model: Ligne, debut: date) -> list[Ligne]:
    """Lines half filled, contradictory, or without their key."""
    base = {nom: model[nom] for nom in ("nom", "prenom", "mds", "brsa", "date_naissance", "date_entree")}
    return [
        {"code": "Z1"},
        {**base, "code": None, "date_sortie": debut, "situation": "cdi"},
        {**base, "code": "Z2", "date_entree": None, "date_sortie": debut},
        {**base, "code": "Z3", "date_sortie": base["date_entree"] - _DAY, "situation": "cdi"},
        {**base, "code": "Z4", "date_sortie": base["date_entree"]},
        {**base, "code": "Z5", "situation": "cdi"},
        {**base, "code": "Z6", "date_naissance": base["date_entree"] + _DAY},
        {**base, "code": "Z8", "date_sortie": base["date_entree"], "situation": "sans_solution"},
        {**base, "code": "Z7", "contact_suivi": "fait", "situation_suivi": "cdi"},
    ]


def _immersions(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    ends = (debut, debut + _DAY, debut - _DAY, None, add_months(debut, 1))
    return [
        {"participant": f"C{n:03}", "hote": "Garage", "date_debut": debut, "date_fin": end}
        for n, end in enumerate(ends, 1)
    ]


def _heures(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    weeks = (None, "0", "3.75", "4", "12.5", "20", "20.25", "35")
    return [
        {
            "participant": f"C{n:03}",
            "semaine": debut,
            "travail": None if hours is None else Decimal(hours),
            **{
                nom: Decimal(rng.randrange(0, 12)) / 4
                for nom in ("accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe")
            },
        }
        for n, hours in enumerate(weeks, 1)
    ]


def _comites(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    days = [
        add_months(debut, n) + timedelta(days=shift) for n, shift in ((0, 0), (3, -1), (3, 0), (6, 0), (12, 5), (0, -3))
    ]
    return [*({"date_reunion": day, "composition": "Service"} for day in days), {"composition": "Sans date"}]


def _partenaires(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    codes = [item.code for item in appel.elements.get("liens", ())]
    return [
        {"date_lien": debut, "nature": rng.choice([*codes, None]), "personnes": rng.choice((None, 3, 8))}
        for _ in range(12)
    ]


def _depenses(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    codes = [*(f"P{n}" for n in range(1, 13)), *(f"F{n}" for n in range(1, 9)), "X99", None, "f1"]
    fin = add_months(debut, 12) - _DAY
    rows: list[Ligne] = [
        {
            "document": f"{number:04}",
            "date_piece": rng.choice((debut, fin, fin + _DAY, debut - _DAY, debut + timedelta(days=90), None)),
            "date_paiement": rng.choice((None, debut + timedelta(days=100), *_payments(debut, fin))),
            "ligne_budget": rng.choice(codes),
            "montant": rng.choice((_cents(rng, 90_000), _cents(rng, 90_000), None, -_cents(rng, 9_000))),
            "justificatif": rng.choice((True, True, True, False, None)),
            "prestation_du": rng.choice((None, None, None, debut, debut - _DAY, fin, fin + _DAY)),
            "prestation_au": rng.choice((None, None, None, fin, fin + _DAY, fin + timedelta(days=6), debut)),
            "decision": rng.choice((None, None, None, "retenue", "refusee", "a_justifier")),
            "montant_retenu": rng.choice((None, None, None, None, Decimal(0), Decimal("10.005"), Decimal(900))),
        }
        for number in range(1, 121)
    ]
    return [*rows, {"objet": "Rien d'autre"}, {"montant": Decimal("12.34")}]


def _payments(debut: date, fin: date) -> tuple[date, ...]:
    """The last day of the operation, of the bilan's deposit, and the days after them."""
    depot = fin + timedelta(days=25)
    return fin, fin + _DAY, depot, depot + _DAY, debut - timedelta(days=9), add_months(fin, 24)


def _salaires(appel: Appel, rng: Random, debut: date, taille: int) -> list[Ligne]:
    """Months of some staff lines only: the others are paid by « Dépenses »."""
    fin = add_months(debut, 12) - _DAY
    rows: list[Ligne] = [
        {
            "ligne_budget": rng.choice(("P1", "p1", "P7", "P9", "F1", "P99", None)),
            "mois": rng.choice((add_months(debut, n), add_months(debut, -1), fin, fin + _DAY, None)),
            "brut": rng.choice((_cents(rng), Decimal("10.25"), None)),
            "cotisations": rng.choice((_cents(rng), None)),
            "aides": rng.choice((_cents(rng, 9_000), None)),
            "quotite": rng.choice((Decimal("0.335"), Decimal("0.3"), Decimal(1), None)),
            "date_paiement": rng.choice((None, debut + timedelta(days=100), *_payments(debut, fin))),
            "justificatif": rng.choice((True, True, True, False, None)),
            "decision": rng.choice((None, None, None, "retenue", "refusee", "a_justifier")),
            "montant_retenu": rng.choice((None, None, None, None, Decimal(0), Decimal("10.005"), Decimal(900))),
        }
        for n in range(36)
    ]
    return [*rows, {"quotite": Decimal(1)}]
