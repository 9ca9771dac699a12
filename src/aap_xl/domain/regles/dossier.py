"""O and B, continued: what the application announced — territories, objectives, roles, a partner."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.budget import total_prevu
from aap_xl.domain.data import Donnees
from aap_xl.domain.parcours import mds_du_dossier
from aap_xl.domain.regles.operation import siret_faux
from aap_xl.domain.regles.tools import constat, feuille, rempli, utilise, vide
from aap_xl.euros import format_euros
from aap_xl.francais import cite, enumere
from aap_xl.rows import Action, Operation, Participant

_PARTENAIRE = ("structure_associee", "siret_associee", "part_associee")


def _hors_du_dossier(row: Action | Participant, quoi: str, d: Donnees) -> Iterator[Constat]:
    """A territory that the form does not declare."""
    declarees = mds_du_dossier(d)
    if row.mds and declarees and row.mds not in declarees:
        ici = cite(d.appel.libelle("mds", row.mds))
        dossier = enumere(cite(mds.libelle) for mds in d.appel.mds if mds.code in declarees)
        nom = cite(d.operation.champs["autres_mds"].entete)
        texte = f"{d.appel.dit('{le mds}')} de {quoi}, {ici}, n'est pas au dossier ({dossier})"
        yield constat(row, "mds", Dit(texte, f"complétez {nom} (feuille Opération), ou corrigez ici"), d)


@rule("P29", on=Participant)
def personne_hors_territoire(p: Participant, d: Donnees) -> Iterator[Constat]:
    """People come from the territories that the form declares."""
    yield from _hors_du_dossier(p, "cette personne", d)


@rule("O26", on=Action)
def action_hors_territoire(a: Action, d: Donnees) -> Iterator[Constat]:
    """Actions take place on the territories that the form declares."""
    yield from _hors_du_dossier(a, "cette action", d)


@rule("O27", on=Operation)
def objectif_vise_au_dela(o: Operation, d: Donnees) -> Iterator[Constat]:
    """Exits to the targeted trade or to qualifying training are dynamic ones: no more are planned."""
    visees, dynamiques = o.objectif_visees, o.objectif_dynamiques
    if visees is not None and dynamiques is not None and 0 <= dynamiques < visees:
        texte = f"{visees} sorties visées pour {dynamiques} sorties dynamiques, dont elles font partie"
        yield constat(o, "objectif_visees", Dit(texte, "corrigez l'un des deux objectifs"), d)


@rule("O28", on=Operation)
def objectif_au_dela_des_personnes(o: Operation, d: Donnees) -> Iterator[Constat]:
    """No objective counts more exits than people planned."""
    for nom in ("objectif_dynamiques", "objectif_visees"):
        objectif = getattr(o, nom)
        if objectif is not None and o.personnes_prevues is not None and objectif > o.personnes_prevues:
            texte = f"un objectif de {objectif} sorties pour {o.personnes_prevues} personnes prévues"
            yield constat(o, nom, Dit(texte, "corrigez l'un des deux nombres"), d)


@rule("O29", on=Operation)
def dossier_commun_incomplet(o: Operation, d: Donnees) -> Iterator[Constat]:
    """A joint application names its partner, its SIRET and its part of the budget."""
    if not any(rempli(o, nom) for nom in _PARTENAIRE):
        return
    for nom in _PARTENAIRE:
        if vide(o, nom, d):
            texte = f"le dossier est commun, et {cite(o.champs[nom].entete)} n'est pas rempli"
            yield constat(o, nom, Dit(texte, "complétez, ou videz ces lignes si vous êtes seul porteur"), d)


@rule("O30", on=Operation)
def siret_associe_invalide(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The partner's SIRET has 14 digits and a valid key, and is not the carrier's own."""
    if not o.siret_associee:
        return
    texte = siret_faux(o.siret_associee)
    if texte:
        yield constat(o, "siret_associee", texte, d)
    elif o.siret and "".join(o.siret.split()) == "".join(o.siret_associee.split()):
        texte = Dit("la structure associée a le SIRET du porteur", "inscrivez le sien")
        yield constat(o, "siret_associee", texte, d)


@rule("B26", on=Donnees)
def role_absent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The plan has somebody for each of the roles that the call is built on."""
    if not d.personnel or not utilise(d.personnel[0], "role", d):
        return
    tenus = {p.role for p in d.personnel}
    absents = [role for role in d.appel.budget.roles_requis if role not in tenus]
    if absents and not any("role" in p.illisibles for p in d.personnel):
        mots = enumere((cite(d.appel.libelle("roles", role)).lower() for role in absents), "ni")
        texte = f"personne au plan n'est {mots}"
        yield feuille(d, "personnel"), Dit(texte, "ajoutez sa ligne, ou dites au Département qui la tient")


@rule("B27", on=Donnees)
def part_associee_au_dela(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The partner's part is within the planned budget."""
    part, total = d.operation.part_associee, total_prevu(d)
    if part is not None and total and part > total:
        texte = f"{format_euros(part)} pour la structure associée, le budget prévu est de {format_euros(total)}"
        yield constat(d.operation, "part_associee", Dit(texte, "corrigez cette part"), d)
