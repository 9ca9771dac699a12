"""Running ``aap-xl consolider`` as people do, in a process of its own, and reading what it wrote."""

import os
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from retours.cadre import LE

TABLES = (
    "operations",
    "personnes",
    "parcours",
    "sorties",
    "budget",
    "depenses",
    "heures",
    "indicateurs",
    "anomalies",
    "fichiers",
    "personnes_communes",
)


def ligne(entrees: Path | Sequence[Path], sortie: Path, *options: str) -> list[str]:
    """The command's words."""
    paths = [str(path) for path in ([entrees] if isinstance(entrees, Path) else entrees)]
    date = f"{LE:%d/%m/%Y}"
    return [sys.executable, "-m", "aap_xl", "consolider", *paths, "-o", str(sortie), "--date", date, *options]


def environnement(**autres: str) -> dict[str, str]:
    """The process's environment: compiled files kept, errors on one line of any width."""
    kept = {nom: valeur for nom, valeur in os.environ.items() if nom != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"COLUMNS": "500"} | autres


def consolider(entrees: Path | Sequence[Path], sortie: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    done = subprocess.run(
        ligne(entrees, sortie, *options), capture_output=True, text=True, env=environnement(), check=False, timeout=600
    )
    assert done.returncode in (0, 1), f"exit code {done.returncode}: {done.stderr}{done.stdout}"
    return done


def frame(sortie: Path, table: str) -> pd.DataFrame:
    """One table of the dataset."""
    found: pd.DataFrame = pq.read_table(sortie / "tables" / f"{table}.parquet").to_pandas()
    return found


def contenu(sortie: Path) -> dict[str, object]:
    """All that is compared between two runs: the tables' values, the other products' bytes."""
    found: dict[str, object] = {
        path.name: pq.read_table(path).to_pydict() for path in sorted((sortie / "tables").glob("*.parquet"))
    }
    for path in sorted(sortie.rglob("*")):
        if path.is_file() and path.suffix != ".parquet" and ".aap-xl" not in path.parts:
            found[str(path.relative_to(sortie))] = sha256(path.read_bytes()).hexdigest()
    return found
