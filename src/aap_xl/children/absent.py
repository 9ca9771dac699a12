"""Libraries that a process of ours does without: others import them only to know whether a value is theirs."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

_HEAVY = frozenset({"numpy", "pandas"})
_LATER = frozenset({"ipaddress"})


class _Absent:
    """Finds nothing, and refuses these; or finds what runs once it is asked something."""

    @staticmethod
    def find_spec(fullname: str, _path: object = None, _target: object = None) -> "ModuleSpec | None":
        """As if it were not installed, or as it is."""
        if fullname in _HEAVY:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        if fullname not in _LATER:
            return None
        from importlib.machinery import PathFinder  # noqa: PLC0415 - once folders were left
        from importlib.util import LazyLoader  # noqa: PLC0415

        spec = PathFinder.find_spec(fullname)
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


def spare() -> None:
    """Do without them in this process.

    Arrow would import the heavy ones, which costs it half a second and 40 MiB; paths `ipaddress`, by `urllib.parse`.
    """
    sys.meta_path.insert(0, _Absent)
