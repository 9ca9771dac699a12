"""The sheet « Synthèse »: its facts, its blocks, its charts."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from aap_xl.consolidation.aggregates import NOMBRE, connues, somme_par
from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese.blocs import ECHELLE, NOM, Bloc, Ligne, Redacteur, fixe
from aap_xl.consolidation.synthese.classeur import Classeur
from aap_xl.consolidation.synthese.contexte import Contexte
from aap_xl.consolidation.synthese.operations import ARGENT, GRAVITES
from aap_xl.consolidation.synthese.resultats import bloc_classes, bloc_indicateurs
from aap_xl.consolidation.synthese.tableau import Chiffres
from aap_xl.consolidation.synthese.traces import tracer
from aap_xl.francais import jour
from aap_xl.workbook.paper import styles

_APPELS = ("Appel", "Intitulé")
_DOSSIERS = (
    *("Opérations", "Bilans provisoires", "Bilans en retard"),
    *(f"Anomalies : {titre.lower()}" for titre in GRAVITES.values()),
)
_PERSONNES = (
    *("Opérations", "Personnes prévues", "Entrées", "BRSA sur entrées", "Part BRSA", "Sorties"),
    *("Dynamiques sur sorties", "Taux dynamique", "Dynamiques sur suivis échus", "Taux au suivi"),
)
_NATURES = ("entier", "entier", "entier", "fraction", "taux", "entier", "fraction", "taux", "fraction", "taux")
_DE_PERSONNES = ("Entrées", *_PERSONNES[6:])
_PORTEURS = ("Opérations", "Entrées", *_PERSONNES[6:], "Retenu", "Due", "Solde", "À reverser")
_ETATS = ("retenu", "remplacé", "doublon", "refusé", "ignoré")
_SOURCE = "Sommes de la feuille « Opérations » : filtrez-y la colonne {}."


def ecrire(classeur: Classeur, ctx: Contexte, *, avec_cle: bool, aujourdhui: date) -> None:
    """Write the first sheet."""
    sheet = classeur.page(NOM, "Synthèse des opérations", f"Situation au {jour(aujourdhui)}.", styles.ACCENT)
    out = Redacteur(classeur, sheet, 4)
    states = {row["etat"]: row[NOMBRE] for row in somme_par(ctx.tables, "fichiers", ["etat"])}
    for phrase in _faits(ctx, states, avec_cle=avec_cle):
        out.phrase(phrase)
    out.passer()
    figures = Chiffres(ctx)
    shown = [bloc for bloc in (_etats(states), *_par_appel(figures), bloc_classes(ctx)) if bloc.lignes]
    for bloc in shown:
        if bloc.cle == "classes":
            out.saut()
        out.bloc(bloc)
    out.ligne = tracer(classeur.book, sheet, ctx, {bloc.cle: bloc for bloc in shown}, out.ligne)
    out.saut()
    for bloc in (bloc_indicateurs(ctx), *_par_mds(figures), _porteurs(figures)):
        if bloc.lignes:
            out.bloc(bloc)
    sheet.freeze_panes(2, 0)
    sheet.set_print_scale(ECHELLE)
    sheet.set_h_pagebreaks(out.sauts)
    sheet.repeat_rows(0, 1)


def _faits(ctx: Contexte, states: dict[str, int], *, avec_cle: bool) -> Iterator[str]:
    """What a reader must know before the figures."""
    operations = ctx.lignes("operations")
    found = ", ".join(f"{states[etat]} {etat}{'s' if states[etat] > 1 else ''}" for etat in _ordre(states))
    yield f"Fichiers trouvés : {sum(states.values())}" + (f" ({found})." if found else ".")
    yield (
        f"Opérations : {operations} ; subvention due connue pour {connues(ctx.tables, 'operations', 'du')}, "
        f"solde connu pour {connues(ctx.tables, 'operations', 'solde')} (les sommes ne portent que sur elles)."
        if operations
        else ("Aucune opération : aucun classeur n'a pu être retenu. La feuille « Fichiers » dit pourquoi.")
    )
    if not ctx.suit:
        return
    yield (
        "Pseudonymes : faits avec la clé du Département ; les personnes présentes dans plusieurs opérations sont "
        "dans la feuille « Personnes communes »."
        if avec_cle
        else "Pseudonymes : sans clé ; une même personne n'est pas reconnue d'une opération à l'autre."
    )
    yield (
        f"Effectifs : {MARQUE} (non communiqué) remplace tout effectif de 1 à {ctx.effectifs.seuil - 1} personnes, "
        "et ceux qui permettraient de le calculer, avec leurs taux."
        if ctx.masque
        else "Effectifs : aucun n'est masqué (seuil 0 ou 1) ; ne diffusez pas ce classeur."
    )


def _ordre(states: dict[str, int]) -> list[str]:
    return [etat for etat in (*_ETATS, *sorted(states.keys() - set(_ETATS))) if etat in states]


def _etats(states: dict[str, int]) -> Bloc:
    rows = [fixe((etat.capitalize(), "", states[etat])) for etat in _ordre(states)]
    return Bloc(
        "fichiers",
        "Fichiers par état",
        "Source : feuille « Fichiers », colonne État.",
        ("État", "", "Fichiers"),
        ("entier",),
        rows,
    )


def _par_appel(figures: Chiffres) -> Iterator[Bloc]:
    chemins = [(), *figures.sommes.chemins(1)] if figures.sommes.chemins(1) else []
    yield _bloc("dossiers", "Dossiers par appel à projets", chemins, figures.dossiers, (*_APPELS, *_DOSSIERS))
    if figures.ctx.suit:
        title = "Personnes et sorties par appel à projets"
        yield _bloc("personnes", title, chemins, figures.personnes, (*_APPELS, *_PERSONNES))
    heads = (*_APPELS, *ARGENT.values())
    yield _bloc(
        "argent",
        "Dépenses et subvention par appel à projets",
        chemins,
        figures.argent,
        heads,
        reserve=figures.ctx.reserve,
    )


def _par_mds(figures: Chiffres) -> Iterator[Bloc]:
    chemins = figures.sommes.chemins(2)
    dit, places = figures.ctx.dit, ("Appel", figures.ctx.mds)
    heads = (*places, *_PERSONNES), (*places, *ARGENT.values())
    if figures.ctx.suit:
        yield _bloc("personnes_mds", dit("Personnes et sorties par {mds}"), chemins, figures.personnes, heads[0])
    reserve = figures.ctx.reserve
    titre = dit("Dépenses et subvention par {mds}")
    yield _bloc("argent_mds", titre, chemins, figures.argent, heads[1], reserve=reserve)


def _bloc(
    cle: str, titre: str, chemins: Sequence[tuple[str, ...]], row: Any, entetes: Sequence[str], *, reserve: str = ""
) -> Bloc:
    natures = {"personnes": _NATURES, "argent": ("euros",) * len(ARGENT)}.get(cle.removesuffix("_mds"))
    source = _SOURCE.format("Appel" if entetes[1] == _APPELS[1] else entetes[1]) + reserve
    lines: list[Ligne] = [partial(row, chemin) for chemin in chemins]
    total = bool(chemins) and not chemins[0]
    return Bloc(cle, titre, source, entetes, natures or ("entier",) * len(_DOSSIERS), lines, total=total)


def _porteurs(figures: Chiffres) -> Bloc:
    count, rows = figures.porteurs()
    source = "Source : feuille « Porteurs », qui les a tous."
    if count > len(rows):
        source = f"Les {len(rows)} plus gros budgets prévus, sur {count} : tous sont dans la feuille « Porteurs »."
    natures = ("entier", "entier", *_NATURES[6:], *("euros",) * 4)
    source += figures.ctx.reserve
    heads = ("Appel", "Porteur", *_PORTEURS)
    kept = [rang for rang, titre in enumerate(heads) if figures.ctx.suit or titre not in _DE_PERSONNES]
    lines = [fixe([row[rang] for rang in kept]) for row in rows]
    shown = [natures[rang - 2] for rang in kept[2:]]
    return Bloc("porteurs", "Principaux porteurs", source, [heads[rang] for rang in kept], shown, lines)
