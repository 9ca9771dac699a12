"""``aap-xl addin``: install the Excel add-in, remove it, tell how it stands."""

from aap_xl.faces import display
from aap_xl.faces.common import A_CORRIGER, RIEN_A_CORRIGER, OnCalls
from aap_xl.faces.install import installation
from aap_xl.faces.install.places import Systeme
from aap_xl.records import record


@record
class Request(OnCalls):
    """What ``addin`` takes."""

    action: str


def run(request: Request) -> int:
    """Run one of the three actions.

    Returns: 0; for ``etat``, 1 when something does not agree.
    Raises:  Refus, EcritureImpossible.
    """
    systeme = Systeme.courant()
    if request.action == "etat":
        return _tell(installation.etat(systeme))
    act = installation.installer if request.action == "installer" else installation.retirer
    _print(act(systeme))
    return RIEN_A_CORRIGER


def _tell(found: installation.Etat) -> int:
    _print(found.lignes)
    if found.concorde:
        _print(["Tout concorde."])
        return RIEN_A_CORRIGER
    _print([f"À faire : {problem}" for problem in found.problemes])
    return A_CORRIGER


def _print(lines: list[str]) -> None:
    for line in lines:
        display.chemin(line)
