"""Forgetting what a workbook said once a question is answered: the tab stays open, and what it held is nominative."""

import sys

from aap_xl.cells import column_letter

_Kept = type(column_letter)
"""What `functools.lru_cache` and `functools.cache` make."""


def forget() -> None:
    """Empty the caches that grow with what files say: those with a bound. Calls, which have none, are kept."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("aap_xl."):
            for item in [*vars(module).values()]:
                if isinstance(item, _Kept) and item.cache_parameters()["maxsize"] is not None:
                    item.cache_clear()
