"""Where the page's sources are: in a clone, or in the package once installed."""

from pathlib import Path

import aap_xl
from aap_xl.faces.failures import Refus

_INSTALLED = Path(__file__).with_name("sources")
_CLONE = Path(aap_xl.__file__).parents[2] / "addin" / "page"


def folder() -> Path:
    """The folder of the page's sources.

    Raises: Refus if the package was installed without them.
    """
    for found in (_INSTALLED, _CLONE):
        if (found / "index.html").is_file():
            return found
    raise Refus("les sources de la page manquent dans ce paquet ; réinstallez aap-xl, puis recommencez.")
