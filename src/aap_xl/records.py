"""Small classes of named values, as `dataclasses` makes them, in a fiftieth of the time.

Every command begins by defining dozens of them, and nothing here writes code to be compiled.
"""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform, get_origin

_Class = TypeVar("_Class")
_CONSTANT: Any = ClassVar


class _Field(NamedTuple):
    default: Any
    default_factory: Callable[[], Any] | None
    kw_only: bool


class _Shape(NamedTuple):
    """What a class is made of: its fields, those given by position, those that must be given, what makes the others."""

    names: tuple[str, ...] = ()
    placed: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    made: tuple[tuple[str, Callable[[], Any]], ...] = ()


def field(*, default: Any = ..., default_factory: Callable[[], Any] | None = None, kw_only: bool = False) -> Any:
    """How a field is given, when its annotation does not say all."""
    return _Field(default, default_factory, kw_only)


@dataclass_transform(field_specifiers=(field,))
def state(cls: type[_Class]) -> type[_Class]:
    """A class whose attributes are its annotations, given by position or by name; they may change."""
    shape: _Shape = getattr(cls, "__shape__", _Shape())
    for name, annotation in cls.__annotations__.items():
        if get_origin(annotation) is not _CONSTANT:
            shape = _with(cls, shape, name)
    cls.__shape__ = shape  # type: ignore[attr-defined]
    cls.__init__, cls.__repr__, cls.__eq__ = _init, _repr, _eq  # type: ignore[method-assign]
    return cls


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_Class]) -> type[_Class]:
    """The same, for values that do not change and have a hash."""
    made = state(cls)
    made.__hash__, made.__setattr__, made.__delattr__ = _hash, _frozen, _frozen  # type: ignore[method-assign]
    return made


def replace(item: _Class, **changes: Any) -> _Class:
    """The same values in a new one, some of them changed."""
    return type(item)(**dict(zip(names(item), _values(item), strict=True)) | changes)


def names(item: Any) -> tuple[str, ...]:
    """The fields of a record, or of a class of them, in order."""
    shape: _Shape = item.__shape__
    return shape.names


def _with(cls: type, shape: _Shape, name: str) -> _Shape:
    given = cls.__dict__.get(name, ...)
    spec = given if isinstance(given, _Field) else _Field(given, None, kw_only=False)
    if spec.default is not ...:
        setattr(cls, name, spec.default)
    elif spec.default_factory:
        delattr(cls, name)
    optional = spec.default is not ... or spec.default_factory is not None
    return _Shape(
        (*shape.names, name),
        shape.placed if spec.kw_only else (*shape.placed, name),
        shape.required if optional else shape.required | {name},
        (*shape.made, (name, spec.default_factory)) if spec.default_factory else shape.made,
    )


def _init(self: Any, *values: Any, **named: Any) -> None:
    shape: _Shape = self.__shape__
    given = dict(zip(shape.placed, values, strict=False)) | named
    if len(given) != len(values) + len(named) or not shape.required <= given.keys() <= {*shape.names}:
        raise TypeError(f"{type(self).__name__} takes {', '.join(shape.names)}; {', '.join(shape.required)} required")
    for name, make in shape.made:
        if name not in given:
            given[name] = make()
    self.__dict__.update(given)


def _values(item: Any) -> tuple[Any, ...]:
    return tuple(getattr(item, name) for name in names(item))


def _repr(self: Any) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in zip(names(self), _values(self), strict=True))
    return f"{type(self).__qualname__}({given})"


def _eq(self: Any, other: object) -> bool:
    return type(other) is type(self) and _values(other) == _values(self)


def _hash(self: Any) -> int:
    return hash(_values(self))


def _frozen(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} can't change")
