"""The worksheet functions as Excel calls them, by this module's name: those of `faces.live`, declared to xlwings."""

from aap_xl.faces.live import functions
from aap_xl.faces.live.declaration import APPELANT, CATEGORIE, DECLARED
from aap_xl.hosts.excel.session import declare

__all__ = functions.__all__

for _nom in functions.__all__:
    _item = DECLARED[_nom]
    globals()[_nom] = declare(_item.function, _item.aides, CATEGORIE, APPELANT)
