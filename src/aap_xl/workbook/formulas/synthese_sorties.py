"""The blocks of « Tableau de bord » about exits: classes, rates with their fractions, references, follow-up."""

from collections.abc import Mapping

from aap_xl.appels.model import SORTIE, Contact, Volet
from aap_xl.domain import sorties
from aap_xl.domain.tableau import Colonne, Formule, Forte, Ligne, Tableau, Valeur
from aap_xl.rows import Nature
from aap_xl.workbook.formulas.blocks import copie, fraction, nombre, part, sorties_comptees, tableau
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.layout import nom_defini as n

_P = "participants"
_DECISION = ("classe_forcee", "motif_classe", "valide_par")


def _volets(r: Refs) -> list[Volet]:
    """The moments that the sheet counts: the exit, and the follow-up points that have their columns."""
    return [volet for volet in r.appel.volets if not volet.mois or r.a(_P, volet.classe, volet.echeance)]


def _due(r: Refs, volet: Volet) -> str:
    """The criterion of the exits that a follow-up point counts."""
    return f',{r.col(_P, volet.echeance)},"<="&aujourdhui' if volet.mois else ""


def _cle(volet: Volet) -> str:
    """How the keys of the classes of a moment begin."""
    return volet.nom if volet.mois else "classe"


def _abrege(volet: Volet) -> str:
    """What ends the keys that the last follow-up point names shortly."""
    return "" if volet.nom == "suivi" else volet.suffixe


def _total(volet: Volet) -> str:
    """The cell that counts the exits of a moment."""
    return n(f"bord.echues{_abrege(volet)}" if volet.mois else "bord.sorties")


def classes(r: Refs) -> Tableau:
    """Exits by class, at exit and at each follow-up point, and those still open."""
    if r.appel.sorties is None or not r.a(_P, "classe", "date_sortie"):
        return tableau("classes", "", (), ())
    volets = _volets(r)
    lignes: list[Ligne] = []
    for item in r.appel.sorties.classes:
        values = []
        for volet in volets:
            cle = f":{item.code}"
            count = f"COUNTIFS({r.col(_P, volet.classe)},{texte(item.libelle)}{_due(r, volet)})"
            values.append(nombre(f"bord.{_cle(volet)}{cle}", count))
            values.append(part(f"bord.{_cle(volet)}_part{cle}", n(f"bord.{_cle(volet)}{cle}"), _total(volet)))
        lignes.append((item.libelle, *values))
    lignes += [_open_exits(r, volets), _all_exits(r, volets)]
    columns = tuple(titre for volet in volets for titre in (volet.libelle, "Part"))
    note = "Part : parmi toutes les sorties ; à l'échéance du suivi, parmi les sorties dont le point est échu."
    return tableau("classes", "Sorties par classe", columns, tuple(lignes), note if len(volets) > 1 else "")


def _open_exits(r: Refs, volets: list[Volet]) -> Ligne:
    """Exits still without a class; at a follow-up point, also the people not reached or not contacted."""
    assert r.appel.sorties  # noqa: S101 (the caller checks)
    values = []
    for volet in volets:
        classed = "".join(f"-{n(f'bord.{_cle(volet)}:{item.code}')}" for item in r.appel.sorties.classes)
        cle = f"bord.{volet.nom}_ouvertes" if volet.mois else "bord.ouvertes"
        values.append(nombre(cle, f"{_total(volet)}{classed}"))
        values.append(part(f"{cle}_part", n(cle), _total(volet)))
    libelle = sorties.A_QUALIFIER if len(volets) == 1 else "À qualifier, à contacter ou injoignable"
    return (libelle, *values)


def _all_exits(r: Refs, volets: list[Volet]) -> Ligne:
    values: list[Valeur] = [Formule("bord.total_sorties", n("bord.sorties"), Nature.ENTIER)]
    for point in volets[1:]:
        due = f'COUNTIFS({r.col(_P, "date_sortie")},"<>"{_due(r, point)})'
        values += [None, nombre(f"bord.echues{_abrege(point)}", due)]
    return Forte(("Total", *values))


def dynamiques(r: Refs, volet: Volet = SORTIE, *, hors: bool = False) -> tuple[str, str]:
    """Dynamic exits, and the exits they are counted among."""
    assert r.appel.sorties  # noqa: S101 (the caller checks)
    column, due, whole = r.col(_P, volet.dynamique), _due(r, volet), _total(volet)
    if not hors:
        return f'COUNTIFS({column},"Oui"{due})', whole
    withdrawn = f"{r.col(_P, 'classe')},{r.libelle('classes', r.appel.sorties.classe_retrait)}"
    dynamic = f'(COUNTIFS({column},"Oui"{due})-COUNTIFS({column},"Oui",{withdrawn}{due}))'
    return dynamic, f"({whole}-COUNTIFS({withdrawn}{due}))"


def _targeted(r: Refs, volet: Volet) -> tuple[str, str]:
    """Exits to qualifying training, or to a job in the targeted trade, and the exits they are counted among."""
    situation = r.col(_P, volet.situation)
    parts = []
    assert r.appel.sorties  # noqa: S101 (the caller checks)
    if any(item.formation for item in r.appel.sorties.situations):
        parts.append(f"ISNUMBER(MATCH({situation},l_formations,0))")
    if any(item.emploi for item in r.appel.sorties.situations) and r.a(_P, volet.metier_vise):
        metier = r.col(_P, volet.metier_vise)
        parts.append(f'ISNUMBER(MATCH({situation},l_emplois,0))*({metier}="Oui")')
    tests = [f'({r.col(_P, "date_sortie")}<>"")', f"(({'+'.join(parts) or '0'})>0)"]
    tests += [f"({r.col(_P, champ)}={value})" for champ, value in sorties_comptees(r)]
    if volet.mois:
        echeance = r.col(_P, volet.echeance)
        fait = r.libelle("contacts", Contact.FAIT)
        tests += [f"ISNUMBER({echeance})", f"({echeance}<=aujourdhui)", f"({r.col(_P, volet.contact)}={fait})"]
    elif r.a(_P, *_DECISION):
        decided = "*".join(f'({r.col(_P, nom)}<>"")' for nom in _DECISION)
        tests.append(f'(1-{decided}*({r.col(_P, "dynamique")}="Non"))')
    return f"SUMPRODUCT({'*'.join(tests)})", _total(volet)


def _counter(libelle: str, nom: str, counts: Mapping[Volet, tuple[str, str]]) -> Ligne:
    values = []
    for volet, (number, whole) in counts.items():
        values.append(fraction(f"bord.{nom}{volet.suffixe}_fraction", number, whole))
        values.append(part(f"bord.{nom}{volet.suffixe}_part", number, whole))
    return (Forte if nom == "dynamiques" else tuple)((libelle, *values))


def taux(r: Refs) -> Tableau:
    """Dynamic exits and the call's narrower counter, each with its fraction and its rate."""
    if r.appel.sorties is None or not r.a(_P, "dynamique", "classe", "date_sortie"):
        return tableau("taux", "", (), ())
    volets = [volet for volet in _volets(r) if r.a(_P, volet.dynamique)]
    lignes: list[Ligne] = [
        _counter("Sorties dynamiques", "dynamiques", {volet: dynamiques(r, volet) for volet in volets})
    ]
    if r.appel.sorties.retraits_hors_denominateur and r.appel.sorties.classe_retrait:
        without = {volet: dynamiques(r, volet, hors=True) for volet in volets}
        lignes.append(_counter("Retraits exclus", "hors_retraits", without))
    if "sorties_visees" in r.appel.indicateurs and r.a(_P, "situation"):
        targeted = {volet: _targeted(r, volet) for volet in volets if r.a(_P, volet.situation)}
        lignes.append(_counter(sorties.VISEES, "visees", targeted))
    if "objectif_dynamiques" in r.appel.classeur.operation:
        objective = r.op("objectif_dynamiques")
        goal = nombre("bord.objectif", f'IF(ISNUMBER({objective}),{objective},"")')
        lignes.append(("Objectif du dossier (nombre de sorties dynamiques)", goal))
    if "objectif_visees" in r.appel.classeur.operation:
        objective = r.op("objectif_visees")
        goal = nombre("bord.objectif_visees", f'IF(ISNUMBER({objective}),{objective},"")')
        lignes.append(("Objectif du dossier (nombre de sorties visées)", goal))
    columns = tuple(titre for volet in volets for titre in (volet.libelle, "Taux"))
    return tableau("taux", "Sorties dynamiques", columns, tuple(lignes))


def reperes(r: Refs) -> Tableau:
    """The rates that have a national reference, beside it."""
    if r.appel.sorties is None or not r.a(_P, "dynamique", "classe", "date_sortie"):
        return tableau("reperes", "", (), ())
    volets = _volets(r)
    lignes: list[Ligne] = []
    for rang, item in enumerate(r.appel.sorties.references):
        values: list[Valeur] = []
        for volet in volets:
            by_class = f"bord.{_cle(volet)}_part:{item.classe}"
            source = by_class if item.classe else f"bord.dynamiques{volet.suffixe}_part"
            values.append(copie(f"bord.repere{volet.suffixe}:{rang}", n(source), Nature.TAUX))
        libelle = r.appel.libelle("classes", item.classe) if item.classe else "Sorties dynamiques"
        lignes.append((libelle, *values, item.taux))
    columns: tuple[str | Colonne, ...] = (*(volet.libelle for volet in volets), Colonne("Repère national", Nature.TAUX))
    sources = " ; ".join(dict.fromkeys(item.source for item in r.appel.sorties.references))
    note = f"Repères indicatifs, jamais contrôlés. [{sources}]" if sources else ""
    return tableau("reperes", "Comparaison aux repères nationaux", columns, tuple(lignes), note)


def suivi(r: Refs) -> Tableau:
    """Where each follow-up point stands."""
    points = [point for point in _volets(r)[1:] if r.a(_P, point.etat)]
    states = (sorties.NON_ECHU, sorties.A_FAIRE, sorties.FAIT, sorties.INJOIGNABLE)
    lignes: list[Ligne] = [
        (
            state,
            *(
                nombre(
                    f"bord.etat{_abrege(point)}:{state.casefold()}", f"COUNTIFS({r.col(_P, point.etat)},{texte(state)})"
                )
                for point in points
            ),
        )
        for state in (states if points else ())
    ]
    columns = tuple(point.libelle for point in points) if len(points) > 1 else ("Sorties",)
    return tableau("suivi", f"Suivi {' et '.join(point.a_mois for point in points)}", columns, tuple(lignes))
