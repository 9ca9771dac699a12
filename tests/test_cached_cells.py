"""Cached values replaced in a worksheet's bytes: what is written, what is left, what must be parsed instead."""

import datetime as dt
from decimal import Decimal

import pytest

from aap_xl.workbook.ooxml.values import Valeur
from aap_xl.workbook.writing.cached_cells import patched

_SHEET = '<worksheet><sheetData><row r="5">{}</row></sheetData></worksheet>'
_ELSEWHERE = '<c r="A5" t="s"><v>4</v></c>'


def _patched(
    cells: str, value: Valeur, *, blank: frozenset[bytes] = frozenset(), since_1904: bool = False
) -> tuple[str, set[str]] | None:
    """What becomes of a row's cells when B5, whose formula is ours, should show a value."""
    content = _SHEET.format(cells).encode()
    wanted = {b"B5": ('1+1&""'.__eq__, value)}
    found = patched(content, wanted, blank, since_1904=since_1904)
    if found is None:
        return None
    start, end = _SHEET.split("{}")
    written = found[0].decode()
    assert written.startswith(start)
    assert written.endswith(end)
    return written[len(start) : -len(end)], found[1]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (3, "", "<v>3</v>"),
        (Decimal("12.50"), "", "<v>12.5</v>"),
        ("Oui", ' t="str"', "<v>Oui</v>"),
        ("A & <B>", ' t="str"', "<v>A &amp; &lt;B&gt;</v>"),
        (None, ' t="str"', "<v/>"),
        (dt.date(2025, 3, 1), "", "<v>45717</v>"),
    ],
)
@pytest.mark.parametrize("held", [' t="str"', ' t="n"', ""])
def test_a_value_takes_the_place_of_another(value: Valeur, kind: str, shown: str, held: str) -> None:
    formula = "<f>1+1&amp;&quot;&quot;</f>"
    before = f'{_ELSEWHERE}<c r="B5" s="7"{held}>{formula}<v>999</v></c>{_ELSEWHERE}'
    after = f'{_ELSEWHERE}<c r="B5" s="7"{kind}>{formula}{shown}</c>{_ELSEWHERE}'
    assert _patched(before, value) == (after, set())


def test_a_day_is_counted_from_the_workbooks_own_first_day() -> None:
    cell = '<c r="B5"><f>1+1&amp;""</f><v>{}</v></c>'
    found = _patched(cell.format(1), dt.date(2025, 3, 1), since_1904=True)
    assert found == (cell.format(45717 - 1462), set())


@pytest.mark.parametrize(
    ("held", "value"),
    [
        ('<c r="B5"><f>1+1&amp;""</f><v>3</v></c>', 3),
        ('<c r="B5" t="n"><f>1+1&amp;""</f><v>3</v></c>', 3),
        ('<c r="B5" t="str"><f ca="1">1+1&amp;""</f><v>d&apos;ici</v></c>', "d'ici"),
        ('<c r="B5" t="str"><f>1+1&amp;""</f><v></v></c>', None),
        ('<c r="B5" t="str"><f>1+1&amp;""</f><v /></c>', None),
    ],
)
def test_a_value_that_is_there_is_left_to_the_byte(held: str, value: Valeur) -> None:
    assert _patched(held, value) == (held, set())


@pytest.mark.parametrize(
    ("held", "lacking"),
    [
        ('<c r="B5"><f>1+1&amp;""</f></c>', True),
        ('<c r="B5" t="str"><f>1+1&amp;""</f></c>', True),
        ('<c r="B5"><f>1+1&amp;""</f><v/></c>', True),
        ('<c r="B5"><f>1+1&amp;""</f><v></v></c>', True),
        ('<c r="B5" t="str"><f>1+1&amp;""</f><v/></c>', False),
        ('<c r="B5"><f>1+1&amp;""</f><v>3</v></c>', False),
        ('<c r="B5" t="e"><f>1+1&amp;""</f><v>#N/A</v></c>', False),
    ],
)
@pytest.mark.parametrize("value", [None, "Oui", 4])
def test_cells_that_had_no_value_are_named(held: str, lacking: bool, value: Valeur) -> None:
    found = _patched(held, value)
    assert found
    assert found[1] == ({"B5"} if lacking else set())
    assert ("<v>4</v>" in found[0]) is (value == 4)


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="B5"><f>2+2</f><v>9</v></c>',  # a formula of the operator's
        '<c r="B5"><v>9</v></c>',  # typed over
        '<c r="B5" t="inlineStr"><is><t>neuf</t></is></c>',
    ],
)
def test_what_the_operator_wrote_is_left_alone(cells: str) -> None:
    assert _patched(cells, 3) == (cells, set())


@pytest.mark.parametrize(
    "cells",
    [
        "",
        '<c r="B5" s="3"/>',
        '<c r="B6"><f>1+1&amp;""</f><v>9</v></c>',
        '<c r="B5"><f t="shared" si="0">1+1&amp;""</f><v>9</v></c>',
        '<!-- seen --><c r="B5"><f>1+1&amp;""</f><v>9</v></c>',
    ],
)
def test_what_is_not_recognised_is_parsed_instead(cells: str) -> None:
    assert _patched(cells, 3) is None


@pytest.mark.parametrize(
    ("held", "recognised"),
    [
        ('<c r="B6" t="str"><f>3+3</f><v/></c>', True),
        ('<c r="B6" t="str"><f>3+3</f><v></v></c>', True),
        ('<c r="B6" t="str"><f>3+3</f></c>', True),
        ('<c r="B6"><v>typed</v></c>', True),
        ('<c r="B6" t="str"><f>3+3</f><v>left</v></c>', False),
        ('<c r="B6"><f>3+3</f><v/></c>', False),
        ('<c r="B6"/>', False),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_blank_line_shows_nothing_already_or_the_sheet_is_parsed(held: str, recognised: bool, first: bool) -> None:
    ours = '<c r="B5"><f>1+1&amp;""</f><v>{}</v></c>'
    order = "{1}{0}" if first else "{0}{1}"
    found = _patched(order.format(ours.format(9), held), 3, blank=frozenset({b"B6"}))
    assert found == ((order.format(ours.format(3), held), set()) if recognised else None)


def test_a_formula_that_nobody_asks_for_is_left() -> None:
    other = '<c r="C5"><f>1+1&amp;""</f><v>9</v></c>'
    assert _patched(f'<c r="B5"><f>1+1&amp;""</f><v>9</v></c>{other}', 3) == (
        f'<c r="B5"><f>1+1&amp;""</f><v>3</v></c>{other}',
        set(),
    )
