"""The parts of a zip, and a zip of parts."""

import io
import zipfile


def parts(content: bytes) -> dict[str, bytes]:
    """Every part by its name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezip(changed: dict[str, bytes]) -> bytes:
    """A zip of those parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in changed.items():
            archive.writestr(name, part)
    return buffer.getvalue()
