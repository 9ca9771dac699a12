"""The blocks of « Tableau de bord »: what the quarterly committee looks at."""

from aap_xl.domain.public import tranches
from aap_xl.workbook.formulas import synthese_indicateurs, synthese_parcours, synthese_sorties
from aap_xl.workbook.formulas.refs import Refs, mois_complets, texte
from aap_xl.workbook.formulas.synthese import Bloc, Ligne, Valeur
from aap_xl.workbook.formulas.synthese_valeurs import copie, dernier, jour, nombre, part, trio
from aap_xl.workbook.layout import nom_defini as n

_P = "participants"


def blocs(r: Refs) -> list[Bloc]:
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


def _operation(r: Refs) -> Bloc:
    debut, fin = r.op("date_debut"), r.op("date_fin")
    known = f"IF(COUNT({debut},{fin})<2,FALSE,{fin}>={debut})"
    until = f"MIN(aujourdhui,{fin})+1"
    elapsed = f'IF({known},IF({until}<={debut},0,{mois_complets(debut, until)}),"")'
    whole = mois_complets(debut, f"({fin}+1)")
    length = f'IF({known},{whole}+({fin}+1>EDATE({debut},{whole})),"")'
    lignes = [
        Ligne(libelle, (copie(f"bord.{champ}", r.op(champ), "texte"),), large=True)
        for champ, libelle in (("porteur", "Porteur"), ("intitule", "Opération"), ("convention", "Convention"))
        if champ in r.appel.classeur.operation
    ]
    lignes += [
        Ligne("Début et fin", (jour("bord.debut", debut), jour("bord.fin", fin))),
        Ligne("Situation au", (Valeur("bord.jour", "aujourdhui", "date"),)),
        Ligne(
            "Mois écoulés, sur mois de l'opération",
            (Valeur("bord.mois_ecoules", elapsed, "entier"), Valeur("bord.mois_operation", length, "entier")),
        ),
    ]
    return Bloc("operation", "L'opération", (), tuple(lignes))


def _count(r: Refs, *criteria: tuple[str, str]) -> str:
    """How many persons who entered meet every criterion, by their last stay."""
    pairs = [("date_entree", '"<>"'), *dernier(r), *criteria]
    return f"COUNTIFS({','.join(f'{r.col(_P, champ)},{value}' for champ, value in pairs)})"


def _people(r: Refs) -> Bloc:
    if not r.a(_P, "date_entree"):
        return Bloc("personnes", "", (), ())
    entered = n("bord.entrees")
    lignes = []
    if "personnes_prevues" in r.appel.classeur.operation:
        planned = r.op("personnes_prevues")
        lignes.append(Ligne("Personnes prévues", (nombre("bord.prevues", f'IF(ISNUMBER({planned}),{planned},"")'),)))
    lignes.append(Ligne("Personnes entrées", (nombre("bord.entrees", _count(r)),), total=True))
    if r.a(_P, "date_sortie"):
        last = dernier(r) if r.appel.parcours.derniere_sortie else []
        out = "".join(f",{r.col(_P, champ)},{value}" for champ, value in last)
        lignes += [
            Ligne("dont présentes", trio("presents", _count(r, ("date_sortie", '"="')), entered)),
            Ligne(
                "Personnes sorties" if r.appel.parcours.derniere_sortie else "Sorties",
                (nombre("bord.sorties", f'COUNTIFS({r.col(_P, "date_sortie")},"<>"{out})'),),
            ),
        ]
    if r.a(_P, "brsa"):
        lignes.append(Ligne("dont bénéficiaires du RSA", trio("brsa", _count(r, ("brsa", '"Oui"')), entered)))
    public = r.appel.public
    if public and public.majorite_brsa and r.a(_P, "brsa"):
        sign = ">" if public.majorite_brsa.strict else ">="
        verdict = f'IF({entered}=0,"",IF({n("bord.brsa")}{sign}p_seuil_brsa*{entered},"Oui","Non"))'
        lignes.append(Ligne("Bénéficiaires du RSA majoritaires", (Valeur("bord.brsa_majorite", verdict, "fraction"),)))
    if r.a(_P, "logement_dabord"):
        housed = trio("logement_dabord", _count(r, ("logement_dabord", '"Oui"')), entered)
        lignes.append(Ligne("dont au titre du logement d'abord", housed))
    lignes.append(Ligne("Parcours commencés", (nombre("bord.parcours", f"COUNTA({r.col(_P, 'date_entree')})"),)))
    if r.a(_P, "date_sortie"):
        finished = nombre("bord.parcours_finis", f"COUNTA({r.col(_P, 'date_sortie')})")
        lignes.append(Ligne("Parcours terminés", (finished,)))
    note = "Une personne qui revient compte une fois, d'après son dernier parcours."
    return Bloc("personnes", "Personnes et parcours", ("Nombre", "Fraction", "Part"), tuple(lignes), note)


def _by_list(r: Refs, champ: str, liste: str, titre: str) -> Bloc:
    if not r.a(_P, champ, "date_entree"):
        return Bloc(champ, "", (), ())
    lignes = tuple(
        Ligne(item.libelle, trio(champ, _count(r, (champ, texte(item.libelle))), n("bord.entrees"), argument=item.code))
        for item in r.appel.elements.get(liste, ())
    )
    return Bloc(champ, titre, ("Entrées", "Fraction", "Part"), lignes)


def _by_age(r: Refs) -> Bloc:
    if r.appel.public is None or not r.a(_P, "age", "date_entree"):
        return Bloc("age", "", (), ())
    bounds = r.appel.public.tranches_age
    lignes = []
    for rang, libelle in enumerate(tranches(r.appel)):
        criteria = [("age", f'">={bounds[rang - 1]}"')] if rang else [("age", '">=0"')]
        if rang < len(bounds):
            criteria.append(("age", f'"<{bounds[rang]}"'))
        lignes.append(Ligne(libelle, trio("age", _count(r, *criteria), n("bord.entrees"), str(rang))))
    return Bloc("age", "Par âge à l'entrée", ("Entrées", "Fraction", "Part"), tuple(lignes))


def _hours(r: Refs) -> Bloc:
    if "heures" not in r.tables:
        return Bloc("heures", "", (), ())
    champs = ("travail", "accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe")
    entetes = {champ.nom: champ.entete for champ in r.tables["heures"].champs}
    lignes = tuple(
        Ligne(entetes[champ], (Valeur(f"bord.heures:{champ}", f"SUM({r.col('heures', champ)})", "heures"),))
        for champ in champs
        if champ in entetes
    )
    note = "Les heures reçues par les personnes et les heures données par l'équipe ne s'additionnent pas."
    return Bloc("heures", "Heures", ("Total",), lignes, note)


def _committees(r: Refs) -> Bloc:
    comites = r.appel.comites
    if comites is None or not r.a("comites", "date_reunion"):
        return Bloc("comites", "", (), ())
    debut, fin, days = r.op("date_debut"), r.op("date_fin"), r.col("comites", "date_reunion")
    elapsed, length = n("bord.mois_ecoules"), n("bord.mois_operation")
    inside = f'COUNTIFS({days},">="&{debut},{days},"<="&MIN(aujourdhui,{fin}))'
    held = f'IF({length}="",COUNTIFS({days},"<="&aujourdhui),{inside})'
    if comites.intervalle_mois:
        expected = f"INT({elapsed}/{comites.intervalle_mois})"
    else:
        prorated = f"INT({comites.minimum}*{elapsed}/{length})"
        expected = f"IF(aujourdhui>={fin},{comites.minimum},{prorated})"
    lignes = [
        Ligne("Réunions tenues pendant l'opération", (nombre("bord.comites_tenus", held),)),
        Ligne("Réunions attendues à ce jour", (nombre("bord.comites_attendus", f'IF({elapsed}="",0,{expected})'),)),
    ]
    if comites.intervalle_mois:
        months = comites.intervalle_mois
        period = f"IF(aujourdhui<{debut},0,INT({mois_complets(debut, 'aujourdhui')}/{months}))+1"
        limit = f"MIN({fin},EDATE({debut},{months}*({period}))-1)"
        lignes.append(
            Ligne(
                "Prochaine réunion, au plus tard le",
                (Valeur("bord.comite_avant_le", f'IF({elapsed}="","",IF(aujourdhui>{fin},"",{limit}))', "date"),),
            )
        )
    return Bloc("comites", f"{comites.nom[:1].upper()}{comites.nom[1:]}", (), tuple(lignes))


def _links(r: Refs) -> Bloc:
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
            lignes.append(Ligne(item.libelle, tuple(values)))
    if r.a("immersions", "participant"):
        count = nombre("bord.immersions", f"COUNTA({r.col('immersions', 'participant')})")
        lignes.append(Ligne("Périodes d'immersion inscrites (feuille Immersions)", (count,)))
    return Bloc("liens", r.appel.dit("Liens avec {le economie}"), columns, tuple(lignes))


def _money() -> Bloc:
    def euros(cle: str, source: str) -> Valeur:
        return Valeur(f"bord.{cle}", source, "euros")

    lignes = (
        Ligne("Dépenses prévues", (euros("total_prevu", n("budget.total_prevu")),)),
        Ligne(
            "Dépenses réalisées (lignes prévues)",
            (
                euros("total_depense", n("budget.total_depense")),
                part("bord.part_depensee", n("bord.total_depense"), n("bord.total_prevu")),
            ),
        ),
        Ligne("Dépenses retenues", (euros("total_retenu", n("budget.total_retenu")),)),
        Ligne("Subvention votée", (euros("votee", n("budget.votee")),)),
        Ligne("Subvention due à ce jour", (euros("du", n("budget.du")),)),
        Ligne("Solde à verser", (euros("solde", n("budget.solde")),), total=True),
    )
    return Bloc("finances", "Financement", (), lignes, "Charges indirectes comprises. Détail : feuille Budget.")


def _deadlines(r: Refs) -> Bloc:
    def due(champ: str) -> str:
        end = r.op(champ)
        return f'IF(ISNUMBER({end}),EDATE({end},p_bilan_mois),"")'

    first, second = n("bord.bilan_operation"), n("bord.bilan_convention")
    earlier = f'IF(COUNT({first},{second})=0,"",MIN({first},{second}))'
    lignes = [
        Ligne("Bilan final, d'après la fin de l'opération", (Valeur("bord.bilan_operation", due("date_fin"), "date"),)),
        Ligne(
            "Bilan final, d'après la fin effective de la convention",
            (Valeur("bord.bilan_convention", due("date_fin_convention"), "date"),),
        ),
        Ligne("Bilan final à déposer avant le", (Valeur("bord.bilan", earlier, "date"),), total=True),
    ]
    return Bloc("echeances", "Échéances", (), tuple(lignes))
