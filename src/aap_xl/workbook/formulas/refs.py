"""How a formula names things: columns of tables, fields of the form, lists; only what the call has."""

import re
from collections.abc import Iterable
from functools import cached_property

from aap_xl.appels.model import Appel
from aap_xl.records import record
from aap_xl.workbook import layout

_NAME = re.compile(r"\b[a-z]{3}_\w+")


def texte(valeur: str) -> str:
    """A string as a formula writes it."""
    return '"' + valeur.replace('"', '""') + '"'


def _entete(entete: str) -> str:
    return re.sub(r"(['\[\]#])", r"'\1", entete)


@record
class Refs:
    """References of one call's workbook."""

    appel: Appel

    @cached_property
    def tables(self) -> dict[str, layout.Table]:
        """The tables of the call."""
        return layout.tables(self.appel)

    def a(self, table: str, *champs: str) -> bool:
        """Whether the call has the table and all these columns."""
        return table in self.tables and all(champ in self.tables[table].colonnes for champ in champs)

    def _header(self, table: str, champ: str) -> str:
        item = self.tables[table]
        return _entete(item.champs[item.colonnes[champ] - 1].entete)

    def col(self, table: str, champ: str) -> str:
        """A whole column: ``t_participants[Code participant]``."""
        return f"t_{table}[{self._header(table, champ)}]"

    def dernier(self, table: str, champ: str) -> str:
        """The rank of a column's last filled line, whatever was left blank before it."""
        column = self.col(table, champ)
        return f'SUMPRODUCT(MAX(({column}<>"")*(ROW({column})-MIN(ROW({column}))+1)))'

    def ici(self, table: str, champ: str) -> str:
        """The cell of the same row, by its defined name: ``par_code``.

        Raises: KeyError if the table does not have the column.
        """
        return self._ici[table, champ]

    @cached_property
    def _ici(self) -> dict[tuple[str, str], str]:
        return {(nom, champ): table.ici(champ) for nom, table in self.tables.items() for champ in table.colonnes}

    @cached_property
    def _longs(self) -> dict[str, str]:
        here = "t_{}[[#This Row],[{}]]"
        return {name: here.format(table, self._header(table, champ)) for (table, champ), name in self._ici.items()}

    def longue(self, formule: str) -> str:
        """A formula in which the cells of the same row have no name: ``t_participants[[#This Row],[Sexe]]``.

        The workbooks that have not the names are written so, and so are those of the first weeks of version 2.
        """
        return _NAME.sub(lambda found: self._longs.get(found[0], found[0]), formule)

    def noms(self, formules: Iterable[str]) -> dict[str, str]:
        """The names of cells that some formulas use, with what each refers to."""
        used = {name for formule in formules for name in _NAME.findall(formule)}
        named = {name: self.tables[table].ref_ici(champ) for (table, champ), name in self._ici.items()}
        return {name: ref for name, ref in named.items() if name in used}

    def op(self, champ: str) -> str:
        """A field of the form; an empty text when the call's form does not have it."""
        return f"op_{champ}" if champ in self.appel.classeur.operation else '""'

    def libelle(self, liste: str, code: str) -> str:
        """What is printed for an item, as a formula writes it."""
        return texte(self.appel.libelle(liste, code))


def mois_complets(debut: str, suivant: str) -> str:
    """Whole months date to date from ``debut`` to the day before ``suivant`` (not before ``debut``).

    DATEDIF alone misses that 31/08 + 6 months is 28/02: EDATE, which clamps, has the last word.
    """
    mois = f'DATEDIF({debut},{suivant},"m")'
    return f"({mois}+({suivant}>=EDATE({debut},{mois}+1)))"
