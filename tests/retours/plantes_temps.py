"""H, I: their hours, their immersions."""

from collections.abc import Iterator
from decimal import Decimal

from retours.cadre import JOUR, mois_apres
from retours.gens import appel_33, immersions_de, semaines_de, sorti
from retours.plantes import Attendue, Impossible, Jardin, plante
from retours.saisies import Ligne


def _semaine(j: Jardin) -> Ligne:
    j.exige("heures" in j.f.tables)
    return j.libre("heures", lambda h: h.get("participant") not in (None, "Z99"))


@plante("H01", "heures-de-personne")
def heures_de_personne(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    h = j.libre("heures", lambda h: len(semaines_de(j, h)) > 1)
    h["participant"] = "Z99"
    yield Attendue("H01", "heures", h, "participant")


@plante("H02")
def pas_un_lundi(j: Jardin) -> Iterator[Attendue]:
    h = _semaine(j)
    h["semaine"] += 2 * JOUR
    yield Attendue("H02", "heures", h, "semaine")


@plante("H03")
def semaine_hors_sejour(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    p = j.libre("participants", sorti)
    lundi = p["date_sortie"] + (14 - p["date_sortie"].weekday()) * JOUR
    h = j.ajoute("heures", participant=p["code"], semaine=lundi, travail=Decimal(20))
    yield Attendue("H03", "heures", h, "semaine")


@plante("H04")
def trop_peu_d_heures(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    h = j.libre("heures", lambda h: h is next(iter(semaines_de(j, h)), None))
    h["travail"], h["encadrement"] = Decimal("3.75"), Decimal(1)
    yield Attendue("H04", "heures", h, "travail")


@plante("H05")
def passage_en_cddi(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    h = j.libre("heures", lambda h: h is [None, *semaines_de(j, h)][-1])
    h["travail"] = Decimal("20.25")
    yield Attendue("H05", "heures", h, "travail")


@plante("H06")
def semaine_en_double(j: Jardin) -> Iterator[Attendue]:
    h = j.ajoute("heures", **_semaine(j))
    yield Attendue("H06", "heures", h, "semaine")


@plante("I01")
def immersion_de_personne(j: Jardin) -> Iterator[Attendue]:
    model = j.libre("immersions")
    i = j.ajoute("immersions", **(model | {"participant": "Z98"}))
    yield Attendue("I01", "immersions", i, "participant")


@plante("I02")
def sans_immersion_avant(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants")
    j.f.tables["immersions"] = [
        i for i in j.f.tables["immersions"] if (i["participant"], i["moment"]) != (p["code"], "avant")
    ]
    yield Attendue("I02", "participants", p, "code")


def _avec_immersion(j: Jardin) -> tuple[Ligne, Ligne]:
    """Someone untouched, and their first immersion."""
    used = {i["participant"] for i in j.f.tables["immersions"] if id(i) not in j.pris}
    p = j.libre("participants", lambda p: p["code"] in used)
    return p, next(i for i in immersions_de(j, p) if id(i) not in j.pris)


@plante("I03")
def immersion_trop_longue(j: Jardin) -> Iterator[Attendue]:
    _, i = _avec_immersion(j)
    if appel_33(j):
        i["date_debut"] = mois_apres(i["date_fin"], -1)
    else:
        i["date_fin"] = mois_apres(i["date_debut"], 1)
    j.exige(mois_apres(i["date_debut"], 1) <= i["date_fin"])
    yield Attendue("I03", "immersions", i, "date_fin")


@plante("I04")
def trois_fois_le_meme_hote(j: Jardin) -> Iterator[Attendue]:
    p, i = _avec_immersion(j)
    mine = immersions_de(j, p)
    for item in mine:
        item["hote"] = i["hote"]
    start = min(item["date_debut"] for item in mine)
    added = [
        j.ajoute("immersions", **(i | {"date_debut": start - n * 7 * JOUR, "date_fin": start - n * 7 * JOUR + JOUR}))
        for n in range(1, 4 - len(mine))
    ]
    yield Attendue("I04", "immersions", max([*mine, *added], key=lambda item: item["date_debut"]), "hote")


@plante("I05")
def trop_de_jours(j: Jardin) -> Iterator[Attendue]:
    p, i = _avec_immersion(j)
    start = min(item["date_debut"] for item in immersions_de(j, p))
    host = f"{i['hote']} 1"
    first = start - 80 * JOUR
    j.ajoute("immersions", **(i | {"hote": host, "date_debut": first, "date_fin": first + 27 * JOUR}))
    again = {"hote": host, "date_debut": first + 28 * JOUR, "date_fin": first + 55 * JOUR}
    j.ajoute("immersions", **(i | again | {"renouvellement": True}))
    last = {"hote": host, "date_debut": first + 60 * JOUR, "date_fin": first + 64 * JOUR}
    yield Attendue("I05", "immersions", j.ajoute("immersions", **(i | last | {"renouvellement": False})), "date_fin")


@plante("I06")
def immersion_a_l_envers(j: Jardin) -> Iterator[Attendue]:
    _, i = _avec_immersion(j)
    i["date_fin"] = i["date_debut"] - JOUR
    yield Attendue("I06", "immersions", i, "date_fin")


@plante("I07")
def avant_qui_finit_apres(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants")
    i = next((i for i in immersions_de(j, p) if i["moment"] == "avant" and id(i) not in j.pris), None)
    if i is None:
        raise Impossible
    i["date_fin"] = p["date_entree"]
    yield Attendue("I07", "immersions", i, "date_fin")
