"""The sheet « Synthèse »: its facts, its blocks, its charts."""

from collections.abc import Iterator
from datetime import date

from aap_xl.consolidation.aggregates import NOMBRE, connues, somme_par
from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese.blocks import NOM, Redacteur
from aap_xl.consolidation.synthese.book import Classeur
from aap_xl.consolidation.synthese.charts import tracer
from aap_xl.consolidation.synthese.context import Contexte
from aap_xl.consolidation.synthese.flat import Chiffres
from aap_xl.consolidation.synthese.operations import ARGENT, GRAVITES
from aap_xl.consolidation.synthese.results import tableau_classes, tableau_indicateurs
from aap_xl.domain.tableau import Colonne, Forte, Tableau, entiers, montants, seulement
from aap_xl.francais import jour
from aap_xl.rows import Nature
from aap_xl.workbook.paper import styles

_APPELS = (Colonne("Appel"), Colonne("Intitulé"))
_DOSSIERS = entiers(
    *("Opérations", "Bilans provisoires", "Bilans en retard"),
    *(f"Anomalies : {titre.lower()}" for titre in GRAVITES.values()),
)
_TAUX = (
    Colonne("Dynamiques sur sorties", Nature.FRACTION),
    Colonne("Taux dynamique", Nature.TAUX),
    Colonne("Dynamiques sur suivis échus", Nature.FRACTION),
    Colonne("Taux au suivi", Nature.TAUX),
)
_PERSONNES = (
    *entiers("Opérations", "Personnes prévues", "Entrées"),
    Colonne("BRSA sur entrées", Nature.FRACTION),
    Colonne("Part BRSA", Nature.TAUX),
    *entiers("Sorties"),
    *_TAUX,
)
_ARGENT = montants(*ARGENT.values())
_DE_PERSONNES = (*entiers("Entrées"), *_TAUX)
_ETATS = ("retenu", "remplacé", "doublon", "refusé", "ignoré")
_SOURCE = "Sommes de la feuille « Opérations » : filtrez-y la colonne {}."


def ecrire(classeur: Classeur, ctx: Contexte, *, avec_cle: bool, aujourdhui: date) -> None:
    """Write the first sheet."""
    sheet = classeur.page(NOM, "Synthèse des opérations", f"Situation au {jour(aujourdhui)}.", styles.ACCENT)
    out = Redacteur(4)
    states = {row["etat"]: row[NOMBRE] for row in somme_par(ctx.tables, "fichiers", ["etat"])}
    for phrase in _faits(ctx, states, avec_cle=avec_cle):
        out.phrase(phrase)
    out.passer()
    figures = Chiffres(ctx)
    blocs = {item.cle: out.tableau(item) for item in (_etats(states), *_par_appel(figures)) if item.lignes}
    classes = tableau_classes(ctx)
    if classes.lignes:
        out.saut()
        blocs[classes.cle] = out.tableau(classes)
    out.ligne = tracer(classeur.book, sheet, ctx, blocs, out.ligne)
    out.saut()
    for tableau in (tableau_indicateurs(ctx), *_par_mds(figures), _porteurs(figures)):
        if tableau.lignes:
            out.tableau(tableau)
    classeur.draw(sheet, out.grid)
    sheet.freeze_panes(2, 0)
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


def _etats(states: dict[str, int]) -> Tableau:
    return Tableau(
        "fichiers",
        "Fichiers par état",
        (Colonne("État"), Colonne(""), *entiers("Fichiers")),
        [(etat.capitalize(), "", states[etat]) for etat in _ordre(states)],
        note="Source : feuille « Fichiers », colonne État.",
    )


def _par_appel(figures: Chiffres) -> Iterator[Tableau]:
    chemins = [(), *figures.sommes.chemins(1)] if figures.sommes.chemins(1) else []
    note = _SOURCE.format("Appel")
    personnes = ("personnes", "Personnes et sorties", _PERSONNES, figures.personnes, "")
    for cle, titre, columns, line, reserve in (
        ("dossiers", "Dossiers", _DOSSIERS, figures.dossiers, ""),
        *([personnes] if figures.ctx.suit else []),
        ("argent", "Dépenses et subvention", _ARGENT, figures.argent, figures.ctx.reserve),
    ):
        rows = [Forte(line(chemin)) if not chemin else line(chemin) for chemin in chemins]
        yield Tableau(cle, f"{titre} par appel à projets", (*_APPELS, *columns), rows, note=note + reserve)


def _par_mds(figures: Chiffres) -> Iterator[Tableau]:
    chemins = figures.sommes.chemins(2)
    dit, mds, reserve = figures.ctx.dit, figures.ctx.mds, figures.ctx.reserve
    places, note = (_APPELS[0], Colonne(mds)), _SOURCE.format(mds)
    if figures.ctx.suit:
        rows = [figures.personnes(chemin) for chemin in chemins]
        titre = dit("Personnes et sorties par {mds}")
        yield Tableau("personnes_mds", titre, (*places, *_PERSONNES), rows, note=note)
    rows = [figures.argent(chemin) for chemin in chemins]
    titre = dit("Dépenses et subvention par {mds}")
    yield Tableau("argent_mds", titre, (*places, *_ARGENT), rows, note=note + reserve)


def _porteurs(figures: Chiffres) -> Tableau:
    count, rows = figures.porteurs()
    note = "Source : feuille « Porteurs », qui les a tous."
    if count > len(rows):
        note = f"Les {len(rows)} plus gros budgets prévus, sur {count} : tous sont dans la feuille « Porteurs »."
    columns = (
        *(_APPELS[0], Colonne("Porteur")),
        *entiers("Opérations", "Entrées"),
        *_TAUX,
        *montants("Retenu", "Due", "Solde", "À reverser"),
    )
    shown = [figures.ctx.suit or colonne not in _DE_PERSONNES for colonne in columns]
    columns, lines = seulement(shown, columns, rows)
    return Tableau("porteurs", "Principaux porteurs", columns, lines, note=note + figures.ctx.reserve)
