"""Codes and numbers that repeat somebody's name: typed where nobody is to be named, they may not be quoted."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.domain.data import Donnees, once
from aap_xl.rows import Operation, Row
from aap_xl.texte import normaliser

_MOT = re.compile(r"[^\W\d]+")
_ENTIER, _PARTIE = 2, 3
"""Letters from which a whole name, and a part of one, are no longer taken for initials."""
_IDENTITES = {"participants": ("nom", "prenom", "autre_nom"), "personnel": ("salarie",)}


def mots(*textes: str | None) -> set[str]:
    """The runs of letters of some texts, without case or accents: ``Zoé-3b`` → ``zoe``, ``b``."""
    return {mot for texte in textes if texte for mot in _MOT.findall(normaliser(texte))}


@cache
def entetes_des_noms(appel: Appel) -> frozenset[str]:
    """The headers of the columns and lines where somebody's name is typed."""
    named = ((Operation.table, ("referent",)), *_IDENTITES.items())
    return frozenset(modele(appel, table).champs[nom].entete for table, noms in named for nom in noms)


def cite_quelqu_un(texte: str, donnees: Donnees) -> bool:
    """Whether a text holds a word of the name of anyone in the file; two letters are taken for a service's initials."""
    return not _mots_des_noms(donnees).isdisjoint(mots(texte))


@once
def _mots_des_noms(donnees: Donnees) -> set[str]:
    people = [donnees.operation.referent]
    people += [nom for table in _IDENTITES for row in donnees.rows(table) for nom in _noms(table, row)]
    return {mot for mot in mots(*people) if len(mot) >= _PARTIE}


@once
def codes_nominatifs(donnees: Donnees) -> set[str]:
    """The codes made of the person's own name: ``Exemple-Zoé``, ``ZOE1``, ``EXE2``, ``zexemple``.

    Letters that most of those who bear them do not owe to their name are an ordinary prefix (``BEN01`` to ``BEN15``,
    one of whom is called Benoît).
    """
    return {code for table in _IDENTITES for code in _codes(table, donnees.rows(table))}


def _codes(table: str, rows: Iterable[Row]) -> Iterable[str]:
    coded = [(str(code), mots(code), mots(*_noms(table, row))) for row in rows if (code := getattr(row, "code", None))]
    balance: Counter[str] = Counter()
    for _, runs, names in coded:
        for run in runs:
            balance[run] += 1 if _tire_de(run, names) else -1
    return (code for code, runs, names in coded if any(balance[run] >= 0 and _tire_de(run, names) for run in runs))


def _noms(table: str, row: Row) -> Iterable[str | None]:
    return (getattr(row, champ) for champ in _IDENTITES[table])


def _tire_de(run: str, names: Collection[str]) -> bool:
    """Whether letters are a name, the beginning of one, or begin or end with one."""
    if len(run) < _PARTIE:
        return len(run) >= _ENTIER and run in names
    return any(
        name.startswith(run) or (len(name) >= _PARTIE and (run.startswith(name) or run.endswith(name)))
        for name in names
    )
