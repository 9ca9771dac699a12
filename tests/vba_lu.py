"""VBA read as a compiler would: what a module declares, and the names it uses that nothing declares."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyopenvba.interpreter import _ast as syntaxe
from pyopenvba.interpreter import parse_module
from pyopenvba.interpreter._constants_data import EXCEL_CONSTANTS, OFFICE_CONSTANTS, VBA_CONSTANTS
from pyopenvba.interpreter._intrinsics import INTRINSICS
from pyopenvba.interpreter._inventory import members_of

_LANGUAGE = {"err", "me", "debug", "ubound", "lbound", "application", "thisworkbook"}
_MAC = {"applescripttask", "macscript"}
_KNOWN = frozenset(
    _LANGUAGE
    | _MAC
    | INTRINSICS.keys()
    | {name.casefold() for table in (EXCEL_CONSTANTS, OFFICE_CONSTANTS, VBA_CONSTANTS) for name in table}
    | members_of("Global", "excel")
)


def lire(texte: str, nom: str, *, mac: bool = False) -> syntaxe.Module:
    """A module as parsed for one system: the branches of the other are left out.

    Raises: VBACompileError where VBA would not compile.
    """
    return parse_module(texte.replace("#If Mac Then", "#If VBA7 Then") if mac else texte, name=nom)


def inconnus(modules: Mapping[str, syntaxe.Module]) -> list[str]:
    """``module.procédure : nom`` for each name that is neither declared nor Excel's."""
    publics = {name for module in modules.values() for name in _declared(module, public=True)} | {
        nom.casefold() for nom in modules
    }
    found = []
    for nom, module in modules.items():
        seen = _KNOWN | publics | {*_declared(module)}
        for procedure in module.procedures:
            known = seen | {*_locals(procedure)}
            names = (used for used in _names(procedure.body) if used.casefold() not in known)
            found += [f"{nom}.{procedure.name} : {used}" for used in names]
    return found


def _declared(module: syntaxe.Module, *, public: bool = False) -> Iterator[str]:
    for procedure in module.procedures:
        if not public or procedure.scope != "private":
            yield procedure.name.casefold()
    for item in (*module.variables, *module.constants):
        if public and item.scope != "public":
            continue
        names = [decl.name for decl in item.decls] if isinstance(item, syntaxe.Dim) else [n for n, *_ in item.names]
        yield from map(str.casefold, names)
    if not public:
        yield from (item.name.casefold() for item in module.declares)


def _locals(procedure: syntaxe.Procedure) -> Iterator[str]:
    yield from (param.name.casefold() for param in procedure.params)
    for item in _walk(procedure.body):
        if isinstance(item, syntaxe.VarDecl):
            yield item.name.casefold()


def _names(body: Iterable[Any]) -> Iterator[str]:
    return (item.name.rstrip("$") for item in _walk(body) if isinstance(item, syntaxe.Name))


def _walk(item: Any) -> Iterator[Any]:
    """Every node under a node, a list or a tuple of them."""
    if dataclasses.is_dataclass(item):
        yield item
        for field in dataclasses.fields(item):
            yield from _walk(getattr(item, field.name))
    elif isinstance(item, list | tuple):
        for child in item:
            yield from _walk(child)
