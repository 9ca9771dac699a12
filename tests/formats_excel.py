"""Excel's conditional formats, as far as a macro of the add-in sees them: a model that complains where Excel would."""

# ruff: noqa: N802, N803 (Excel's names)
# mypy: disable-error-code="misc, untyped-decorator"

from typing import Any

from pyopenvba.interpreter import VBAObject, member, method, setter


class Aspect(VBAObject):
    """Interior, Font, or one side of Borders."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    @member
    def Color(self) -> Any:
        return self.values["Color"]

    @setter("Color")
    def _color(self, value: Any) -> None:
        self.values["Color"] = value

    @member
    def LineStyle(self) -> Any:
        return self.values["LineStyle"]

    @setter("LineStyle")
    def _line(self, value: Any) -> None:
        self.values["LineStyle"] = value


class Regle(VBAObject):
    """A FormatCondition; a colour scale has no Formula1."""

    def __init__(self, regles: "Regles", adresses: str, kind: int, formule: str | None) -> None:
        self.regles, self.adresses, self.kind, self.formule = regles, adresses, kind, formule
        self.interior, self.font, self.stop = Aspect(), Aspect(), True
        self.sides: dict[int, Aspect] = {}

    @member
    def Type(self) -> Any:
        return self.kind

    @member
    def Formula1(self) -> Any:
        assert self.formule is not None, "Excel would raise: this format has no formula"
        return self.formule

    @member
    def StopIfTrue(self) -> Any:
        return self.stop

    @setter("StopIfTrue")
    def _stop(self, value: Any) -> None:
        self.stop = bool(value)

    @member
    def Interior(self) -> Any:
        return self.interior

    @member
    def Font(self) -> Any:
        return self.font

    @member
    def Borders(self, Index: Any) -> Any:
        return self.sides.setdefault(int(Index), Aspect())

    @method
    def Delete(self) -> Any:
        self.regles.items.remove(self)
        return None


class Regles(VBAObject):
    """FormatConditions, of a range of the sheet."""

    def __init__(self, items: list[Regle], adresses: str) -> None:
        self.items, self.adresses = items, adresses

    @member
    def Count(self) -> Any:
        return len(self.items)

    @method(default=True)
    def Item(self, Index: Any) -> Any:
        return self.items[int(Index) - 1]

    @method
    def Add(self, Type: Any, Operator: Any = None, Formula1: Any = None) -> Any:
        assert len(self.adresses) <= 255, "Excel would raise: Range() takes 255 characters"
        self.items.append(Regle(self, self.adresses, int(Type), str(Formula1)))
        return self.items[-1]


class Plage(VBAObject):
    """Cells, or a Range."""

    def __init__(self, regles: Regles) -> None:
        self.regles = regles

    @member
    def FormatConditions(self) -> Any:
        return self.regles


class Feuille(VBAObject):
    """A worksheet with conditional formats."""

    vba_type_name = "Worksheet"

    def __init__(self) -> None:
        self.items: list[Regle] = []

    @member
    def Cells(self) -> Any:
        return Plage(Regles(self.items, ""))

    @member
    def Range(self, Cell1: Any) -> Any:
        return Plage(Regles(self.items, str(Cell1)))
