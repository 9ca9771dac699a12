"""argparse, whose own words stay in English whatever the system's language: ours (`francais`) replace them one by one.

It asks gettext for each of them, which takes longer to import than argparse itself.
"""

import sys
from types import ModuleType

_AS_THEY_ARE = ModuleType("gettext")
vars(_AS_THEY_ARE).update(gettext=str, ngettext=lambda one, several, count: one if count == 1 else several)

_gettext = sys.modules.setdefault("gettext", _AS_THEY_ARE)
import argparse  # noqa: E402 - not before

if _gettext is _AS_THEY_ARE:
    del sys.modules["gettext"]

__all__ = ["argparse"]
