"""The small changes that a module may undergo: each is a place of its tree and another tree for it."""

import ast
import copy
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

_COMPARES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BINARIES: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list", "reversed": "list"}
_UNSEEN = {"annotation", "returns", "decorator_list", "bases", "type_params"}
"""What no operator sees: tests of behaviour can't, and mypy does."""

Change = tuple[ast.AST, str, ast.AST]
"""A node, what is done to it, the node in its place."""


class Mutants:
    """The mutants of one module, numbered in the order of its lines."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.digest = sha256(source.encode()).hexdigest()[:12]
        self._plain = ast.unparse(ast.parse(source))
        self._places = [(_line(node), rank) for node, rank in _places(ast.parse(source))]

    def __len__(self) -> int:
        return len(self._places)

    def make(self, number: int) -> tuple[int, str, str]:
        """One mutant: the line, what is changed, the whole source; ``""`` if nothing is, or it can't be compiled."""
        line, _ = self._places[number]
        tree = ast.parse(self._source)
        node, rank = list(_places(tree))[number]
        told, changed = list(_changes(node))[rank]
        before = ast.unparse(node)
        _replace(tree, node, changed)
        text = ast.unparse(ast.fix_missing_locations(tree))
        try:
            compile(text, "mutant", "exec")
        except SyntaxError:
            text = ""
        return line, f"{told}: {before[:160]}", "" if text == self._plain else text


def _places(tree: ast.AST) -> Iterator[tuple[Any, int]]:
    """Every node that can change, with the rank of the change."""
    for node in _walk(tree):
        for rank, _ in enumerate(_changes(node)):
            yield node, rank


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes in the order of the source, docstrings, annotations and what only developers read left out."""
    for name, value in ast.iter_fields(node):
        if name in _UNSEEN:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _unseen(child):
                yield child
                yield from _walk(child)


def _unseen(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Raise() | ast.Assert():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Call(func=ast.Name(id="TypeVar" | "cast")):
            return True
    return False


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:  # noqa: PLR0912 - one case a kind
    """What can be done to one node."""
    match node:
        case ast.Compare():
            yield from _compare(node)
        case ast.BoolOp():
            yield from _booleans(node)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "unary dropped", node.operand
        case ast.BinOp():
            other = _BINARIES.get(type(node.op))
            if other:
                yield "operator", _with(node, op=other())
        case ast.Constant():
            yield from _constant(node)
        case ast.If() | ast.While() | ast.IfExp():
            if not isinstance(node.test, ast.Compare):
                yield "condition negated", _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension(ifs=[_, *_]):
            for rank in range(len(node.ifs)):
                yield "filter dropped", _with(node, ifs=node.ifs[:rank] + node.ifs[rank + 1 :])
        case ast.Call():
            yield from _call(node)
        case ast.Return(value=ast.expr()):
            if not isinstance(node.value, ast.Constant):
                yield "nothing returned", _with(node, value=ast.Constant(None))
        case ast.Expr() | ast.AugAssign():
            yield "statement removed", ast.Pass()
        case ast.Continue():
            yield "break for continue", ast.Break()
        case ast.Break():
            yield "continue for break", ast.Continue()
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            if len(node.elts) > 1 and all(isinstance(item, ast.Constant) for item in node.elts):
                for rank in range(len(node.elts)):
                    yield f"item {rank} dropped", _with(node, elts=node.elts[:rank] + node.elts[rank + 1 :])
        case ast.Dict():
            for rank in range(len(node.keys) if len(node.keys) > 1 else 0):
                keys, values = node.keys, node.values
                yield (
                    f"entry {rank} dropped",
                    _with(node, keys=keys[:rank] + keys[rank + 1 :], values=values[:rank] + values[rank + 1 :]),
                )


def _compare(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for rank, op in enumerate(node.ops):
        other = _COMPARES[type(op)]
        yield "comparison", _with(node, ops=[*node.ops[:rank], other(), *node.ops[rank + 1 :]])


def _booleans(node: ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    yield "and for or, or for and", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for rank in range(len(node.values)):
        kept = node.values[:rank] + node.values[rank + 1 :]
        yield f"operand {rank} dropped", kept[0] if len(kept) == 1 else _with(node, values=kept)


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value + 1)
    elif isinstance(value, str):
        yield "text", ast.Constant(f"{value}¤" if value else "¤")


def _call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        yield "call", _with(node, func=ast.Name(_CALLS[node.func.id], ast.Load()))
    for rank, word in enumerate(node.keywords):
        if word.arg:
            yield f"{word.arg} not given", _with(node, keywords=node.keywords[:rank] + node.keywords[rank + 1 :])


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _replace(tree: ast.AST, node: ast.AST, changed: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, changed)
            elif isinstance(value, list) and any(item is node for item in value):
                setattr(parent, name, [changed if item is node else item for item in value])


def _line(node: Any) -> int:
    line: int = node.target.lineno if isinstance(node, ast.comprehension) else node.lineno
    return line
