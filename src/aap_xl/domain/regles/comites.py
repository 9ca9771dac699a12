"""C: steering and follow-up committees, and the links with employers that the call asks for."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.activite import comites_de_l_operation
from aap_xl.domain.calendrier import comites_attendus, periodes, trimestre
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.tools import bornes, constat, feuille, feuille_lue, hors, vide
from aap_xl.francais import cite, compte, jour, periode
from aap_xl.rows import Comite


def _tenu(c: Comite, d: Donnees) -> bool:
    return c.date_reunion is not None and c.date_reunion <= d.aujourdhui


@rule("C01", on=Donnees)
def comite_manquant(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Committees met as often as the call says: in each elapsed period, or enough of them."""
    regle, attendus = d.appel.comites, comites_attendus(d)
    du, au = d.operation.date_debut, d.operation.date_fin
    if not attendus or not feuille_lue(d, "comites"):
        return
    assert regle  # noqa: S101 (or none would be expected)
    assert du  # noqa: S101
    assert au  # noqa: S101
    if any(c.date_reunion is None for c in d.comites):
        return  # a date to give or correct first (F02, F05, F14)
    tenus = comites_de_l_operation(d)
    lieu = feuille(d, "comites")
    if not regle.intervalle_mois:
        if len(tenus) < attendus:
            texte = f"{regle.nom} : {compte(len(tenus), 'tenu')} à ce jour, {compte(attendus, 'attendu')}"
            yield lieu, Dit(texte, d.appel.dit("inscrivez ceux qui manquent, ou prévoyez-les avec {le slai}"))
        return
    vus = {trimestre(du, c.date_reunion, regle.intervalle_mois) for c in tenus if c.date_reunion}
    for numero, (debut, fin) in enumerate(periodes(du, au, regle.intervalle_mois)[:attendus], start=1):
        if numero not in vus:
            texte = f"aucun {regle.nom} {periode(debut, fin)} (période {numero} de {regle.intervalle_mois} mois)"
            yield lieu, Dit(texte, "inscrivez-le, ou expliquez son absence")


@rule("C02", on=Comite)
def tableau_de_bord_non_envoye(c: Comite, d: Donnees) -> Iterator[Constat]:
    """The tableau de bord is sent before each committee."""
    if d.appel.comites is None or not d.appel.comites.tableau_de_bord or c.date_reunion is None:
        return
    if vide(c, "tableau_envoye", d):
        if _tenu(c, d):
            texte: str = Dit(
                f"comité du {jour(c.date_reunion)} sans envoi du tableau de bord", "indiquez la date d'envoi"
            )
            yield constat(c, "tableau_envoye", texte, d)
    elif c.tableau_envoye and c.tableau_envoye > c.date_reunion:
        texte = f"tableau de bord envoyé le {jour(c.tableau_envoye)}, après le comité du {jour(c.date_reunion)}"
        yield constat(c, "tableau_envoye", Dit(texte, "envoyez-le en amont"), d)


@rule("C03", on=Comite)
def slai_absent(c: Comite, d: Donnees) -> Iterator[Constat]:
    """The SLAI takes part in each committee."""
    if d.appel.comites is None or not d.appel.comites.slai or not _tenu(c, d):
        return
    if c.slai is False:
        yield constat(
            c,
            "slai",
            Dit(*map(d.appel.dit, ("le comité s'est tenu sans {le slai}", "invitez {le slai} au prochain"))),
            d,
        )
    elif vide(c, "slai", d):
        yield constat(c, "slai", Dit(d.appel.dit("la présence {du slai} n'est pas indiquée"), "répondez Oui ou Non"), d)


@rule("C04", on=Comite)
def comite_hors_operation(c: Comite, d: Donnees) -> Iterator[Constat]:
    """Committees meet during the operation."""
    du, au = bornes(d)
    if c.date_reunion and hors(c.date_reunion, du, au):
        texte = Dit(f"le {jour(c.date_reunion)} est hors de l'opération ({periode(du, au)})", "vérifiez la date")
        yield constat(c, "date_reunion", texte, d)


@rule("C05", on=Donnees)
def lien_requis_absent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Once people have entered, the links that the call asks for took place."""
    if not feuille_lue(d, "partenaires") or not any(
        p.date_entree and p.date_entree <= d.aujourdhui for p in d.participants
    ):
        return
    if any(lien.nature is None for lien in d.partenaires):
        return  # a nature to give or correct first
    vus = {lien.nature for lien in d.partenaires}
    for code in d.appel.operation.liens_requis:
        if code not in vus:
            nature = cite(d.appel.libelle("liens", code))
            texte = f"aucun lien de nature {nature}, que l'appel demande"
            yield feuille(d, "partenaires"), Dit(texte, "inscrivez-le, ou expliquez son absence au bilan")
