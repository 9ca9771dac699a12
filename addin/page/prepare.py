"""Run in Pyodide when the page is built: what each start of the page would do again is done once.

Its value: the files that the tab takes, sorted, compiled modules and validated calls among them.
"""

import compileall
import importlib.util
import json
import py_compile
from pathlib import Path

from aap_xl.appels import cache
from aap_xl.dossier import catalogue

TAB = json.loads(Path("/tab.json").read_text())
list(catalogue())
modules = [path for path in TAB if path.endswith(".py")]
for path in modules:  # olefile has a module for Python 2, which can't be
    compileall.compile_file(path, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, force=True)
compiled = [path for path in map(importlib.util.cache_from_source, modules) if Path(path).is_file()]
entries = [str(path) for path in cache.folder().iterdir()]
sorted([*TAB, *compiled, *entries])
