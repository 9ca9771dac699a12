"""Cells of every make, and what each reader of values makes of them; lists of a call, and slips of their words."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.domain import nir
from aap_xl.workbook.reading import dates, numbers, values

LE = dt.date(2025, 10, 15)
_1904 = "jour 1904"
_READERS: dict[str, Callable[[Any], numbers.Compris]] = {
    "texte": values.texte,
    "code": values.code,
    "siret": values.siret,
    "jour": lambda cell: values.jour(cell, LE),
    _1904: lambda cell: values.jour(cell, LE, depuis_1904=True),
    "nombre": numbers.nombre,
    "montant": numbers.montant,
    "heures": numbers.heures,
    "entier": numbers.entier,
    "taux": numbers.taux,
    "oui ou non": values.ouinon,
}
_BLANKS = ("", " ", "\t", "\u00a0", "\u200b", "\u200b \ufeff", "-", "?", "…", "'")
_DATES = (
    *("1/3/2025", "01/03/25", "1.3.2025", "1-3-25", "1 3 2025", "1 / 3 / 25", "01 - 03 - 2025", "1/3/025", "1/3/5"),
    *("2025-03-01", "2025/3/1", "2025.03.01", "2025-3-1T8:30", "2025-03-01 08:30:00.5", "2025-03-01X", "25-03-01"),
    *("01/03/2025 8h30", "01/03/2025 8:30", "01/03/2025T08:30", "01/03/2025 8", "01/03/2025  8h5", "01/03/2025 108:30"),
    *("1er mars 2025", "1 mars 25", "le 1er mars 2025", "samedi 1er mars 2025", "sam. 1er mars 2025", "1e mars 2025"),
    *("31/12/99", "1/1/00", "1/1/34", "1/1/35", "1/1/36", "29/02/2024", "29/02/2025", "31/04/2025", "00/01/2025"),
    *("01/13/2025", "32/01/2025", "1/0/2025", "01/01/1899", "01/01/1900", "31/12/1899", "31/12/2100", "01/01/2101"),
    *("01/01/0001", "31/12/9999", "10000", "9999", "73050", "73051", "45717", "45717.5", "045717", "20250301"),
    *("mars 2025", "1 mars", "2025", "1 pluviose 2025", "1/3", "1//3/2025", "1/3/2025.", "vendredi", "hier"),
)
_NUMBERS = (
    *("0", "-0", "+5", "5", "5.", "5,", ".5", ",5", "-,5", "+", "-", "--5", "5-", "1e5", "1E-3", "0x10", "½", "١٢"),
    *("1 234", "1\u00a0234", "1\u202f234", "1'234", "1’234", "1 234,5", "1.234", "1,234", "1.234,5", "1,234.5"),
    *("12.345", "123.456", "1234.567", "0.125", "-1.234", "+1.234", "-0.125", "1.234.567", "1,234,567", "1.23.456"),
    *("1.234.567,8", "1,234,567.8", "1.2,3.4", "1,2.3,4", "1..2", "1,,2", "1.,2", "12,5", "12.5", "12,50", "12.500"),
    *("12 €", "12€", "12 eur", "12 EUR", "12 euro", "12 euros", "12 eurs", "€ 12", "12 k€", "12 $", "12 h", "12 h."),
    *("12 heure", "12 heures", "12 mois", "12 %", "12%", "0,5 %", "100 %", "150 %", "12 jours", "12 h 30", "% 12"),
    *("999999999999999", "1000000000000000", "-1000000000000000", "99999999999999999999", "0,1", "0,005", "2,0", "2,5"),
    *("4h30", "4 h 30", "4H30", "4:30", "04:30:15", "4h30min", "4 heures 30", "4 heure 30 minutes", "4h5", "4h60"),
    *("4h59", "4h00", "0h30", "-4h30", "+4h30", "4:30:59", "4:30:60", "4:60", "45 min", "45min", "1 minute", "90 mn"),
    *("9999h59", "10000h00", "4 h 30 mn", "h30", "4h", "4h30s", "30 s", "−12,5", "−4h30", "\u200b12\u200b", "12\u00ad"),
)
_WORDS = (
    *("oui", "Oui", "OUI", " oui", "oui ", "o", "O", "x", "X", "1", "true", "TRUE", "vrai", "Vrai", "yes", "ok"),
    *("non", "Non", "NON ", "n", "N", "0", "false", "faux", "FAUX", "no", "oui.", "ou\u200bi", "oui et non", "Nôn"),
    *("A1", " A1", "A1 ", "a\u200b1", "A\u00a01", "é", "Zoé", "x" * 80, "x" * 81, f" {'x' * 80} ", "ligne\nautre"),
    *(
        "784 671 695 00103",
        "78467169500103",
        "784.671.695.00103",
        "784-671-695-00103",
        "7846716950010",
        "784671695001O3",
    ),
)
_OTHERS = (
    *(True, False, 0, 1, 2, -1, 12, 0.5, 1.0, 1.5, 50, 100, 100.5, 0.1 + 0.2, 1e-7, 1234.565, 2025, 9_999, 10_000),
    *(73_050, 73_051, 45_717, 45_717.75, 71_588, 71_589, 8_538, 8_537, 1e15, -1e15, 1e15 - 1, 1e300, 5580000100012),
    *(558000010001, 55800001000, 78467169500103.0, 123456789.123456789, 1e16, -45_717, 2.5, 1e-10, 100000.5),
    *(dt.date(2025, 3, 1), dt.date(1899, 12, 31), dt.date(1900, 1, 1), dt.date(2100, 12, 31), dt.date(2101, 1, 1)),
    *(dt.datetime.fromisoformat(text) for text in ("2025-03-01T00:00", "2025-03-01T12:30", "2025-03-01T00:00:01")),
    *(dt.time(0), dt.time(8, 30), dt.time(0, 0, 30), dt.time(23, 59, 59), dt.time(12, 0, 0, 500_000), dt.time(0, 20)),
    *(dt.timedelta(hours=hours) for hours in (0, 0.5, 1, 24, 31.5, 35, 36, 100, -6, -0.5)),
    *(dt.timedelta(seconds=seconds) for seconds in (1, 59, 60, 61, 3599, 3600, 3661, -30, 0.4, 0.6)),
)


def cells() -> Iterator[str]:
    """A line for each cell: as it is quoted, then what each reader that takes it gives."""
    for cell in (*_BLANKS, *_DATES, *_NUMBERS, *_WORDS, *_OTHERS):
        read = (f"{nom} {_read(reader, cell)}" for nom, reader in _READERS.items())
        yield f"{cell!r} {values.typed(cell)} : {' | '.join(read)}"


def _read(reader: Callable[[Any], numbers.Compris], cell: Any) -> str:
    """The value, and what was understood; the refusal."""
    try:
        found, compris = reader(cell)
    except numbers.Illisible as refused:
        return f"✗ {refused.attendu.name.lower()}"
    return f"{found!s}{f' ({compris})' if compris else ''}"


def listes(appel: Appel) -> Iterator[str]:
    """Some lists of a call: every wording and word of the field, and slips of them."""
    for nom in ("situations", "mds", "freins"):
        elements = appel.elements.get(nom, ())
        termes = appel.sorties.termes if appel.sorties and nom == "situations" else ()
        liste = values.liste(elements, termes)
        wordings = [text for item in elements for text in (item.libelle, item.code, *item.alias)]
        for text in dict.fromkeys([*wordings, *(terme.mot for terme in termes)]):
            for written in dict.fromkeys((text, f"{text.upper()} ", *_slips(text))):
                yield f"{nom}, {written!r} : {_choice(liste, written)} | {_term(liste, written)}"


def _slips(text: str) -> Iterator[str]:
    """A letter lost; two letters swapped; all but a word lost."""
    middle = len(text) // 2
    yield text[:middle] + text[middle + 1 :]
    yield text[:1] + text[2:3] + text[1:2] + text[3:]
    yield text.rpartition(" ")[2]


def _choice(liste: values.Liste, written: str) -> str:
    try:
        found, compris = liste.lire(written)
    except values.NotListed as refused:
        return f"✗ {len(refused.choix) if len(refused.choix) > 1 else ''.join(refused.choix)} {_refused(refused)}"
    return f"{found} ({compris})" if compris else f"{found}"


def _refused(refused: values.NotListed) -> str:
    return refused.refus.mot if refused.refus else ""


def _term(liste: values.Liste, written: str) -> str:
    terme = liste.terme(written)
    return f"{terme.mot} → {terme.situation}" if terme else ""


def nirs() -> Iterator[str]:
    """An invented NIR, and some that can't be, their key right, wrong or missing, their parts joined or not."""
    whole = ("2", "85", "05", "78", "006", "084")
    others = ((0, "569"), (1, ("99",)), (2, ("00", "13", "19", "20", "42", "43", "49", "50", "99")))
    parts = [whole, *((*whole[:n], text, *whole[n + 1 :]) for n, texts in others for text in texts)]
    parts += [(*whole[:3], text, *whole[4:]) for text in ("00", "2A", "2b", "2C", "97")]
    parts += [(*whole[:4], "000", "084"), (*whole[:5], "000"), (*whole[:5], "08"), (*whole[:5], "0841")]
    for part in parts:
        corps = "".join(part)
        right = f"{nir.cle(corps):02}" if corps.upper().replace("2A", "").replace("2B", "").isdecimal() else "41"
        for sep in ("", " ", ".", "\u202f", ","):
            for key in ("", right, "00" if right != "00" else "01"):
                text = sep.join((*part, key)) if key else sep.join(part)
                hidden = nir.masquer(f"n° {text} (CPAM)"), nir.masquer(f"1{text}")
                yield f"{text!r} : {nir.contient_nir(text)} {' '.join(hidden)}"


def days() -> Iterator[str]:
    """Bare numbers about the limits of what can be a day."""
    for limit in (dates.SERIAL_MIN, dates.SERIAL_MAX, 45_717):
        for number in (limit - 1, limit - 0.5, limit, limit + 0.5, limit + 1):
            yield f"{number} : {dates.of_serial(number)}"
