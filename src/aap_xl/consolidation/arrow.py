"""Lines of a table as Arrow batches: made light, packed for the state, unpacked for the dataset."""

import struct
import sys
from importlib.abc import MetaPathFinder
from typing import Any

import pyarrow as pa

_CODEC = "lz4"


def lot(colonnes: dict[str, list[Any]], champs: pa.Schema) -> pa.RecordBatch:
    """Columns of values as one batch, in the schema's order."""
    return pa.RecordBatch.from_arrays([pa.array(colonnes[item.name], item.type) for item in champs], schema=champs)


def emballer(lignes: pa.RecordBatch) -> bytes:
    """A batch, packed without its schema."""
    content = lignes.serialize()
    packed: bytes = pa.compress(content, codec=_CODEC, asbytes=True)
    return struct.pack("<I", content.size) + packed


def deballer(octets: bytes, champs: pa.Schema) -> pa.RecordBatch:
    """The batch again."""
    content = pa.decompress(octets[4:], struct.unpack_from("<I", octets)[0], codec=_CODEC)
    return pa.ipc.read_record_batch(content, champs)


class _Refus(MetaPathFinder):
    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> None:
        """No pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def sans_pandas() -> None:
    """Spare this process half a second and 40 MiB: Arrow imports pandas at its first list, only to look for series.

    Importing pandas later still works, and so does converting to it.
    """
    if "pandas" in sys.modules:
        return
    finder = _Refus()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([None])
    finally:
        sys.meta_path.remove(finder)
