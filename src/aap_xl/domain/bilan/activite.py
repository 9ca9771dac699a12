"""What was done: hours, immersions, links, committees, the written parts."""

from collections.abc import Callable
from datetime import date

from aap_xl.appels.model import Heures
from aap_xl.appels.models import modele
from aap_xl.domain.activite import (
    DANS_FOURCHETTE,
    SOUS_MINIMUM,
    comites_de_l_operation,
    comites_tenus,
    heures,
    jours,
    liens,
    repere,
)
from aap_xl.domain.calendrier import comites_attendus, trimestre
from aap_xl.domain.computed import intervalle
from aap_xl.domain.data import Donnees
from aap_xl.domain.personnes import nomme
from aap_xl.domain.sorties import Taux
from aap_xl.domain.tableau import (
    NON_RENSEIGNE,
    Colonne,
    Tableau,
    Valeur,
    cellules,
    colonnes_taux,
    entiers,
    has_column,
    seulement,
)
from aap_xl.francais import oui_non
from aap_xl.rows import Comite, Nature


def tableau_heures(donnees: Donnees) -> Tableau:
    """Hours received by people and hours given by staff, in two columns that are never added together."""
    appel, total = donnees.appel, heures(donnees)
    cells = (
        ("Travail", "travail", total.travail, "", None),
        (
            "Accompagnement socioprofessionnel",
            *("accompagnement", total.accompagnement),
            *("accompagnement_equipe", total.accompagnement_equipe),
        ),
        ("Encadrement technique", "encadrement", total.encadrement, "encadrement_equipe", total.encadrement_equipe),
    )
    lignes: list[tuple[Valeur, ...]] = [
        (
            libelle,
            received if has_column(appel, "heures", champ) else None,
            given if has_column(appel, "heures", champ_equipe) else None,
        )
        for libelle, champ, received, champ_equipe, given in cells
    ]
    colonnes = (
        Colonne("Heures"),
        Colonne("Reçues par les participants", Nature.NOMBRE),
        Colonne("Données par l'équipe", Nature.NOMBRE),
    )
    article = appel.heures.article if appel.heures else ""
    return Tableau("heures", "Heures de travail et d'accompagnement", colonnes, lignes, article=article, fixe=True)


def semaines(donnees: Donnees) -> Tableau:
    """Weeks of participants against the call's range; above it is a step forward, not an error."""
    appel = donnees.appel
    marks: dict[str, list[str]] = {}
    for row in donnees.heures:
        marks.setdefault(repere(row, appel), []).append(nomme(row.participant or "", donnees))
    lignes: list[tuple[Valeur, ...]] = []
    beyond = (appel.heures.au_dela,) if appel.heures else ()
    for name in (SOUS_MINIMUM, DANS_FOURCHETTE, *beyond, ""):
        weeks = marks.get(name, [])
        lignes.append((name or NON_RENSEIGNE, len(weeks), len({*weeks} - {""})))
    total = ("Total", len(donnees.heures), len({person for weeks in marks.values() for person in weeks} - {""}))
    colonnes = (Colonne("Semaine"), *entiers("Semaines", "Personnes concernées"))
    limits = appel.heures
    note = _fourchette(limits) if limits else ""
    return Tableau(
        "semaines",
        "Semaines par nombre d'heures",
        colonnes,
        lignes,
        total,
        note,
        limits.article if limits else "",
        True,
    )


def _fourchette(limits: Heures) -> str:
    """« De 4 à 20 heures par semaine. », or in which sense its ends are strict."""
    if not (limits.minimum_strict or limits.maximum_strict):
        return f"De {limits.minimum} à {limits.maximum} heures par semaine."
    low, high = "Plus de" if limits.minimum_strict else "Au moins", "moins de" if limits.maximum_strict else "au plus"
    return f"{low} {limits.minimum} heures par semaine, {high} {limits.maximum}."


def immersions(donnees: Donnees) -> Tableau:
    """Periods of work experience: number, people, days."""
    appel = donnees.appel
    moments: list[tuple[str, str | None]] = []
    if has_column(appel, "immersions", "moment"):
        moments = [(item.libelle, item.code) for item in appel.elements.get("moments", ())]
    rows = [(row.moment, nomme(row.participant or "", donnees), jours(row) or 0) for row in donnees.immersions]
    known = {code for _, code in moments}
    groups = [(name, [row for row in rows if row[0] == code]) for name, code in moments]
    if moments:
        groups.append((NON_RENSEIGNE, [row for row in rows if row[0] not in known]))
    groups.append(("Ensemble", rows))
    lignes: list[tuple[Valeur, ...]] = [
        (name, len(group), len({person for _, person, _ in group} - {""}), sum([days for _, _, days in group]))
        for name, group in groups
    ]
    colonnes = (Colonne("Immersions (PMSMP)"), *entiers("Périodes", "Personnes", "Jours calendaires"))
    article = appel.immersions.article if appel.immersions else ""
    return Tableau("immersions", "Immersions en entreprise", colonnes, lignes[:-1], lignes[-1], "", article, True)


def tableau_liens(donnees: Donnees) -> Tableau:
    """Links with employers and partners, by nature."""
    found = liens(donnees)
    lignes: list[tuple[Valeur, ...]] = [
        (NON_RENSEIGNE if code is None else donnees.appel.libelle("liens", code), number, people)
        for code, number, people in found
    ]
    total: tuple[Valeur, ...] = ("Total", sum(number for _, number, _ in found), sum(people for _, _, people in found))
    colonnes = (Colonne("Nature du lien"), *entiers("Liens", "Participants concernés"))
    shown = (True, True, has_column(donnees.appel, "partenaires", "personnes"))
    colonnes, (*lignes, total) = seulement(shown, colonnes, [*lignes, total])
    return Tableau("liens", "Liens avec les entreprises et les partenaires", colonnes, lignes, total, fixe=True)


def comites_frequence(donnees: Donnees) -> Tableau:
    """Committees held in the operation against those expected so far; presence of the SLAI; dashboard sent before."""
    appel = donnees.appel
    held, expected = comites_de_l_operation(donnees), comites_attendus(donnees)
    rates = [("Comités tenus pendant l'opération, sur les comités attendus à ce jour", Taux(len(held), expected))]
    if appel.comites and appel.comites.slai and has_column(appel, "comites", "slai"):
        rates.append((appel.dit("dont en présence {du slai}"), Taux(sum(c.slai is True for c in held), len(held))))
    if appel.comites and appel.comites.tableau_de_bord:
        sent = sum(
            c.tableau_envoye is not None and c.date_reunion is not None and c.tableau_envoye <= c.date_reunion
            for c in held
        )
        rates.append(("dont tableau de bord envoyé avant", Taux(sent, len(held))))
    lignes: list[tuple[Valeur, ...]] = [(name, rate.numerateur, *cellules(rate)) for name, rate in rates]
    colonnes = (Colonne("Comités"), *entiers("Nombre"), *colonnes_taux())
    return Tableau(
        "comites_frequence", "Fréquence des comités", colonnes, lignes, None, _rythme(donnees), _article(donnees), True
    )


def _rythme(donnees: Donnees) -> str:
    comites = donnees.appel.comites
    if comites is None:
        return ""
    if comites.intervalle_mois:
        return f"Rythme attendu : un {comites.nom} tous les {comites.intervalle_mois} mois."
    return f"Attendu : au moins {comites.minimum} réunions du {comites.nom} sur l'opération."


def _article(donnees: Donnees) -> str:
    return donnees.appel.comites.article if donnees.appel.comites else ""


def comites(donnees: Donnees) -> Tableau:
    """Every committee held: when, and which services sat; only the columns the call asks for."""
    appel = donnees.appel
    champs = modele(appel, Comite.table).champs
    columns: list[tuple[Colonne, Callable[[Comite], Valeur]]] = [
        (Colonne("Date", Nature.DATE), lambda row: row.date_reunion)
    ]
    if has_column(appel, "comites", "trimestre"):
        period = _periode(donnees.operation.date_debut, intervalle(appel))
        columns.append((Colonne(f"Période de {intervalle(appel)} mois", Nature.ENTIER), period))
    if has_column(appel, "comites", "slai"):
        columns.append((Colonne(champs["slai"].entete), lambda row: oui_non(row.slai)))
    columns.append((Colonne("Composition", Nature.LONG), lambda row: row.composition))
    if has_column(appel, "comites", "tableau_envoye"):
        columns.append((Colonne(champs["tableau_envoye"].entete, Nature.DATE), lambda row: row.tableau_envoye))
    lignes = [tuple(value(row) for _, value in columns) for row in comites_tenus(donnees)]
    colonnes = tuple(colonne for colonne, _ in columns)
    return Tableau("comites", "Comités tenus et composition", colonnes, lignes, None, "", _article(donnees))


def _periode(debut: date | None, interval: int) -> Callable[[Comite], Valeur]:
    def period(row: Comite) -> Valeur:
        return trimestre(debut, row.date_reunion, interval) if debut and row.date_reunion else None

    return period


def redactions(donnees: Donnees) -> Tableau:
    """The written parts: every heading of the call, then the operator's own."""
    texts: dict[str, str | None] = {item.libelle: None for item in donnees.appel.rubriques}
    for row in donnees.redactions:
        heading = row.rubrique or NON_RENSEIGNE
        parts = [text for text in (texts.get(heading), row.texte) if text]
        texts[heading] = "\n".join(parts) or None
    note = f"Phases de l'appel à projets : {', '.join(donnees.appel.phases)}." if donnees.appel.phases else ""
    colonnes = (Colonne("Rubrique"), Colonne("Texte", Nature.LONG))
    lignes: list[tuple[Valeur, ...]] = list(texts.items())
    return Tableau("redactions", "Bilan pédagogique", colonnes, lignes, None, note)
