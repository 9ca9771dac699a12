"""What an invented operator typed, with nothing to correct on the day it is checked."""

import datetime as dt
from decimal import Decimal
from random import Random

from aap_xl.appels.model import Appel
from retours import noms
from retours.argent import budget
from retours.cadre import JOUR, LE, SEMAINE, Faits, capacite, mois_apres
from retours.calcul import compter
from retours.parcours import heures_de_vie, preparatoires
from retours.saisies import Ligne


def faits(appel: Appel, rng: Random, numero: int, taille: int) -> Faits:
    """One clean dossier.

    Args: numero: makes the SIRET; taille: number of participants.
    """
    terminee = rng.random() < 0.4
    debut = dt.date(2025, 2, 3) + rng.randrange(0, 5 if terminee else 10) * SEMAINE
    fin = mois_apres(debut, rng.choice((7, 8)) if terminee else 12) - JOUR
    f = Faits(appel, _operation(appel, rng, numero, debut=debut, fin=fin, taille=taille), {})
    money = budget(appel, rng, f)
    _octroi(rng, f)
    people = preparatoires(rng, f, taille) if "actions" in appel.classeur.tables else heures_de_vie(rng, f, taille)
    others = {
        "comites": _comites(rng, f),
        "partenaires": _partenaires(rng, f),
        "redactions": [{"rubrique": r.libelle, "texte": noms.texte(rng, "rédaction")} for r in appel.rubriques],
    }
    found = money | people | others
    f.tables = {
        nom: [{c: v for c, v in row.items() if c in feuille.colonnes and v is not None} for row in found[nom]]
        for nom, feuille in appel.classeur.tables.items()
    }
    if f.terminee and (compter(f).du or 0) > 5000:
        reason = noms.texte(rng, "ajustement")
        f.operation |= {"ajustement": Decimal(-rng.randrange(1, 9)) / 4, "motif_ajustement": reason}
    return f


def _operation(appel: Appel, rng: Random, numero: int, *, debut: dt.date, fin: dt.date, taille: int) -> Ligne:
    terminee = fin < LE
    mds = rng.choice(appel.mds).code
    most = capacite(appel, debut, fin)
    form: Ligne = {
        "porteur": noms.structure(rng, numero),
        "siret": noms.siret(numero),
        "forme": appel.operation.formes_eligibles[0],
        "agrement_aci": True,
        "structure_associee": noms.texte(rng, "associée"),
        "siret_associee": noms.siret(numero + 5_000_000),
        "part_associee": Decimal(1000),
        "referent": f"{noms.prenom(rng)} {noms.nom(rng)} 06 39 98 {rng.randrange(10, 99)} {rng.randrange(10, 99)}",
        "courriel": f"{noms.nom(rng).lower()}.{numero}@quibrelune.example",
        "intitule": noms.texte(rng, "intitulé"),
        "convention": f"2025-{numero:05}",
        "mds": mds,
        "autres_mds": "; ".join(sorted(rng.sample([m.libelle for m in appel.mds], 2))),
        "date_depot": dt.date(2025, 1, 15) + rng.randrange(30) * JOUR,
        "date_debut": debut,
        "date_fin": fin,
        "a_jour_au": rng.choice((None, LE - rng.randrange(1, 20) * JOUR)),
        "personnes_prevues": min(taille, most),
        "objectif_dynamiques": min(taille, most) // 2,
        "objectif_visees": min(taille, most) // 3,
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
        "recupere_tva": rng.choice((None, True, False)),
        "date_bilan": fin + rng.randrange(1, 25) * JOUR if terminee else None,
    }
    return {champ: form[champ] for champ in appel.classeur.operation if form.get(champ) is not None}


def _octroi(rng: Random, f: Faits) -> None:
    """What was voted is at most what was asked, and the advance at most what was voted."""
    o = f.operation
    if "subvention_votee" in o:
        o["subvention_votee"] = min(o["subvention_votee"], o["subvention_demandee"])
    if "avance" in o:
        o["avance"] = min(o["avance"], o.get("subvention_votee", o["subvention_demandee"]))


def _comites(rng: Random, f: Faits) -> list[Ligne]:
    """One in each quarter: enough for both calls."""
    rows = []
    quarter = 0
    while (jour := mois_apres(f.debut, 3 * quarter) + rng.randrange(20, 80) * JOUR) <= min(f.fin, LE):
        rows.append(
            {
                "date_reunion": jour,
                "slai": True,
                "composition": noms.texte(rng, "composition"),
                "tableau_envoye": jour - 7 * JOUR,
                "decisions": noms.texte(rng, "décisions"),
            }
        )
        quarter += 1
    return rows


def _partenaires(rng: Random, f: Faits) -> list[Ligne]:
    required = f.appel.operation.liens_requis
    return [
        {
            "date_lien": f.debut + rng.randrange(100) * JOUR,
            "nature": required[n]
            if n < len(required)
            else rng.choice(("visite", "intervention", "job_dating", "immersion")),
            "partenaire": noms.texte(rng, "partenaire"),
            "personnes": rng.choice((None, 3, 8)),
            "objet": noms.texte(rng, "lien"),
        }
        for n in range(rng.randrange(2, 12))
    ]
