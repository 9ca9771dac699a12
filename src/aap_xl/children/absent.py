"""Libraries that a process of ours does without: others import them only to know whether a value is theirs."""

import sys

_HEAVY = frozenset({"numpy", "pandas"})


class _Absent:
    """Finds nothing, and refuses these."""

    @staticmethod
    def find_spec(fullname: str, _path: object = None, _target: object = None) -> None:
        """As if it were not installed."""
        if fullname in _HEAVY:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def spare() -> None:
    """Import neither in this process: Arrow would, which costs it half a second and 40 MiB."""
    sys.meta_path.insert(0, _Absent)
