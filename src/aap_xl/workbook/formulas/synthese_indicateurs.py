"""The block of « Tableau de bord » with the indicators that a call makes of its own counts."""

from aap_xl.appels.formulas import ECHUES, Terme, a_un_point, nature
from aap_xl.appels.model import SORTIE, IndicateurCalcule, Sens
from aap_xl.domain.indicateurs import parties
from aap_xl.domain.tableau import Formule, Ligne, Tableau, Valeur
from aap_xl.rows import Champ, Nature, Operation, Participant
from aap_xl.workbook.formulas import synthese_sorties
from aap_xl.workbook.formulas.blocks import DERNIER, fraction, part, tableau
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.layout import nom_defini as n

_NATURES = {Nature.MONTANT: Nature.MONTANT, Nature.HEURES: Nature.HEURES, Nature.NOMBRE: Nature.HEURES}
_FIGURES = {"entrees": "bord.entrees", "parcours": "bord.parcours", "sorties": "bord.sorties"}


def indicateurs(r: Refs) -> Tableau:
    """One line an indicator: its number, its fraction, its rate, whether it is reached."""
    lignes = tuple(_ligne(r, item) for item in r.appel.indicateurs_calcules)
    return tableau("indicateurs", "Indicateurs de l'appel à projets", ("Nombre", "Fraction", "Taux", "Atteint"), lignes)


def _ligne(r: Refs, item: IndicateurCalcule) -> Ligne:
    first, *others = parties(item, r.appel)
    number = n(f"bord.indicateur:{item.code}")
    values: list[Valeur] = [
        Formule(f"bord.indicateur:{item.code}", _compte(r, first), _NATURES.get(nature(first, r.appel), Nature.ENTIER)),
        None,
        None,
    ]
    told = number
    if others:
        whole = _compte(r, others[0])
        if all(nature(terme, r.appel) is Nature.ENTIER for terme in (first, *others)):
            values[1] = fraction(f"bord.indicateur_fraction:{item.code}", number, whole)
        values[2] = part(f"bord.indicateur_part:{item.code}", number, whole)
        told = n(f"bord.indicateur_part:{item.code}")
    if item.seuil is not None:
        sign = (">" if item.sens is Sens.AU_MOINS else "<") + ("" if item.strict else "=")
        verdict = f'IF({told}="","",IF({told}{sign}{item.seuil:f},"Oui","Non"))'
        values.append(Formule(f"bord.indicateur_atteint:{item.code}", verdict, Nature.FRACTION))
    return (item.titre, *values)


def _compte(r: Refs, terme: Terme) -> str:
    """The formula of one count."""
    if terme.figure:
        return _figure(r, terme.figure)
    if terme.table == Operation.table:
        value = r.op(terme.champ)
        return f"IF(ISNUMBER({value}),{value},0)"
    table = r.tables[terme.table]
    if not terme.champ:
        return f"COUNTA({r.col(terme.table, table.champs[0].nom)})"
    return _of_column(r, terme, table.champs[table.colonnes[terme.champ] - 1])


def _of_column(r: Refs, terme: Terme, champ: Champ) -> str:
    column = r.col(terme.table, terme.champ)
    entered = f',{r.col(terme.table, "date_entree")},"<>"' if terme.table == Participant.table else ""
    if entered and (terme.codes or champ.nature in (Nature.OUINON, Nature.DATE)):
        entered += f",{r.col(terme.table, DERNIER[0])},{DERNIER[1]}"
    if champ.nature is Nature.OUINON:
        return f'COUNTIFS({column},"Oui"{entered})'
    if terme.codes:
        labels = (texte(r.appel.libelle(champ.liste, code)) for code in terme.codes)
        return f"({'+'.join(f'COUNTIFS({column},{label}{entered})' for label in labels)})"
    if champ.nature is Nature.DATE:
        return f'COUNTIFS({column},">0"{entered})'
    return f"SUMIFS({column}{entered})" if entered else f"SUM({column})"


def _figure(r: Refs, figure: str) -> str:
    if figure == "prevues":
        return f"IF(ISNUMBER({r.op('personnes_prevues')}),{r.op('personnes_prevues')},0)"
    if figure in _FIGURES or figure.startswith(ECHUES):
        return n(_FIGURES.get(figure, f"bord.{figure}"))
    return synthese_sorties.dynamiques(r, a_un_point(figure, r.appel) or SORTIE)[0]
