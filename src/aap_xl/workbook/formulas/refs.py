"""How a formula names things: columns of tables, fields of the form, lists; only what the call has."""

import re
from functools import cached_property

from aap_xl.appels.model import Appel
from aap_xl.records import record
from aap_xl.workbook import layout


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

    @cached_property
    def par_personne(self) -> bool:
        """Whether exits are counted by person: the last stay's alone."""
        return self.appel.parcours.derniere_sortie and self.a("participants", "parcours")

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
        """The cell of the same row: ``t_participants[[#This Row],[Code participant]]``."""
        return f"t_{table}[[#This Row],[{self._header(table, champ)}]]"

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
