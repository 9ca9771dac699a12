"""The hidden sheet: what marks our files, the call's parameters, the dropdowns' lists, the exit decision table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aap_xl.appels.model import Appel, Seuil, Situation, Volet
from aap_xl.cells import column_letter
from aap_xl.domain.classement import classer
from aap_xl.domain.sorties import libelle_classe
from aap_xl.francais import oui_non
from aap_xl.workbook import layout

MARQUE = "aap_xl"
ENTETES = 3
PREMIERE = 4
_PARAMETRE, _VALEUR = 1, 2
_PREMIERE_LISTE = 4
_SANS_LIMITE = 1200
"""Months after which no contract starts: a century."""
_DEMI_MOIS = Decimal("0.5")


@dataclass(frozen=True)
class Colonne:
    """One list (or several side by side): its defined name, its header, its rows of values."""

    nom: str
    entete: str
    lignes: tuple[tuple[object, ...], ...]
    colonne: int

    @property
    def ref(self) -> str:
        """Absolute address of the values."""
        debut, fin = column_letter(self.colonne), column_letter(self.colonne + len(self.lignes[0]) - 1)
        return f"{layout.nom_feuille(layout.LISTES)}!${debut}${PREMIERE}:${fin}${PREMIERE + len(self.lignes) - 1}"


@dataclass(frozen=True)
class Parametre:
    """One number of the call that formulas use."""

    nom: str
    libelle: str
    valeur: Any
    ligne: int

    @property
    def ref(self) -> str:
        """Absolute address of the value."""
        return layout.absolu(layout.LISTES, self.ligne, _VALEUR)


AUJOURDHUI = Parametre("aujourdhui", "Date du jour", None, PREMIERE)


def parametres(appel: Appel) -> list[Parametre]:
    """The call's numbers, one a row; those it does not have are left out."""
    budget, operation = appel.budget, appel.operation
    items: list[tuple[str, str, object]] = [
        ("p_taux_indirect", "Taux des charges indirectes", budget.charges_indirectes.taux),
        ("p_fongibilite", "Fongibilité de l'appel à projets", budget.fongibilite.taux),
        ("p_tolerance", "Tolérance d'équilibre", budget.tolerance),
        ("p_bilan_mois", "Délai du bilan (mois)", operation.bilan_delai_mois),
    ]
    if budget.plafond_subvention is not None:
        items.append(("p_plafond", "Plafond de subvention", budget.plafond_subvention))
    for point in appel.points:
        label = "Suivi" if point.nom == "suivi" else "Point intermédiaire"
        items.append((mois(point), f"{label} après la sortie (mois)", point.mois))
    if appel.heures:
        items.append(("p_heures_min", "Heures par semaine, minimum", appel.heures.minimum))
        items.append(("p_heures_max", "Heures par semaine, maximum", appel.heures.maximum))
    if appel.public and appel.public.majorite_brsa:
        items.append(("p_seuil_brsa", "Seuil de majorité des BRSA", appel.public.majorite_brsa.seuil))
    return [Parametre(nom, libelle, valeur, PREMIERE + 1 + rang) for rang, (nom, libelle, valeur) in enumerate(items)]


def mois(point: Volet) -> str:
    """The name of the months after which a follow-up point falls."""
    return f"p_{point.nom}_mois"


def plafond(appel: Appel) -> str:
    """The largest grant, as a formula writes it."""
    return "ROUND(p_plafond-0.01,2)" if appel.budget.plafond_strict else "p_plafond"


def seuils(appel: Appel) -> tuple[Seuil, ...]:
    """The lengths at which a class may change, sorted."""
    return appel.sorties.seuils if appel.sorties else ()


def colonnes(appel: Appel) -> dict[str, Colonne]:
    """Every list of the sheet by its defined name, placed left to right with a blank column between two."""
    placed: dict[str, Colonne] = {}
    colonne = _PREMIERE_LISTE
    for nom, entete, lignes in _lists(appel):
        if lignes:
            placed[nom] = Colonne(nom, entete, lignes, colonne)
            colonne += len(lignes[0]) + 1
    return placed


def lignes_budget(appel: Appel) -> tuple[int, int, int] | None:
    """Where the codes of the planned lines are listed: column, first row, number of rows; ``None`` without expenses."""
    tables = layout.tables(appel)
    if "depenses" not in tables:
        return None
    offered = sum(tables[nom].lignes for nom in ("personnel", "charges") if nom in tables)
    last = max((item.colonne + len(item.lignes[0]) for item in colonnes(appel).values()), default=_PREMIERE_LISTE - 1)
    return (last + 1, PREMIERE, offered) if offered else None


def _lists(appel: Appel) -> Iterator[tuple[str, str, tuple[tuple[object, ...], ...]]]:
    used = {champ.liste for table in layout.tables(appel).values() for champ in table.champs}
    used |= {champ.liste for champ in layout.formulaire(appel).champs}
    for nom, items in appel.elements.items():
        if nom in used - {"situations", "classes"}:
            yield f"l_{nom}", nom, tuple((item.libelle,) for item in items)
    yield "l_postes", "postes", tuple((poste.libelle,) for poste in appel.budget.postes)
    if appel.sorties:
        yield from _exits(appel)


def _exits(appel: Appel) -> Iterator[tuple[str, str, tuple[tuple[object, ...], ...]]]:
    assert appel.sorties is not None  # noqa: S101 (the caller checks)
    classes, situations = appel.sorties.classes, appel.sorties.situations
    written = {item.code: [item.libelle, *item.alias] for item in situations}
    for terme in appel.sorties.termes:
        if terme.situation:
            written[terme.situation].append(terme.mot)
    yield "l_classes", "classes", tuple((item.libelle,) for item in classes)
    yield "l_dynamiques", "dynamique", tuple((oui_non(item.dynamique),) for item in classes)
    yield "l_situations", "situations", tuple((item.libelle,) for item in situations)
    months = (appel.sorties.debut_mois(item.code) for item in situations)
    yield (
        "l_debuts",
        "début du contrat après la sortie (mois)",
        tuple((_SANS_LIMITE if n is None else n,) for n in months),
    )
    yield "l_emplois", "emplois", tuple((text,) for item in situations if item.emploi for text in written[item.code])
    trainings = (text for item in situations if item.formation for text in written[item.code])
    yield "l_formations", "formations", tuple((text,) for text in trainings)
    yield "l_mots", "mots compris", tuple((text,) for item in situations for text in written[item.code])
    ranks = (rank for rank, item in enumerate(situations, 1) for _ in written[item.code])
    yield "l_rangs", "rang", tuple((rank,) for rank in ranks)
    yield "m_sorties", "table de décision", tuple(_decisions(appel, situation) for situation in situations)


def _decisions(appel: Appel, situation: Situation) -> tuple[str, ...]:
    """The classes of one situation: not validated, then validated; each open-ended, unknown, then by threshold."""
    known = (_DEMI_MOIS, *(seuil.mois + seuil.strict * _DEMI_MOIS for seuil in seuils(appel)))
    lengths: list[tuple[date | None, Decimal | None]] = [(None, None), (date.max, None)]
    lengths += ((None, mois) for mois in known)
    found = (
        classer(appel, situation.code, None, fin, mois, validee=validee).classe
        for validee in (False, True)
        for fin, mois in lengths
    )
    return tuple(libelle_classe(appel, classe) for classe in found)
