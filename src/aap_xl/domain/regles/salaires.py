"""D, continued: salaries really paid, month by month."""

from collections.abc import Iterator
from datetime import date

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.data import Donnees
from aap_xl.domain.eligibilite import dans_salaires, ligne_prevue
from aap_xl.domain.regles.tools import constat, doublons, groupes
from aap_xl.euros import somme
from aap_xl.francais import cite, enumere, pourcent
from aap_xl.rows import Depense, Personnel, Salaire
from aap_xl.texte import normaliser


@rule("D17", on=Depense)
def salaire_compte_deux_fois(x: Depense, d: Donnees) -> Iterator[Constat]:
    """What « Salaires » pays is not told in « Dépenses » too."""
    if dans_salaires(x, d):
        texte = f"la feuille Salaires paie déjà la ligne {cite(x.ligne_budget or '')} : cette dépense n'est pas comptée"
        yield constat(x, "ligne_budget", Dit(texte, "retirez-la, ou portez son montant dans Salaires"), d)


def _mois(s: Salaire) -> tuple[str, date] | None:
    return (s.ligne_budget.casefold(), s.mois.replace(day=1)) if s.ligne_budget and s.mois else None


@rule("D18", on=Donnees)
def mois_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A month is paid once on one staff line."""
    for s, premier in doublons(d.salaires, _mois):
        texte = f"le mois {s.mois:%m/%Y} de la ligne {cite(s.ligne_budget or '')} est déjà à la ligne {premier.ligne}"
        yield constat(s, "mois", Dit(texte, "retirez l'une des deux, ou réunissez-les (rappel, prime)"), d)


@rule("D19", on=Donnees)
def quotites_du_mois(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """In any month the shares of one person do not exceed 100 % in all."""

    def personne(s: Salaire) -> tuple[str, date] | None:
        staff = ligne_prevue(s, d)
        if not isinstance(staff, Personnel) or not staff.salarie or not s.mois or not s.quotite:
            return None
        return normaliser(staff.salarie), s.mois.replace(day=1)

    for rows in groupes(d.salaires, personne).values():
        total = somme(s.quotite for s in rows)
        codes = list(dict.fromkeys(s.ligne_budget or "" for s in rows))
        if total > 1 and len(codes) > 1:
            texte = f"les quotités d'un même salarié font {pourcent(total)} en {rows[-1].mois:%m/%Y} "
            texte += f"(lignes {enumere(map(cite, codes))})"
            yield constat(rows[-1], "quotite", Dit(texte, "ramenez leur somme à 100 % au plus"), d)
