"""What changed for people: objectives and attendance, phases, and before → after tables."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from aap_xl.appels.model import Frein
from aap_xl.domain.data import Donnees
from aap_xl.domain.parcours import (
    EN_PROGRES,
    EN_RECUL,
    STABLE,
    baisses,
    employabilite,
    freins,
    freins_avant_apres,
    presence,
    presences,
    semaines,
)
from aap_xl.domain.personnes import entre, entres
from aap_xl.domain.public import suivent
from aap_xl.domain.sorties import Taux, sortants
from aap_xl.domain.tableau import NON_RENSEIGNE, Colonne, Tableau, Valeur, cellules, colonnes_taux, entiers, has_column
from aap_xl.francais import oui_non
from aap_xl.rows import Nature, Participant

_LISTE_COMPLETE = "Sorties pour lesquelles les deux situations sont connues."


def fixes(donnees: Donnees) -> Iterator[Tableau]:
    """The tables of fixed size, for the columns that the call has."""
    appel = donnees.appel
    if has_column(appel, "participants", "resultat"):
        yield objectifs_individuels(donnees)
    if has_column(appel, "participants", "selection_slai"):
        yield selection(donnees)
    if has_column(appel, "participants", "phase"):
        yield phases(donnees)
    if has_column(appel, "participants", "hebergement_sortie"):
        titres = ("logement", "Logement, de l'entrée à la sortie", "Situation de logement")
        yield _avant_apres(donnees, titres, "hebergements", ("hebergement", "hebergement_sortie"))
    if has_column(appel, "participants", "employabilite_sortie"):
        titres = ("employabilite", "Employabilité, de l'entrée à la sortie", "Employabilité")
        yield _avant_apres(donnees, titres, "employabilites", ("employabilite_entree", "employabilite_sortie"))
        yield progres(donnees)
    if has_column(appel, "participants", "freins_sortie"):
        yield tableau_freins(donnees)


def variables(donnees: Donnees) -> Iterator[Tableau]:
    """The tables with a line by person or by action."""
    appel = donnees.appel
    if has_column(appel, "participants", "demi_journees_emargees"):
        yield assiduite(donnees)
    if has_column(appel, "participants", "objectif"):
        yield objectifs_par_personne(donnees)
    if has_column(appel, "participants", "employabilite_sortie"):
        yield parcours_par_personne(donnees)
    if has_column(appel, "heures", "travail"):
        yield progression_des_heures(donnees)


def _article(donnees: Donnees, code: str) -> str:
    """The call's section that a rule enforces, which its table answers."""
    return donnees.appel.regles[code].article if code in donnees.appel.regles else ""


def _groupes(donnees: Donnees, liste: str) -> list[tuple[str | None, str]]:
    """Every item of a list, and the blank."""
    items = donnees.appel.elements.get(liste, ())
    return [*((item.code, item.libelle) for item in items), (None, NON_RENSEIGNE)]


def objectifs_individuels(donnees: Donnees) -> Tableau:
    """What became of the objectives of those who left.

    Source: 3.3, « Évaluation », 2: « l'atteinte ou non des objectifs individuels ».
    """
    out = sortants(donnees)
    with_one = [p for p in out if not p.manque("objectif")]
    results = [p.resultat for p in with_one]
    lignes: list[tuple[Valeur, ...]] = [
        (libelle, (number := results.count(code)), *cellules(Taux(number, len(with_one))))
        for code, libelle in _groupes(donnees, "resultats")
    ]
    colonnes = (Colonne("Objectifs individuels"), *entiers("Personnes"), *colonnes_taux())
    note = f"Personnes sorties avec un objectif individuel : {Taux(len(with_one), len(out))}."
    total = ("Total", len(with_one), None, None)
    return Tableau(
        "objectifs_individuels", "Objectifs individuels", colonnes, lignes, total, note, _article(donnees, "P27"), True
    )


def selection(donnees: Donnees) -> Tableau:
    """Whom the SLAI selected, among those who entered."""
    answers = [p.selection_slai for p in entres(donnees)]
    lignes: list[tuple[Valeur, ...]] = [
        (oui_non(answer) or NON_RENSEIGNE, answers.count(answer), *cellules(Taux(answers.count(answer), len(answers))))
        for answer in (True, False, None)
    ]
    colonnes = (Colonne(donnees.appel.dit("Sélection par {le slai}")), *entiers("Entrées"), *colonnes_taux())
    total = ("Total", len(answers), None, None)
    article = _article(donnees, "P26")
    return Tableau("selection", "Sélection des participants", colonnes, lignes, total, article=article, fixe=True)


def phases(donnees: Donnees) -> Tableau:
    """Where people stand in the call's phases, and how many went at least as far."""
    groups = _groupes(donnees, "phases")
    ranks = {code: rank for rank, (code, _) in enumerate(groups)}
    entered = entres(donnees)
    reached = [ranks.get(p.phase, ranks[None]) for p in entered]
    lignes: list[tuple[Valeur, ...]] = []
    for code, libelle in groups:
        rank = ranks[code]
        further = None if code is None else Taux(sum(rank <= r < ranks[None] for r in reached), len(entered))
        lignes.append((libelle, reached.count(rank), further and further.numerateur, *cellules(further)))
    colonnes = (Colonne("Phase"), *entiers("Personnes à cette phase", "L'ayant atteinte"), *colonnes_taux())
    total = ("Total", len(entered), None, None, None)
    return Tableau("phases", "Phases atteintes", colonnes, lignes, total, "", _article(donnees, "P32"), True)


def _avant_apres(donnees: Donnees, titres: tuple[str, str, str], liste: str, champs: tuple[str, str]) -> Tableau:
    """One list of the call at the entry and at the exit of the people who left with both known."""
    cle, titre, entete = titres
    out = sortants(donnees)
    known = [pair for p in out if None not in (pair := (getattr(p, champs[0]), getattr(p, champs[1])))]
    before, after = [a for a, _ in known], [b for _, b in known]
    lignes: list[tuple[Valeur, ...]] = [
        (
            item.libelle,
            before.count(item.code),
            after.count(item.code),
            after.count(item.code) - before.count(item.code),
        )
        for item in donnees.appel.elements.get(liste, ())
    ]
    colonnes = (Colonne(entete), *entiers("À l'entrée", "À la sortie", "Écart"))
    total = ("Total", len(known), len(known), None)
    note = f"{_LISTE_COMPLETE[:-1]} : {Taux(len(known), len(out))}."
    return Tableau(f"avant_apres_{cle}", titre, colonnes, lignes, total, note, _article(donnees, "P31"), True)


def progres(donnees: Donnees) -> Tableau:
    """How employability changed, person by person.

    Source: 3.7, « Résultat(s) attendu(s) »: « évolution positive ».
    """
    out = sortants(donnees)
    found = [employabilite(p, donnees.appel) for p in out]
    known = len(found) - found.count("")
    lignes: list[tuple[Valeur, ...]] = [
        (mot, found.count(mot), *cellules(Taux(found.count(mot), known))) for mot in (EN_PROGRES, STABLE, EN_RECUL)
    ]
    lignes.append((NON_RENSEIGNE, found.count(""), None, None))
    colonnes = (Colonne("Évolution de l'employabilité"), *entiers("Personnes sorties"), *colonnes_taux())
    total = ("Total", len(out), None, None)
    article = _article(donnees, "P31")
    return Tableau("progres", "Évolution de l'employabilité", colonnes, lignes, total, article=article, fixe=True)


def tableau_freins(donnees: Donnees) -> Tableau:
    """Obstacles of the people who left with both known: before, after, and those that were lifted."""
    appel, pairs = donnees.appel, freins_avant_apres(donnees)
    lignes: list[tuple[Valeur, ...]] = []
    for item in appel.elements.get("freins", ()):
        if item.code == Frein.AUCUN:
            continue
        before, after = (sum(item.code in pair[side] for pair in pairs) for side in (0, 1))
        lifted = Taux(sum(item.code in a and item.code not in b for a, b in pairs), before)
        lignes.append((item.libelle, before, after, *_leves(lifted)))
    all_before, all_after = (sum(len(pair[side]) for pair in pairs) for side in (0, 1))
    total = ("Total", all_before, all_after, *_leves(Taux(sum(len(a - b) for a, b in pairs), all_before)))
    colonnes = (Colonne("Freins"), *entiers("À l'entrée", "À la sortie", "Levés"), *colonnes_taux())
    note = f"{_LISTE_COMPLETE[:-1]} : {Taux(len(pairs), len(sortants(donnees)))}."
    article = _article(donnees, "P31")
    return Tableau("freins", "Freins, de l'entrée à la sortie", colonnes, lignes, total, note, article, True)


def _leves(taux: Taux) -> tuple[Valeur, ...]:
    return taux.numerateur, *cellules(taux)


def assiduite(donnees: Donnees) -> Tableau:
    """Half-days signed among those planned, by action."""
    groups: list[tuple[Valeur, Sequence[Participant]]] = [
        (action.code, suivent(donnees, code)) for code, action in donnees.actions_par_code.items()
    ]
    lost = [p for p in donnees.participants if not p.action or p.action.casefold() not in donnees.actions_par_code]
    groups += [("Sans action connue", lost)] if lost else []
    lignes = [(name, *_presences(people)) for name, people in groups]
    total = ("Total", *_presences(donnees.participants))
    colonnes = (Colonne("Action"), *entiers("Parcours comptés", "Demi-journées prévues", "Émargées"), *colonnes_taux())
    note = "Parcours dont les demi-journées prévues et émargées sont connues."
    return Tableau("assiduite", "Assiduité", colonnes, lignes, total, note, _article(donnees, "A01"))


def _presences(people: Sequence[Participant]) -> tuple[Valeur, ...]:
    rate = presences(people)
    return sum(presence(p) is not None for p in people), rate.denominateur, rate.numerateur, *cellules(rate)


def _par_personne(
    donnees: Donnees, columns: Sequence[tuple[Colonne, Callable[[Participant], Valeur]]]
) -> tuple[tuple[Colonne, ...], list[tuple[Valeur, ...]]]:
    rows: list[tuple[Valeur, ...]] = [
        (p.code, *(value(p) for _, value in columns)) for p in donnees.participants if entre(p)
    ]
    return (Colonne("Participant"), *(colonne for colonne, _ in columns)), rows


def _libelle(donnees: Donnees, liste: str, champ: str) -> Callable[[Participant], Valeur]:
    return lambda p: donnees.appel.libelle(liste, getattr(p, champ)) or None


def _champ(champ: str) -> Callable[[Participant], Valeur]:
    return lambda p: getattr(p, champ)


def objectifs_par_personne(donnees: Donnees) -> Tableau:
    """Each stay's objective, what the interim point observed, and the outcome."""
    colonnes, lignes = _par_personne(
        donnees,
        (
            (Colonne("Objectif individuel", Nature.LONG), _champ("objectif")),
            (Colonne("Constaté au point intermédiaire", Nature.LONG), _champ("constat_point")),
            (Colonne("Atteint"), _libelle(donnees, "resultats", "resultat")),
            (Colonne("Présence"), presence),
        ),
    )
    article = _article(donnees, "P27")
    return Tableau("objectifs_par_personne", "Objectifs individuels, un par un", colonnes, lignes, article=article)


def parcours_par_personne(donnees: Donnees) -> Tableau:
    """Each stay's phase and its date, and what changed."""
    appel = donnees.appel
    items = appel.elements.get("hebergements", ())

    def remaining(p: Participant) -> Valeur:
        both = p.freins_entree and p.freins_sortie
        return f"{len(freins(p.freins_entree, appel))} → {len(freins(p.freins_sortie, appel))}" if both else None

    def housing(p: Participant) -> Valeur:
        names = [appel.libelle("hebergements", code) for code in (p.hebergement, p.hebergement_sortie)]
        return " → ".join(names) if items and all(names) else None

    colonnes, lignes = _par_personne(
        donnees,
        (
            (Colonne("Phase atteinte"), _libelle(donnees, "phases", "phase")),
            (Colonne("Le", Nature.DATE), _champ("date_phase")),
            (Colonne("Logement"), housing),
            (Colonne("Nombre de freins"), remaining),
            (Colonne("Employabilité"), lambda p: employabilite(p, appel) or None),
        ),
    )
    article = _article(donnees, "P31")
    return Tableau("parcours_par_personne", "Parcours, un par un", colonnes, lignes, article=article)


def progression_des_heures(donnees: Donnees) -> Tableau:
    """Hours of the first week and of the last one, person by person, and the weeks that were below the one before."""
    limits = donnees.appel.heures
    tolerance = (limits.baisse_max if limits else None) or Decimal(0)
    lignes: list[tuple[Valeur, ...]] = []
    for weeks in semaines(donnees).values():
        hours = [worked for _, worked, _ in weeks]
        falls = len(baisses(weeks, tolerance))
        lignes.append((weeks[0][2].participant, len(weeks), hours[0], hours[-1], hours[-1] - hours[0], falls))
    colonnes = (
        Colonne("Participant"),
        *entiers("Semaines"),
        *(Colonne(titre, Nature.NOMBRE) for titre in ("Première semaine (h)", "Dernière semaine (h)", "Écart (h)")),
        *entiers("Baisses"),
    )
    article = _article(donnees, "H07")
    return Tableau("progression_heures", "Progression des heures", colonnes, lignes, article=article)
