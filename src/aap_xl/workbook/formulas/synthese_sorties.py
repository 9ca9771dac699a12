"""The blocks of « Tableau de bord » about exits: classes, rates with their fractions, references, follow-up."""

from aap_xl.appels.model import Contact
from aap_xl.domain import sorties
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.formulas.synthese import Bloc, Ligne, Valeur
from aap_xl.workbook.formulas.synthese_valeurs import copie, dernier, fraction, nombre, part
from aap_xl.workbook.layout import nom_defini as n

_P = "participants"
_DECISION = ("classe_forcee", "motif_classe", "valide_par")


def _followed(r: Refs) -> bool:
    return r.appel.operation.suivi_mois is not None and r.a(_P, "classe_suivi", "echeance_suivi")


def _due(r: Refs) -> str:
    return f'{r.col(_P, "echeance_suivi")},"<="&aujourdhui'


def classes(r: Refs) -> Bloc:
    """Exits by class, at exit and at the follow-up point, and those still open."""
    if r.appel.sorties is None or not r.a(_P, "classe", "date_sortie"):
        return Bloc("classes", "", (), ())
    out, due = n("bord.sorties"), n("bord.echues")
    lignes = []
    for item in r.appel.sorties.classes:
        wording, suffix = texte(item.libelle), f":{item.code}"
        values = [
            nombre(f"bord.classe{suffix}", f"COUNTIFS({r.col(_P, 'classe')},{wording})"),
            part(f"bord.classe_part{suffix}", n(f"bord.classe{suffix}"), out),
        ]
        if _followed(r):
            count = f"COUNTIFS({r.col(_P, 'classe_suivi')},{wording},{_due(r)})"
            values.append(nombre(f"bord.suivi{suffix}", count))
            values.append(part(f"bord.suivi_part{suffix}", n(f"bord.suivi{suffix}"), due))
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
        nombre("bord.ouvertes", f"{n('bord.sorties')}{classed}"),
        part("bord.ouvertes_part", n("bord.ouvertes"), n("bord.sorties")),
    ]
    if not _followed(r):
        return Ligne(sorties.A_QUALIFIER, tuple(values))
    followed = "".join(f"-{n(f'bord.suivi:{code}')}" for code in codes)
    values.append(nombre("bord.suivi_ouvertes", f"{n('bord.echues')}{followed}"))
    values.append(part("bord.suivi_ouvertes_part", n("bord.suivi_ouvertes"), n("bord.echues")))
    return Ligne("À qualifier, à contacter ou injoignable", tuple(values))


def _all_exits(r: Refs) -> Ligne:
    total = Valeur("bord.total_sorties", n("bord.sorties"), "entier")
    if not _followed(r):
        return Ligne("Total", (total,), total=True)
    due = f'COUNTIFS({r.col(_P, "date_sortie")},"<>",{_due(r)})'
    return Ligne("Total", (total, None, nombre("bord.echues", due)), total=True)


def dynamiques(r: Refs, *, suivi: bool = False, hors: bool = False) -> tuple[str, str]:
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
    if r.par_personne:
        tests += [f"({r.col(_P, champ)}={value})" for champ, value in dernier(r)]
    if suffixe:
        echeance = r.col(_P, "echeance_suivi")
        fait = r.libelle("contacts", Contact.FAIT)
        tests += [f"ISNUMBER({echeance})", f"({echeance}<=aujourdhui)", f"({r.col(_P, 'contact_suivi')}={fait})"]
    elif r.a(_P, *_DECISION):
        decided = "*".join(f'({r.col(_P, nom)}<>"")' for nom in _DECISION)
        tests.append(f'(1-{decided}*({r.col(_P, "dynamique")}="Non"))')
    return f"SUMPRODUCT({'*'.join(tests)})"


def _counter(libelle: str, nom: str, at_exit: tuple[str, str], later: tuple[str, str] | None) -> Ligne:
    number, whole = at_exit
    values = [
        fraction(f"bord.{nom}_fraction", number, whole),
        part(f"bord.{nom}_part", number, whole),
    ]
    if later:
        number, whole = later
        values.append(fraction(f"bord.{nom}_suivi_fraction", number, whole))
        values.append(part(f"bord.{nom}_suivi_part", number, whole))
    return Ligne(libelle, tuple(values), total=nom == "dynamiques")


def taux(r: Refs) -> Bloc:
    """Dynamic exits and the call's narrower counter, each with its fraction and its rate."""
    if r.appel.sorties is None or not r.a(_P, "dynamique", "classe", "date_sortie"):
        return Bloc("taux", "", (), ())
    followed = _followed(r) and r.a(_P, "dynamique_suivi")
    later = dynamiques(r, suivi=True) if followed else None
    lignes = [_counter("Sorties dynamiques", "dynamiques", dynamiques(r), later)]
    if r.appel.sorties.retraits_hors_denominateur and r.appel.sorties.classe_retrait:
        without = dynamiques(r, suivi=True, hors=True) if followed else None
        lignes.append(_counter("Retraits exclus", "hors_retraits", dynamiques(r, hors=True), without))
    if "sorties_visees" in r.appel.indicateurs and r.a(_P, "situation"):
        seen = followed and r.a(_P, "situation_suivi")
        targeted = (_targeted(r, "_suivi"), n("bord.echues")) if seen else None
        lignes.append(_counter(sorties.VISEES, "visees", (_targeted(r), n("bord.sorties")), targeted))
    if "objectif_dynamiques" in r.appel.classeur.operation:
        objective = r.op("objectif_dynamiques")
        goal = nombre("bord.objectif", f'IF(ISNUMBER({objective}),{objective},"")')
        lignes.append(Ligne("Objectif du dossier (nombre de sorties dynamiques)", (goal,)))
    if "objectif_visees" in r.appel.classeur.operation:
        objective = r.op("objectif_visees")
        goal = nombre("bord.objectif_visees", f'IF(ISNUMBER({objective}),{objective},"")')
        lignes.append(Ligne("Objectif du dossier (nombre de sorties visées)", (goal,)))
    columns = ("À la sortie", "Taux", f"À {r.appel.operation.suivi_mois} mois", "Taux")[: 4 if followed else 2]
    return Bloc("taux", "Sorties dynamiques", columns, tuple(lignes))


def reperes(r: Refs) -> Bloc:
    """The rates that have a national reference, beside it."""
    if r.appel.sorties is None or not r.a(_P, "dynamique", "classe", "date_sortie"):
        return Bloc("reperes", "", (), ())
    lignes = []
    for rang, item in enumerate(r.appel.sorties.references):
        source = f"bord.classe_part:{item.classe}" if item.classe else "bord.dynamiques_part"
        values: list[Valeur | float | None] = [copie(f"bord.repere:{rang}", n(source), "taux")]
        if _followed(r):
            later = f"bord.suivi_part:{item.classe}" if item.classe else "bord.dynamiques_suivi_part"
            values.append(copie(f"bord.repere_suivi:{rang}", n(later), "taux"))
        libelle = r.appel.libelle("classes", item.classe) if item.classe else "Sorties dynamiques"
        lignes.append(Ligne(libelle, (*values, float(item.taux))))
    columns = ("À la sortie", *((f"À {r.appel.operation.suivi_mois} mois",) if _followed(r) else ()), "Repère national")
    sources = " ; ".join(dict.fromkeys(item.source for item in r.appel.sorties.references))
    note = f"Repères indicatifs, jamais contrôlés. [{sources}]" if sources else ""
    return Bloc("reperes", "Comparaison aux repères nationaux", columns, tuple(lignes), note)


def suivi(r: Refs) -> Bloc:
    """Where the follow-up stands."""
    if not (_followed(r) and r.a(_P, "etat_suivi")):
        return Bloc("suivi", "", (), ())
    states = (sorties.NON_ECHU, sorties.A_FAIRE, sorties.FAIT, sorties.INJOIGNABLE)
    lignes = [
        Ligne(
            state,
            (nombre(f"bord.etat:{state.casefold()}", f"COUNTIFS({r.col(_P, 'etat_suivi')},{texte(state)})"),),
        )
        for state in states
    ]
    return Bloc("suivi", f"Suivi à {r.appel.operation.suivi_mois} mois", ("Sorties",), tuple(lignes))
