"""Running the rules of a call on one dossier: everything to correct, in the order of the sheets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aap_xl.anomalies import Anomalie, Constat, Dit, Gravite, Regle
from aap_xl.appels.model import ReglageRegle
from aap_xl.cells import Cell, column_index
from aap_xl.domain.data import Donnees, no_collection
from aap_xl.domain.facts import Fait
from aap_xl.domain.nir import masquer
from aap_xl.domain.regles import RULES, code_fait
from aap_xl.records import replace
from aap_xl.rows import TABLES, Operation, Ressource, Row

ANOMALIES_MAX = 2**15
"""Nobody reads as many; 5 000 people and 20 000 expenses may each have one."""
_SYNTHESE = "Budget"
_APRES = Ressource.feuille


def _ordre() -> Iterator[str]:
    """The file, the form, the tables; the budget's synthesis follows the resources."""
    yield from ("", Operation.feuille)
    for row in TABLES.values():
        yield row.feuille
        if row.feuille == _APRES:
            yield _SYNTHESE


_ORDRE = tuple(_ordre())


class TooManyAnomalies(Exception):
    """There are more than `ANOMALIES_MAX`."""


def controler(donnees: Donnees) -> list[Anomalie]:
    """Every anomaly of a dossier, by the rules its call switches on.

    Returns: anomalies of the file first, then of each sheet, by row and column; no NIR is ever quoted.
    Raises:  TooManyAnomalies; whatever a faulty rule raises: a bug is never shown as an error of the operator.
    """
    with no_collection():
        faits: dict[str, list[Fait]] = {}
        for fait in donnees.faits:
            faits.setdefault(code_fait(fait, donnees.appel), []).append(fait)
        stamped = (
            _stamp(regle.code, donnees.appel.regles[regle.code], constat, donnees.terminee)
            for regle in RULES.values()
            if regle.code in donnees.appel.regles
            for item in _items(regle, donnees, faits)
            for constat in regle.check(item, donnees)
        )
        found = list[Anomalie]()
        for anomaly in stamped:
            if len(found) == ANOMALIES_MAX:
                raise TooManyAnomalies
            found.append(anomaly)
    rangs = _rangs(donnees)
    return sorted(found, key=lambda a: (*_place(a.cell, rangs), a.code))


def _items(regle: Regle, d: Donnees, faits: Mapping[str, Sequence[Fait]]) -> Iterable[object]:
    """What a rule looks at: the dossier, the form, the rows of a table, or what reading noticed under its code."""
    if regle.on is Donnees:
        return (d,)
    if regle.on is Operation:
        return (d.operation,)
    if isinstance(regle.on, type) and issubclass(regle.on, Row):
        return d.rows(regle.on.table)
    return faits.get(regle.code, ())


def _stamp(code: str, reglage: ReglageRegle, constat: Constat, terminee: bool) -> Anomalie:
    """Add what belongs to the call; hide any NIR that a value brought along."""
    cell, message, *valeur = constat
    gravite: Gravite = reglage.gravite_finale if terminee and reglage.gravite_finale else reglage.gravite
    feuille, entete = masquer(cell.feuille), masquer(cell.entete)
    if feuille is not cell.feuille or entete is not cell.entete:
        cell = replace(cell, feuille=feuille, entete=entete)
    return Anomalie(
        code=code,
        gravite=gravite,
        cell=cell,
        message=masquer(message),
        article=reglage.article,
        valeur=masquer(str(valeur[0])) if valeur else "",
        remede=masquer(message.remede) if isinstance(message, Dit) else "",
    )


def _rangs(d: Donnees) -> dict[str, int]:
    """The rank of each sheet, under our name and under the file's."""
    rangs = {nom: rang for rang, nom in enumerate(_ORDRE)}
    for row in (d.operation, *(rows[0] for rows in d.tables.values() if rows)):
        rangs.setdefault(row.origin.feuille, rangs[row.feuille])
    return rangs


def _place(cell: Cell, rangs: dict[str, int]) -> tuple[int, str, int, int]:
    """Where a cell comes in the sheet's order; sheets that are not ours come last."""
    colonne = cell.adresse.rstrip("0123456789")
    ligne = cell.adresse[len(colonne) :]
    return (
        rangs.get(cell.feuille, len(rangs)),
        cell.feuille,
        int(ligne) if ligne else 0,
        column_index(colonne) if colonne else 0,
    )
