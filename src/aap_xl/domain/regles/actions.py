"""O, continued: the actions an operation is made of."""

from collections.abc import Iterator
from datetime import timedelta

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.tools import bornes, constat, doublons, hors
from aap_xl.francais import cite, compte, jour, periode
from aap_xl.rows import Action

_SEMAINE = 7


@rule("O14", on=Action)
def action_hors_operation(a: Action, d: Donnees) -> Iterator[Constat]:
    """An action takes place inside the operation."""
    du, au = bornes(d)
    for nom in ("date_debut", "date_fin"):
        le = getattr(a, nom)
        if hors(le, du, au):
            texte = Dit(f"le {jour(le)} est hors de l'opération ({periode(du, au)})", "corrigez cette date")
            yield constat(a, nom, texte, d)


@rule("O15", on=Action)
def duree_de_l_action(a: Action, d: Donnees) -> Iterator[Constat]:
    """An action preferably lasts the call's number of weeks."""
    if a.date_debut is None or a.date_fin is None or a.date_fin < a.date_debut:
        return
    jours = (a.date_fin - a.date_debut).days + 1
    limites = d.appel.operation
    mini, maxi = limites.action_semaines_min, limites.action_semaines_max
    requis = (mini or 1) * _SEMAINE - (_SEMAINE - (limites.action_semaine_jours or _SEMAINE))
    if mini is not None and jours < requis:
        fin = a.date_debut + timedelta(days=requis - 1)
        attendu = f"{compte(mini, 'semaine')} au moins, soit jusqu'au {jour(fin)}"
    elif maxi is not None and jours > maxi * _SEMAINE:
        fin = a.date_debut + timedelta(days=maxi * _SEMAINE - 1)
        attendu = f"{compte(maxi, 'semaine')} au plus, soit jusqu'au {jour(fin)}"
    else:
        return
    texte = Dit(
        f"l'action dure {compte(jours, 'jour')}, de préférence {attendu}", "corrigez les dates ou justifiez la durée"
    )
    yield constat(a, "date_fin", texte, d)


@rule("O17", on=Action)
def action_finie_avant_debut(a: Action, d: Donnees) -> Iterator[Constat]:
    """An action ends after its start."""
    if a.date_debut and a.date_fin and a.date_fin < a.date_debut:
        texte = Dit(
            f"la fin ({jour(a.date_fin)}) précède le début ({jour(a.date_debut)})", "corrigez l'une des deux dates"
        )
        yield constat(a, "date_fin", texte, d)


@rule("O19", on=Donnees)
def action_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The code of an action is unique."""
    for action, premiere in doublons(d.actions, lambda a: a.code and a.code.casefold()):
        texte = f"le code {cite(action.code or '')} est déjà celui de la ligne {premiere.ligne}"
        yield constat(action, "code", Dit(texte, "donnez un code à chaque action"), d)
