"""Runs macros in a LibreOffice, for `macros.py`: a program of its own, for the Python that knows ``uno``.

Reads a list of scenarios on its standard input and writes what each left behind on its standard output, as JSON.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from typing import Any

uno: Any = importlib.import_module("uno")
_PATIENCE = 60
_FILTER = "Calc MS Excel 2007 VBA XML"
_ALL_MACROS = 4


def main() -> None:
    soffice, profile = sys.argv[1:]
    name = f"aap_xl_{os.getpid()}"
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo", "--nodefault"]
    office = subprocess.Popen([*command, f"--accept=pipe,name={name};urp;"], stdout=subprocess.DEVNULL)
    try:
        desktop = _desktop(name)
        json.dump([_play(desktop, scenario) for scenario in json.load(sys.stdin)], sys.stdout)
        desktop.terminate()
        office.wait(_PATIENCE)
    finally:
        office.kill()


def _desktop(name: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    limit = time.monotonic() + _PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
        except Exception:  # the office is still starting; uno's own classes are made at run time
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def _play(desktop: Any, scenario: dict[str, Any]) -> dict[str, Any]:
    """Open the files, the last one active; write the cells asked for; run the macros; read everything."""
    documents = [_open(desktop, path) for path in scenario["fichiers"]]
    try:
        active = documents[-1]
        for place, value in scenario["cellules"].items():
            sheet, address = place.split("!")
            active.Sheets.getByName(sheet).getCellRangeByName(address).setString(value)
        for macro in scenario["macros"]:
            url = f"vnd.sun.star.script:{macro}?language=Basic&location=document"
            active.getScriptProvider().getScript(url).invoke((), (), ())
        return {
            "feuilles": [{sheet.Name: _content(sheet) for sheet in document.Sheets} for document in documents],
            "protegees": [sheet.Name for sheet in active.Sheets if sheet.isProtected()],
        }
    finally:
        for document in documents:
            document.close(True)


def _open(desktop: Any, path: str) -> Any:
    options = {"MacroExecutionMode": _ALL_MACROS, "FilterName": _FILTER}
    values = []
    for name, value in options.items():
        option = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        option.Name, option.Value = name, value
        values.append(option)
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, tuple(values))


def _content(sheet: Any) -> list[list[Any]]:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    used = cursor.RangeAddress
    return [list(row) for row in sheet.getCellRangeByPosition(0, 0, used.EndColumn, used.EndRow).DataArray]


if __name__ == "__main__":
    main()
