"""S: their exits."""

from collections.abc import Iterator

from retours.cadre import JOUR, LE, mois_apres
from retours.gens import SORTIE, SUIVI, appel_33, efface, sorti
from retours.plantes import Attendue, Jardin, plante
from retours.saisies import Ligne, Saisi


def _de(j: Jardin, *situations: str, suivi: bool = False) -> Ligne:
    """Someone out in one of these situations; without a follow-up unless asked."""

    def permis(p: Ligne) -> bool:
        return sorti(p) and p.get("situation") in situations and (suivi or not p.get("valide_par"))

    return j.libre("participants", permis)


@plante("S01")
def sans_situation(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "sans_solution", "abandon", "exclusion", "inconnue")
    p["situation"] = None
    yield Attendue("S01", "participants", p, "situation")


@plante("S02")
def contrat_sans_debut(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["debut_contrat"] = None
    yield Attendue("S02", "participants", p, "debut_contrat")


@plante("S03")
def contrat_a_l_envers(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdd", "mission")
    p.pop("mois_contrat", None)
    p["fin_contrat"] = p["debut_contrat"] - JOUR
    yield Attendue("S03", "participants", p, "fin_contrat")


@plante("S04")
def cdi_avec_terme(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "cdd")
    p |= {"situation": "cdi", "fin_contrat": p["debut_contrat"] + 100 * JOUR}
    p.pop("mois_contrat", None)
    yield Attendue("S04", "participants", p, "fin_contrat")


@plante("S05")
def cdd_sans_duree(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdd", "mission")
    efface(p, ["fin_contrat", "mois_contrat"])
    yield Attendue("S05", "participants", p, "fin_contrat")


@plante("S06")
def sans_piece(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "formation", "creation", "siae")
    p["piece"] = None
    yield Attendue("S06", "participants", p, "piece")


@plante("S07")
def autre_positive_sans_raison(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "sans_solution", "abandon", "exclusion")
    p |= {"situation": "autre_positive", "piece": "autre", "precision": None, "valide_par": None}
    j.exige(p.get("situation_suivi") != "autre_positive")
    yield Attendue("S07", "participants", p, "precision")
    yield Attendue("S07", "participants", p, "valide_par")


@plante("S08")
def suivi_oublie(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants", lambda p: "contact_suivi" in p and mois_apres(p["date_sortie"], 6) <= LE)
    efface(p, SUIVI)
    yield Attendue("S08", "participants", p, "contact_suivi")


@plante("S09")
def contact_avant_sortie(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants", lambda p: "contact_suivi" in p and not p.get("debut_contrat_suivi"))
    p["date_suivi"] = p["date_sortie"] - JOUR
    yield Attendue("S09", "participants", p, "date_suivi")


@plante("S16")
def point_avant_l_heure(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants", lambda p: p.get("contact_suivi") == "fait")
    p["date_suivi"] = mois_apres(p["date_sortie"], 5) - JOUR
    efface(p, ["debut_contrat_suivi", "fin_contrat_suivi", "mois_contrat_suivi", "metier_vise_suivi", "piece_suivi"])
    p["situation_suivi"] = "sans_solution"
    yield Attendue("S16", "participants", p, "date_suivi")


@plante("S17")
def contrat_deja_fini(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))

    def permis(p: Ligne) -> bool:
        return bool(p.get("fin_contrat_suivi")) and p["debut_contrat_suivi"] < p["date_suivi"]

    p = j.libre("participants", permis)
    p["fin_contrat_suivi"] = p["date_suivi"] - JOUR
    yield Attendue("S17", "participants", p, "fin_contrat_suivi")


@plante("S10")
def metier_vise_oublie(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = _de(j, "cdi", "cdd", "siae", "creation")
    p["metier_vise"] = None
    yield Attendue("S10", "participants", p, "metier_vise")


@plante("S11")
def cdi_aide(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["situation"] = "cdi_aide"
    yield Attendue("S11", "participants", p, "situation")


@plante("S12")
def classe_sans_motif(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "formation", "abandon")
    p["classe_forcee"] = "emploi_transition"
    yield Attendue("S12", "participants", p, "motif_classe")
    yield Attendue("S12", "participants", p, "valide_par")


@plante("S13")
def contrat_avant_entree(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "cdi_aide")
    p["debut_contrat"] = p["date_entree"] - JOUR
    yield Attendue("S13", "participants", p, "debut_contrat")


@plante("S14")
def piece_inadaptee(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "formation", "siae")
    p["piece"] = "kbis"
    yield Attendue("S14", "participants", p, "piece")


@plante("S15")
def toujours_present(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee)
    p = j.libre("participants", sorti)
    efface(p, SORTIE)
    yield Attendue("S15", "participants", p, "date_sortie")


@plante("S27")
def duree_mal_annoncee(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdd", "mission")
    j.exige(p.get("fin_contrat"))
    long_enough = p["fin_contrat"] + JOUR >= mois_apres(p["debut_contrat"], 6)
    libelles = {
        ("cdd", True): "CDD de moins de 6 mois",
        ("cdd", False): "CDD de 6 mois et plus (hors contrat aidé)",
        ("mission", True): "Contrat de mission de moins de 6 mois",
        ("mission", False): "Contrat de mission de 6 mois et plus",
    }
    p["situation"] = Saisi(libelles[p["situation"], long_enough], p["situation"])
    yield Attendue("S27", "participants", p, "situation")


@plante("S28")
def mot_du_terrain(j: Jardin) -> Iterator[Attendue]:
    mots = {
        "cdd": "CDD saisonnier",
        "mission": "Intérimaire",
        "creation": "Auto-entrepreneur",
        "retrait": "Incarcération",
    }
    p = _de(j, *mots)
    p["situation"] = Saisi(mots[p["situation"]], p["situation"])
    yield Attendue("S28", "participants", p, "situation")


@plante("F06")
def mot_qui_ne_dit_rien(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "cdd", "formation", "sans_solution", "abandon")
    p["situation"] = Saisi(j.rng.choice(("Stage", "Service civique", "VAE", "En poste")))
    efface(p, [nom for nom in p if nom in SORTIE and nom not in ("date_sortie", "situation") and nom not in SUIVI])
    yield Attendue("F06", "participants", p, "situation")


@plante("S18")
def contrat_bien_plus_tard(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["debut_contrat"] = mois_apres(p["date_sortie"], 3) + j.rng.choice((1, 30, 200)) * JOUR
    yield Attendue("S18", "participants", p, "debut_contrat")


@plante("S19")
def contrat_deja_fini_a_la_sortie(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdd", "mission", "cdd_aide")
    p.pop("mois_contrat", None)
    p |= {"debut_contrat": p["date_entree"], "fin_contrat": p["date_sortie"] - JOUR}
    j.exige(p["debut_contrat"] <= p["fin_contrat"])
    yield Attendue("S19", "participants", p, "fin_contrat")


@plante("S20")
def contrat_d_apres_le_contact(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants", lambda p: p.get("contact_suivi") == "fait" and p.get("situation_suivi") == "cdi")
    p["debut_contrat_suivi"] = p["date_suivi"] + JOUR
    yield Attendue("S20", "participants", p, "debut_contrat_suivi")


@plante("S21")
def siecle_de_trop(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["debut_contrat"] = p["debut_contrat"].replace(year=j.rng.choice((1925, 2125, 2199)))
    yield Attendue("S21", "participants", p, "debut_contrat")


@plante("S22")
def point_bien_apres(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))

    def permis(p: Ligne) -> bool:
        return p.get("contact_suivi") == "fait" and mois_apres(p["date_sortie"], 8) < LE

    p = j.libre("participants", permis)
    p["date_suivi"] = mois_apres(p["date_sortie"], 8) + JOUR
    efface(p, ["debut_contrat_suivi", "fin_contrat_suivi", "mois_contrat_suivi", "metier_vise_suivi", "piece_suivi"])
    p["situation_suivi"] = "sans_solution"
    yield Attendue("S22", "participants", p, "date_suivi")


@plante("S23")
def essai_rompu(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "cdd", "mission", "cdd_aide")
    p["rupture_contrat"] = p["debut_contrat"] + j.rng.randrange(20) * JOUR
    j.exige(not p.get("fin_contrat") or p["rupture_contrat"] < p["fin_contrat"])
    j.exige(not p.get("debut_contrat_suivi"))
    yield Attendue("S23", "participants", p, "rupture_contrat")


@plante("S24")
def rompu_avant_son_debut(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "cdd")
    p["rupture_contrat"] = p["debut_contrat"] - JOUR
    j.exige(p["rupture_contrat"] >= p["date_sortie"] and not p.get("debut_contrat_suivi"))
    yield Attendue("S24", "participants", p, "rupture_contrat")
