"""The blocks of « Tableau de bord »: what the quarterly committee looks at."""

from aap_xl.domain import sorties
from aap_xl.domain.public import tranches
from aap_xl.workbook.layout import nom_defini as n
from aap_xl.workbook.refs import Refs, mois_complets, texte
from aap_xl.workbook.synthese import Bloc, Ligne, Valeur

_P = "participants"


def blocs(r: Refs) -> list[Bloc]:
    """The blocks of the sheet, top to bottom; those the call does not need have no line."""
    return [
        _operation(r),
        _people(r),
        _by_list(r, "sexe", "sexes", "Par sexe"),
        _by_age(r),
        _by_list(r, "mds", "mds", "Par Maison du Département Solidarité"),
        _exits(r),
        _rates(r),
        _references(r),
        _follow_up(r),
        _hours(r),
        _committees(r),
        _links(r),
        _money(),
        _deadlines(r),
    ]


def _copy(cle: str, source: str, nature: str) -> Valeur:
    return Valeur(cle, f'IF({source}="","",{source})', nature)


def _dated(cle: str, source: str) -> Valeur:
    return Valeur(cle, f'IF(ISNUMBER({source}),{source},"")', "date")


def _share(cle: str, number: str, whole: str) -> Valeur:
    return Valeur(cle, f'IF({whole}=0,"",{number}/{whole})', "taux")


def _fraction(cle: str, number: str, whole: str) -> Valeur:
    return Valeur(cle, f'IF({whole}=0,"",{number}&"/"&{whole})', "texte")


def _operation(r: Refs) -> Bloc:
    debut, fin = r.op("date_debut"), r.op("date_fin")
    known = f"IF(COUNT({debut},{fin})<2,FALSE,{fin}>={debut})"
    until = f"MIN(aujourdhui,{fin})+1"
    elapsed = f'IF({known},IF({until}<={debut},0,{mois_complets(debut, until)}),"")'
    whole = mois_complets(debut, f"({fin}+1)")
    length = f'IF({known},{whole}+({fin}+1>EDATE({debut},{whole})),"")'
    lignes = [
        Ligne(libelle, (_copy(f"bord.{champ}", r.op(champ), "texte"),), large=True)
        for champ, libelle in (("porteur", "Porteur"), ("intitule", "Opération"), ("convention", "Convention"))
        if champ in r.appel.classeur.operation
    ]
    lignes += [
        Ligne("Début et fin", (_dated("bord.debut", debut), _dated("bord.fin", fin))),
        Ligne("Situation au", (Valeur("bord.jour", "aujourdhui", "date"),)),
        Ligne(
            "Mois écoulés, sur mois de l'opération",
            (Valeur("bord.mois_ecoules", elapsed, "entier"), Valeur("bord.mois_operation", length, "entier")),
        ),
    ]
    return Bloc("operation", "L'opération", (), tuple(lignes))


def _count(r: Refs, *criteria: tuple[str, str]) -> str:
    """How many people who entered meet every criterion."""
    pairs = [("date_entree", '"<>"'), *criteria]
    return f"COUNTIFS({','.join(f'{r.col(_P, champ)},{value}' for champ, value in pairs)})"


def _number(cle: str, formule: str) -> Valeur:
    return Valeur(cle, formule, "entier")


def _trio(nom: str, formule: str, whole: str, argument: str = "") -> tuple[Valeur, Valeur, Valeur]:
    """The number, its fraction, its rate."""
    suffix = f":{argument}" if argument else ""
    number = n(f"bord.{nom}{suffix}")
    return (
        _number(f"bord.{nom}{suffix}", formule),
        _fraction(f"bord.{nom}_fraction{suffix}", number, whole),
        _share(f"bord.{nom}_part{suffix}", number, whole),
    )


def _people(r: Refs) -> Bloc:
    if not r.a(_P, "date_entree"):
        return Bloc("personnes", "", (), ())
    entered = n("bord.entrees")
    lignes = []
    if "personnes_prevues" in r.appel.classeur.operation:
        planned = r.op("personnes_prevues")
        lignes.append(Ligne("Personnes prévues", (_number("bord.prevues", f'IF(ISNUMBER({planned}),{planned},"")'),)))
    lignes.append(Ligne("Personnes entrées", (_number("bord.entrees", _count(r)),), total=True))
    if r.a(_P, "date_sortie"):
        lignes += [
            Ligne("dont présentes", _trio("presents", _count(r, ("date_sortie", '"="')), entered)),
            Ligne("Personnes sorties", (_number("bord.sorties", f"COUNTA({r.col(_P, 'date_sortie')})"),)),
        ]
    if r.a(_P, "brsa"):
        lignes.append(Ligne("dont bénéficiaires du RSA", _trio("brsa", _count(r, ("brsa", '"Oui"')), entered)))
    public = r.appel.public
    if public and public.majorite_brsa and r.a(_P, "brsa"):
        sign = ">" if public.majorite_brsa.strict else ">="
        verdict = f'IF({entered}=0,"",IF({n("bord.brsa")}{sign}p_seuil_brsa*{entered},"Oui","Non"))'
        lignes.append(Ligne("Bénéficiaires du RSA majoritaires", (Valeur("bord.brsa_majorite", verdict, "texte"),)))
    if r.a(_P, "logement_dabord"):
        housed = _trio("logement_dabord", _count(r, ("logement_dabord", '"Oui"')), entered)
        lignes.append(Ligne("dont au titre du logement d'abord", housed))
    return Bloc("personnes", "Personnes accompagnées", ("Nombre", "Fraction", "Part"), tuple(lignes))


def _by_list(r: Refs, champ: str, liste: str, titre: str) -> Bloc:
    if not r.a(_P, champ, "date_entree"):
        return Bloc(champ, "", (), ())
    lignes = tuple(
        Ligne(
            item.libelle, _trio(champ, _count(r, (champ, texte(item.libelle))), n("bord.entrees"), argument=item.code)
        )
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
        lignes.append(Ligne(libelle, _trio("age", _count(r, *criteria), n("bord.entrees"), str(rang))))
    return Bloc("age", "Par âge à l'entrée", ("Entrées", "Fraction", "Part"), tuple(lignes))


def _followed(r: Refs) -> bool:
    return r.appel.operation.suivi_mois is not None and r.a(_P, "classe_suivi", "echeance_suivi")


def _due(r: Refs) -> str:
    return f'{r.col(_P, "echeance_suivi")},"<="&aujourdhui'


def _exits(r: Refs) -> Bloc:
    if r.appel.sorties is None or not r.a(_P, "classe", "date_sortie"):
        return Bloc("classes", "", (), ())
    out, due = n("bord.sorties"), n("bord.echues")
    lignes = []
    for item in r.appel.sorties.classes:
        wording, suffix = texte(item.libelle), f":{item.code}"
        values = [
            _number(f"bord.classe{suffix}", f"COUNTIFS({r.col(_P, 'classe')},{wording})"),
            _share(f"bord.classe_part{suffix}", n(f"bord.classe{suffix}"), out),
        ]
        if _followed(r):
            count = f"COUNTIFS({r.col(_P, 'classe_suivi')},{wording},{_due(r)})"
            values.append(_number(f"bord.suivi{suffix}", count))
            values.append(_share(f"bord.suivi_part{suffix}", n(f"bord.suivi{suffix}"), due))
        lignes.append(Ligne(item.libelle, tuple(values)))
    lignes += [_open_exits(r), _all_exits(r)]
    months = r.appel.operation.suivi_mois
    columns = ("À la sortie", "Part", f"À {months} mois", "Part")[: 4 if _followed(r) else 2]
    note = "Part : parmi toutes les sorties ; à l'échéance du suivi, parmi les sorties dont le point est échu."
    return Bloc("classes", "Sorties par classe", columns, tuple(lignes), note if _followed(r) else "")


def _open_exits(r: Refs) -> Ligne:
    """Exits still without a class; at the follow-up point, also the people not reached or not contacted."""
    assert r.appel.sorties  # noqa: S101 (the caller checks)
    codes = [item.code for item in r.appel.sorties.classes]
    classed = "".join(f"-{n(f'bord.classe:{code}')}" for code in codes)
    values = [
        _number("bord.ouvertes", f"{n('bord.sorties')}{classed}"),
        _share("bord.ouvertes_part", n("bord.ouvertes"), n("bord.sorties")),
    ]
    if not _followed(r):
        return Ligne(sorties.A_QUALIFIER, tuple(values))
    followed = "".join(f"-{n(f'bord.suivi:{code}')}" for code in codes)
    values.append(_number("bord.suivi_ouvertes", f"{n('bord.echues')}{followed}"))
    values.append(_share("bord.suivi_ouvertes_part", n("bord.suivi_ouvertes"), n("bord.echues")))
    return Ligne("À qualifier, à contacter ou injoignable", tuple(values))


def _all_exits(r: Refs) -> Ligne:
    total = Valeur("bord.total_sorties", n("bord.sorties"), "entier")
    if not _followed(r):
        return Ligne("Total", (total,), total=True)
    due = f'COUNTIFS({r.col(_P, "date_sortie")},"<>",{_due(r)})'
    return Ligne("Total", (total, None, _number("bord.echues", due)), total=True)


def _dynamic(r: Refs, *, suivi: bool = False, hors: bool = False) -> tuple[str, str]:
    """Dynamic exits, and the exits they are counted among."""
    assert r.appel.sorties  # noqa: S101 (the caller checks)
    column = r.col(_P, "dynamique_suivi" if suivi else "dynamique")
    criteria = f",{_due(r)}" if suivi else ""
    whole = n("bord.echues") if suivi else n("bord.sorties")
    if not hors:
        return f'COUNTIFS({column},"Oui"{criteria})', whole
    withdrawn = f"{r.col(_P, 'classe')},{r.libelle('classes', r.appel.sorties.classe_retrait)}"
    dynamic = f'(COUNTIFS({column},"Oui"{criteria})-COUNTIFS({column},"Oui",{withdrawn}{criteria}))'
    return dynamic, f"({whole}-COUNTIFS({withdrawn}{criteria}))"


def _targeted(r: Refs, suffixe: str = "") -> str:
    """Exits to qualifying training, or to a job in the targeted trade."""
    situation = r.col(_P, f"situation{suffixe}")
    parts = []
    assert r.appel.sorties  # noqa: S101 (the caller checks)
    if any(item.formation for item in r.appel.sorties.situations):
        parts.append(f"ISNUMBER(MATCH({situation},l_formations,0))")
    if any(item.emploi for item in r.appel.sorties.situations) and r.a(_P, f"metier_vise{suffixe}"):
        metier = r.col(_P, f"metier_vise{suffixe}")
        parts.append(f'ISNUMBER(MATCH({situation},l_emplois,0))*({metier}="Oui")')
    tests = [f'({r.col(_P, "date_sortie")}<>"")', f"(({'+'.join(parts) or '0'})>0)"]
    if suffixe:
        echeance = r.col(_P, "echeance_suivi")
        fait = r.libelle("contacts", "fait")
        tests += [f"ISNUMBER({echeance})", f"({echeance}<=aujourdhui)", f"({r.col(_P, 'contact_suivi')}={fait})"]
    return f"SUMPRODUCT({'*'.join(tests)})"


def _counter(libelle: str, nom: str, at_exit: tuple[str, str], later: tuple[str, str] | None) -> Ligne:
    number, whole = at_exit
    values = [
        _fraction(f"bord.{nom}_fraction", number, whole),
        _share(f"bord.{nom}_part", number, whole),
    ]
    if later:
        number, whole = later
        values.append(_fraction(f"bord.{nom}_suivi_fraction", number, whole))
        values.append(_share(f"bord.{nom}_suivi_part", number, whole))
    return Ligne(libelle, tuple(values), total=nom == "dynamiques")


def _rates(r: Refs) -> Bloc:
    if r.appel.sorties is None or not r.a(_P, "dynamique", "classe", "date_sortie"):
        return Bloc("taux", "", (), ())
    followed = _followed(r) and r.a(_P, "dynamique_suivi")
    later = _dynamic(r, suivi=True) if followed else None
    lignes = [_counter("Sorties dynamiques", "dynamiques", _dynamic(r), later)]
    if r.appel.sorties.retraits_hors_denominateur and r.appel.sorties.classe_retrait:
        without = _dynamic(r, suivi=True, hors=True) if followed else None
        lignes.append(_counter("Retraits exclus", "hors_retraits", _dynamic(r, hors=True), without))
    if "sorties_visees" in r.appel.indicateurs and r.a(_P, "situation"):
        seen = followed and r.a(_P, "situation_suivi")
        targeted = (_targeted(r, "_suivi"), n("bord.echues")) if seen else None
        wording = "Formation qualifiante ou emploi dans le métier visé"
        lignes.append(_counter(wording, "visees", (_targeted(r), n("bord.sorties")), targeted))
    if "objectif_dynamiques" in r.appel.classeur.operation:
        objective = r.op("objectif_dynamiques")
        goal = _number("bord.objectif", f'IF(ISNUMBER({objective}),{objective},"")')
        lignes.append(Ligne("Objectif du dossier (nombre de sorties dynamiques)", (goal,)))
    columns = ("À la sortie", "Taux", f"À {r.appel.operation.suivi_mois} mois", "Taux")[: 4 if followed else 2]
    return Bloc("taux", "Sorties dynamiques", columns, tuple(lignes))


def _references(r: Refs) -> Bloc:
    if r.appel.sorties is None or not r.a(_P, "dynamique", "classe", "date_sortie"):
        return Bloc("reperes", "", (), ())
    lignes = []
    for rang, item in enumerate(r.appel.sorties.references):
        source = f"bord.classe_part:{item.classe}" if item.classe else "bord.dynamiques_part"
        values: list[Valeur | float | None] = [_copy(f"bord.repere:{rang}", n(source), "taux")]
        if _followed(r):
            later = f"bord.suivi_part:{item.classe}" if item.classe else "bord.dynamiques_suivi_part"
            values.append(_copy(f"bord.repere_suivi:{rang}", n(later), "taux"))
        libelle = r.appel.libelle("classes", item.classe) if item.classe else "Sorties dynamiques"
        lignes.append(Ligne(libelle, (*values, float(item.taux))))
    columns = ("À la sortie", *((f"À {r.appel.operation.suivi_mois} mois",) if _followed(r) else ()), "Repère national")
    sources = " ; ".join(dict.fromkeys(item.source for item in r.appel.sorties.references))
    note = f"Repères indicatifs, jamais contrôlés. [{sources}]" if sources else ""
    return Bloc("reperes", "Comparaison aux repères nationaux", columns, tuple(lignes), note)


def _follow_up(r: Refs) -> Bloc:
    if not (_followed(r) and r.a(_P, "etat_suivi")):
        return Bloc("suivi", "", (), ())
    states = (sorties.NON_ECHU, sorties.A_FAIRE, sorties.FAIT, sorties.INJOIGNABLE)
    lignes = [
        Ligne(
            state,
            (_number(f"bord.etat:{state.casefold()}", f"COUNTIFS({r.col(_P, 'etat_suivi')},{texte(state)})"),),
        )
        for state in states
    ]
    return Bloc("suivi", f"Suivi à {r.appel.operation.suivi_mois} mois", ("Sorties",), tuple(lignes))


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
    held = f'COUNTIFS({r.col("comites", "date_reunion")},"<="&aujourdhui)'
    elapsed, length = n("bord.mois_ecoules"), n("bord.mois_operation")
    if comites.intervalle_mois:
        expected = f"INT({elapsed}/{comites.intervalle_mois})"
    else:
        prorated = f"INT({comites.minimum}*{elapsed}/{length})"
        expected = f"IF(aujourdhui>={r.op('date_fin')},{comites.minimum},{prorated})"
    lignes = [
        Ligne("Réunions tenues", (_number("bord.comites_tenus", held),)),
        Ligne("Réunions attendues à ce jour", (_number("bord.comites_attendus", f'IF({elapsed}="",0,{expected})'),)),
    ]
    if comites.intervalle_mois:
        debut, fin, months = r.op("date_debut"), r.op("date_fin"), comites.intervalle_mois
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
            values = [_number(f"bord.liens:{item.code}", f"COUNTIFS({nature},{wording})")]
            if with_people:
                total = f"SUMIFS({r.col('partenaires', 'personnes')},{nature},{wording})"
                values.append(_number(f"bord.liens_personnes:{item.code}", total))
            lignes.append(Ligne(item.libelle, tuple(values)))
    if r.a("immersions", "participant"):
        count = _number("bord.immersions", f"COUNTA({r.col('immersions', 'participant')})")
        lignes.append(Ligne("Périodes d'immersion inscrites (feuille Immersions)", (count,)))
    return Bloc("liens", "Liens avec le secteur économique", columns, tuple(lignes))


def _money() -> Bloc:
    def euros(cle: str, source: str) -> Valeur:
        return Valeur(f"bord.{cle}", source, "euros")

    lignes = (
        Ligne("Dépenses prévues", (euros("total_prevu", n("budget.total_prevu")),)),
        Ligne(
            "Dépenses réalisées (lignes prévues)",
            (
                euros("total_depense", n("budget.total_depense")),
                _share("bord.part_depensee", n("bord.total_depense"), n("bord.total_prevu")),
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
