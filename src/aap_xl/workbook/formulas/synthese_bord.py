"""The blocks of « Tableau de bord »: what the quarterly committee looks at."""

from aap_xl.domain.public import tranches
from aap_xl.domain.tableau import Formule, Forte, Ligne, Tableau
from aap_xl.rows import Nature
from aap_xl.workbook.formulas import synthese_indicateurs, synthese_parcours, synthese_sorties
from aap_xl.workbook.formulas.blocks import DERNIER, copie, jour, nombre, part, sorties_comptees, tableau, trio
from aap_xl.workbook.formulas.refs import Refs, mois_complets, texte
from aap_xl.workbook.layout import nom_defini as n

_P = "participants"


def blocs(r: Refs) -> list[Tableau]:
    """The blocks of the sheet, top to bottom; those the call does not need have no line."""
    return [
        _operation(r),
        _people(r),
        _by_list(r, "sexe", "sexes", "Par sexe"),
        _by_age(r),
        _by_list(r, "mds", "mds", r.appel.dit("Par {mds_long}")),
        _by_list(r, "phase", "phases", "Phase atteinte"),
        synthese_sorties.classes(r),
        synthese_sorties.taux(r),
        synthese_sorties.reperes(r),
        synthese_sorties.suivi(r),
        *synthese_parcours.blocs(r),
        synthese_indicateurs.indicateurs(r),
        _hours(r),
        _committees(r),
        _links(r),
        _money(),
        _deadlines(r),
    ]


def _operation(r: Refs) -> Tableau:
    debut, fin = r.op("date_debut"), r.op("date_fin")
    known = f"IF(COUNT({debut},{fin})<2,FALSE,{fin}>={debut})"
    until = f"MIN(aujourdhui,{fin})+1"
    elapsed = f'IF({known},IF({until}<={debut},0,{mois_complets(debut, until)}),"")'
    whole = mois_complets(debut, f"({fin}+1)")
    length = f'IF({known},{whole}+({fin}+1>EDATE({debut},{whole})),"")'
    lignes: list[Ligne] = [
        (libelle, copie(f"bord.{champ}", r.op(champ), Nature.TEXTE))
        for champ, libelle in (("porteur", "Porteur"), ("intitule", "Opération"), ("convention", "Convention"))
        if champ in r.appel.classeur.operation
    ]
    lignes += [
        ("Début et fin", jour("bord.debut", debut), jour("bord.fin", fin)),
        ("Situation au", Formule("bord.jour", "aujourdhui", Nature.DATE)),
        (
            "Mois écoulés, sur mois de l'opération",
            Formule("bord.mois_ecoules", elapsed, Nature.ENTIER),
            Formule("bord.mois_operation", length, Nature.ENTIER),
        ),
    ]
    return tableau("operation", "L'opération", (), tuple(lignes))


def _count(r: Refs, *criteria: tuple[str, str]) -> str:
    """How many persons who entered meet every criterion, by their last stay."""
    pairs = [("date_entree", '"<>"'), DERNIER, *criteria]
    return f"COUNTIFS({','.join(f'{r.col(_P, champ)},{value}' for champ, value in pairs)})"


def _people(r: Refs) -> Tableau:
    if not r.a(_P, "date_entree"):
        return tableau("personnes", "", (), ())
    entered = n("bord.entrees")
    lignes: list[Ligne] = []
    if "personnes_prevues" in r.appel.classeur.operation:
        planned = r.op("personnes_prevues")
        lignes.append(("Personnes prévues", nombre("bord.prevues", f'IF(ISNUMBER({planned}),{planned},"")')))
    lignes.append(Forte(("Personnes entrées", nombre("bord.entrees", _count(r)))))
    if r.a(_P, "date_sortie"):
        out = "".join(f",{r.col(_P, champ)},{value}" for champ, value in sorties_comptees(r))
        lignes += [
            ("dont présentes", *trio("presents", _count(r, ("date_sortie", '"="')), entered)),
            (
                "Personnes sorties" if r.appel.parcours.derniere_sortie else "Sorties",
                nombre("bord.sorties", f'COUNTIFS({r.col(_P, "date_sortie")},"<>"{out})'),
            ),
        ]
    if r.a(_P, "brsa"):
        lignes.append(("dont bénéficiaires du RSA", *trio("brsa", _count(r, ("brsa", '"Oui"')), entered)))
    public = r.appel.public
    if public and public.majorite_brsa and r.a(_P, "brsa"):
        sign = ">" if public.majorite_brsa.strict else ">="
        verdict = f'IF({entered}=0,"",IF({n("bord.brsa")}{sign}p_seuil_brsa*{entered},"Oui","Non"))'
        lignes.append(("Bénéficiaires du RSA majoritaires", Formule("bord.brsa_majorite", verdict, Nature.FRACTION)))
    if r.a(_P, "logement_dabord"):
        housed = trio("logement_dabord", _count(r, ("logement_dabord", '"Oui"')), entered)
        lignes.append(("dont au titre du logement d'abord", *housed))
    lignes.append(("Parcours commencés", nombre("bord.parcours", f"COUNTA({r.col(_P, 'date_entree')})")))
    if r.a(_P, "date_sortie"):
        finished = nombre("bord.parcours_finis", f"COUNTA({r.col(_P, 'date_sortie')})")
        lignes.append(("Parcours terminés", finished))
    note = "Une personne qui revient compte une fois, d'après son dernier parcours."
    return tableau("personnes", "Personnes et parcours", ("Nombre", "Fraction", "Part"), tuple(lignes), note)


def _by_list(r: Refs, champ: str, liste: str, titre: str) -> Tableau:
    if not r.a(_P, champ, "date_entree"):
        return tableau(champ, "", (), ())
    lignes = tuple(
        (item.libelle, *trio(champ, _count(r, (champ, texte(item.libelle))), n("bord.entrees"), argument=item.code))
        for item in r.appel.elements.get(liste, ())
    )
    return tableau(champ, titre, ("Entrées", "Fraction", "Part"), lignes)


def _by_age(r: Refs) -> Tableau:
    if r.appel.public is None or not r.a(_P, "age", "date_entree"):
        return tableau("age", "", (), ())
    bounds = r.appel.public.tranches_age
    lignes: list[Ligne] = []
    for rang, libelle in enumerate(tranches(r.appel)):
        criteria = [("age", f'">={bounds[rang - 1]}"')] if rang else [("age", '">=0"')]
        if rang < len(bounds):
            criteria.append(("age", f'"<{bounds[rang]}"'))
        lignes.append((libelle, *trio("age", _count(r, *criteria), n("bord.entrees"), str(rang))))
    return tableau("age", "Par âge à l'entrée", ("Entrées", "Fraction", "Part"), tuple(lignes))


def _hours(r: Refs) -> Tableau:
    if "heures" not in r.tables:
        return tableau("heures", "", (), ())
    champs = ("travail", "accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe")
    entetes = {champ.nom: champ.entete for champ in r.tables["heures"].champs}
    lignes = tuple(
        (entetes[champ], Formule(f"bord.heures:{champ}", f"SUM({r.col('heures', champ)})", Nature.HEURES))
        for champ in champs
        if champ in entetes
    )
    note = "Les heures reçues par les personnes et les heures données par l'équipe ne s'additionnent pas."
    return tableau("heures", "Heures", ("Total",), lignes, note)


def _committees(r: Refs) -> Tableau:
    comites = r.appel.comites
    if comites is None or not r.a("comites", "date_reunion"):
        return tableau("comites", "", (), ())
    debut, fin, days = r.op("date_debut"), r.op("date_fin"), r.col("comites", "date_reunion")
    elapsed, length = n("bord.mois_ecoules"), n("bord.mois_operation")
    inside = f'COUNTIFS({days},">="&{debut},{days},"<="&MIN(aujourdhui,{fin}))'
    held = f'IF({length}="",COUNTIFS({days},"<="&aujourdhui),{inside})'
    if comites.intervalle_mois:
        expected = f"INT({elapsed}/{comites.intervalle_mois})"
    else:
        prorated = f"INT({comites.minimum}*{elapsed}/{length})"
        expected = f"IF(aujourdhui>={fin},{comites.minimum},{prorated})"
    lignes: list[Ligne] = [
        ("Réunions tenues pendant l'opération", nombre("bord.comites_tenus", held)),
        ("Réunions attendues à ce jour", nombre("bord.comites_attendus", f'IF({elapsed}="",0,{expected})')),
    ]
    if comites.intervalle_mois:
        months = comites.intervalle_mois
        period = f"IF(aujourdhui<{debut},0,INT({mois_complets(debut, 'aujourdhui')}/{months}))+1"
        limit = f"MIN({fin},EDATE({debut},{months}*({period}))-1)"
        lignes.append(
            (
                "Prochaine réunion, au plus tard le",
                Formule("bord.comite_avant_le", f'IF({elapsed}="","",IF(aujourdhui>{fin},"",{limit}))', Nature.DATE),
            )
        )
    return tableau("comites", f"{comites.nom[:1].upper()}{comites.nom[1:]}", (), tuple(lignes))


def _links(r: Refs) -> Tableau:
    lignes: list[Ligne] = []
    columns: tuple[str, ...] = ("Nombre",)
    if r.a("partenaires", "nature"):
        nature = r.col("partenaires", "nature")
        with_people = r.a("partenaires", "personnes")
        columns = ("Liens", "Participants concernés") if with_people else columns
        for item in r.appel.elements.get("liens", ()):
            wording = texte(item.libelle)
            values = [nombre(f"bord.liens:{item.code}", f"COUNTIFS({nature},{wording})")]
            if with_people:
                total = f"SUMIFS({r.col('partenaires', 'personnes')},{nature},{wording})"
                values.append(nombre(f"bord.liens_personnes:{item.code}", total))
            lignes.append((item.libelle, *values))
    if r.a("immersions", "participant"):
        count = nombre("bord.immersions", f"COUNTA({r.col('immersions', 'participant')})")
        lignes.append(("Périodes d'immersion inscrites (feuille Immersions)", count))
    return tableau("liens", r.appel.dit("Liens avec {le economie}"), columns, tuple(lignes))


def _money() -> Tableau:
    def euros(cle: str, source: str) -> Formule:
        return Formule(f"bord.{cle}", source, Nature.MONTANT)

    lignes = (
        ("Dépenses prévues", euros("total_prevu", n("budget.total_prevu"))),
        (
            "Dépenses réalisées (lignes prévues)",
            euros("total_depense", n("budget.total_depense")),
            part("bord.part_depensee", n("bord.total_depense"), n("bord.total_prevu")),
        ),
        ("Dépenses retenues", euros("total_retenu", n("budget.total_retenu"))),
        ("Subvention votée", euros("votee", n("budget.votee"))),
        ("Subvention due à ce jour", euros("du", n("budget.du"))),
        Forte(("Solde à verser", euros("solde", n("budget.solde")))),
    )
    return tableau("finances", "Financement", (), lignes, "Charges indirectes comprises. Détail : feuille Budget.")


def _deadlines(r: Refs) -> Tableau:
    def due(champ: str) -> str:
        end = r.op(champ)
        return f'IF(ISNUMBER({end}),EDATE({end},p_bilan_mois),"")'

    first, second = n("bord.bilan_operation"), n("bord.bilan_convention")
    earlier = f'IF(COUNT({first},{second})=0,"",MIN({first},{second}))'
    lignes: list[Ligne] = [
        ("Bilan final, d'après la fin de l'opération", Formule("bord.bilan_operation", due("date_fin"), Nature.DATE)),
        (
            "Bilan final, d'après la fin effective de la convention",
            Formule("bord.bilan_convention", due("date_fin_convention"), Nature.DATE),
        ),
        Forte(("Bilan final à déposer avant le", Formule("bord.bilan", earlier, Nature.DATE))),
    ]
    return tableau("echeances", "Échéances", (), tuple(lignes))
