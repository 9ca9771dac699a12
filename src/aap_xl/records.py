"""Small classes of named values, as `dataclasses` makes them, in a fiftieth of the time.

Every command begins by defining dozens of them, and nothing here writes code to be compiled.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

_Class = TypeVar("_Class")
_Shape = tuple[tuple[str, ...], tuple[str, ...], frozenset[str], tuple[tuple[str, Callable[[], Any]], ...]]
"""The fields of a class, those given by position, those that must be given, what makes others."""
_CONSTANT: Any = ClassVar

__all__ = ["Values", "field", "names", "record", "replace", "state"]

if TYPE_CHECKING:
    from typing import NamedTuple as Values
else:

    class _Named(type):
        """Makes a property of each annotation of a tuple."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            made = super().__new__(cls, name, bases, {**body, "__slots__": ()})
            made._fields = tuple(made.__annotations__)
            for rank, field in enumerate(made._fields):
                setattr(made, field, property(itemgetter(rank)))
            return made

    class Values(tuple, metaclass=_Named):
        """What NamedTuple makes, without writing code to be compiled; values are all given, by position."""

        def __new__(cls, *values: Any) -> Any:
            """Make one of its values."""
            return tuple.__new__(cls, values)

        def _replace(self, **changes: Any) -> Any:
            return type(self)(*{**dict(zip(self._fields, self, strict=True)), **changes}.values())


class _Field:
    """How a field is given."""

    def __init__(self, default: Any, make: Callable[[], Any] | None = None, *, kw_only: bool = False) -> None:
        self.default, self.make, self.kw_only = default, make, kw_only


def field(*, default: Any = ..., default_factory: Callable[[], Any] | None = None, kw_only: bool = False) -> Any:
    """How a field is given, when its annotation does not say all."""
    return _Field(default, default_factory, kw_only=kw_only)


@dataclass_transform(field_specifiers=(field,))
def state(cls: type[_Class]) -> type[_Class]:
    """A class whose attributes are its annotations, given by position or by name; they may change."""
    known: _Shape = getattr(cls, "__shape__", ((), (), frozenset(), ()))
    names, placed, required, made = [*known[0]], [*known[1]], {*known[2]}, [*known[3]]
    for name, annotation in cls.__annotations__.items():
        if getattr(annotation, "__origin__", None) is _CONSTANT:
            continue
        given = cls.__dict__.get(name, ...)
        spec = given if isinstance(given, _Field) else _Field(given)
        names.append(name)
        if not spec.kw_only:
            placed.append(name)
        if spec.make:
            delattr(cls, name)
            made.append((name, spec.make))
        elif spec.default is ...:
            required.add(name)
        elif spec is given:
            setattr(cls, name, spec.default)
    cls.__shape__ = (tuple(names), tuple(placed), frozenset(required), tuple(made))  # type: ignore[attr-defined]
    if cls.__init__ is not _init:
        cls.__init__, cls.__eq__ = _init, _eq  # type: ignore[method-assign]
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = _repr  # type: ignore[method-assign]
    return cls


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_Class]) -> type[_Class]:
    """The same, for values that do not change and have a hash."""
    made = state(cls)
    if made.__setattr__ is not _frozen:
        made.__hash__, made.__setattr__, made.__delattr__ = _hash, _frozen, _frozen  # type: ignore[method-assign]
    return made


def replace(item: _Class, **changes: Any) -> _Class:
    """The same values in a new one, some of them changed."""
    return type(item)(**dict(zip(names(item), _values(item), strict=True)) | changes)


def names(item: object) -> tuple[str, ...]:
    """The fields of a record, or of a class of them, in order."""
    shape: _Shape = item.__shape__  # type: ignore[attr-defined]
    return shape[0]


def _init(self: Any, *values: Any, **named: Any) -> None:
    shape: _Shape = self.__shape__
    fields, placed, required, made = shape
    given = dict(zip(placed, values, strict=False))
    given.update(named)
    unknown = named and not named.keys() <= {*fields}
    if unknown or len(given) != len(values) + len(named) or not required <= given.keys():
        raise TypeError(f"{type(self).__name__} takes {', '.join(fields)}; {', '.join(required)} required")
    for name, make in made:
        if name not in given:
            given[name] = make()
    self.__dict__.update(given)


def _values(item: object) -> tuple[Any, ...]:
    return tuple(getattr(item, name) for name in names(item))


def _repr(self: object) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in zip(names(self), _values(self), strict=True))
    return f"{type(self).__qualname__}({given})"


def _eq(self: object, other: object) -> bool:
    return type(other) is type(self) and _values(other) == _values(self)


def _hash(self: object) -> int:
    return hash(_values(self))


def _frozen(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} can't change")
