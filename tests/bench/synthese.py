"""How fast ``synthese.xlsx`` is written, and in how much memory, against named peers in the same run.

Run it alone: ``python tests/bench/synthese.py`` (100 000 detail rows), or with a number of operations. Each writer is
a process of its own; it prints seconds and peak MiB, and asserts nothing. The peers write the same tables as they are:
no synthesis, no masking, no Excel table, no chart.
"""

import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jeu
import pyarrow.parquet as pq

OPERATIONS = 4_080
TABLES = ("operations", "sorties", "budget", "indicateurs", "anomalies", "fichiers")


def main() -> None:
    """Print one line per writer."""
    operations = int(sys.argv[1]) if len(sys.argv) > 1 else OPERATIONS
    with tempfile.TemporaryDirectory() as folder:
        tables = Path(folder) / "tables"
        with ProcessPoolExecutor(1) as pool:  # a child's peak would begin at this process's size
            pool.submit(_jeu, operations, tables).result()
        rows = sum(pq.ParquetFile(tables / f"{nom}.parquet").metadata.num_rows for nom in TABLES)
        print(f"{operations} opérations, {rows} lignes de détail")
        for nom in WRITERS:
            command = [sys.executable, __file__, "--writer", nom, str(tables), str(Path(folder) / f"{nom}.xlsx")]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            print(f"{nom:28} {done.stdout.strip() or 'absent : ' + done.stderr.strip().splitlines()[-1]}")


def _jeu(operations: int, tables: Path) -> None:
    jeu.jeu(operations).ecrire(tables)


def _synthese(tables: Path, cible: Path) -> None:
    from aap_xl.consolidation import synthese  # noqa: PLC0415

    synthese.ecrire(tables, cible, seuil=5, avec_cle=False, aujourdhui=dt.date(2026, 3, 2))


def _pandas(tables: Path, cible: Path) -> None:
    import pandas as pd  # noqa: PLC0415

    with pd.ExcelWriter(cible, engine="xlsxwriter") as out:
        for nom in TABLES:
            pd.read_parquet(tables / f"{nom}.parquet").to_excel(out, sheet_name=nom, index=False)


def _constant_memory(tables: Path, cible: Path) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415

    with Workbook(cible, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for nom in TABLES:
            sheet = book.add_worksheet(nom)
            row = 0
            for lot in pq.ParquetFile(tables / f"{nom}.parquet").iter_batches(4096):
                for values in zip(*(column.to_pylist() for column in lot.columns), strict=True):
                    sheet.write_row(row, 0, values)
                    row += 1


def _rustpy(tables: Path, cible: Path) -> None:
    from rustpy_xlsxwriter import write_worksheets  # type: ignore[import-not-found]  # noqa: PLC0415

    rows = {nom: pq.read_table(tables / f"{nom}.parquet").to_pylist() for nom in TABLES}
    plain = {
        nom: [{k: float(v) if hasattr(v, "as_tuple") else v for k, v in line.items()} for line in lines]
        for nom, lines in rows.items()
    }
    write_worksheets([*plain.items()], str(cible))


WRITERS: dict[str, Callable[[Path, Path], None]] = {
    "synthese.xlsx": _synthese,
    "pandas to_excel": _pandas,
    "XlsxWriter constant_memory": _constant_memory,
    "rustpy-xlsxwriter": _rustpy,
}


def _measure(nom: str, tables: Path, cible: Path) -> None:
    start = time.perf_counter()
    WRITERS[nom](tables, cible)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:7.1f} s  {peak:6.0f} MiB  {cible.stat().st_size / 2**20:6.1f} MiB écrits")


if __name__ == "__main__":
    if "--writer" in sys.argv:
        _measure(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
