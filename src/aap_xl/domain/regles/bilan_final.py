"""O, continued: the final bilan, its date and its written parts."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.calendrier import echeances_bilan
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.tools import colonnes, constat, feuille, feuille_lue, vide
from aap_xl.francais import cite, enumere, jour
from aap_xl.rows import Operation
from aap_xl.texte import normaliser


@rule("O18", on=Operation)
def bilan_en_retard(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The final bilan is deposited in time; of the two ends the texts name, the earlier counts."""
    echeances = echeances_bilan(o, d.appel)
    if not echeances or (o.date_fin and o.date_debut and o.date_fin < o.date_debut):
        return
    limite = min(echeances.values())
    dates = enumere(f"le {jour(le)} d'après la {nom}" for nom, le in echeances.items())
    if o.date_bilan is not None and o.date_bilan > limite:
        texte = f"le bilan final a été déposé le {jour(o.date_bilan)}, il était attendu au plus tard {dates}"
        yield constat(o, "date_bilan", Dit(texte, d.appel.dit("expliquez ce retard {au financeur}")), d)
    elif o.manque("date_bilan") and d.aujourdhui > limite:
        texte = f"le bilan final était attendu au plus tard {dates}"
        yield constat(o, "date_bilan", Dit(texte, f"déposez-le dans {d.appel.identite.portail}"), d)


@rule("O20", on=Donnees)
def rubrique_non_redigee(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Every heading of the written report is there and written."""
    if not feuille_lue(d, "redactions") or "texte" not in colonnes(d.appel, "redactions"):
        return
    presentes = set()
    for redaction in d.redactions:
        presentes.add(normaliser(redaction.rubrique))
        if vide(redaction, "texte", d):
            nom = cite(redaction.rubrique or "sans titre")
            yield redaction.cell("texte"), Dit(f"la rubrique {nom} n'est pas rédigée", "écrivez-la pour le bilan final")
    for rubrique in d.appel.rubriques:
        if normaliser(rubrique.libelle) not in presentes:
            texte = Dit(f"la rubrique {cite(rubrique.libelle)} a disparu", "rétablissez-la et rédigez-la")
            yield feuille(d, "redactions"), texte
