"""Build the Excel add-in and the workbooks with buttons: ``python addin/construire.py``.

Both are committed; building again gives the same bytes. Needs the ``dev`` extra (pyOpenVBA).
"""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import echantillons
import enveloppes
import vba

from aap_xl import __version__

RACINE = Path(__file__).resolve().parents[1]
COMPLEMENT = RACINE / "src" / "aap_xl" / "faces" / "install" / "complement" / "aap_xl.xlam"
CLASSEURS = RACINE / "workbooks"
NOM = "aap_xl"
"""The VBA project's name; the user's settings are read from a file of this name."""
RUBAN = "customUI/customUI14.xml"
_DATE = (2025, 1, 1, 0, 0, 0)
_RELATION = (
    '<Relationship Id="rIdRuban" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    f'Target="{RUBAN}"/>'
)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{titre}</dc:title><dc:description>{description}</dc:description><cp:version>{version}</cp:version>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2025-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
)
_DESCRIPTION = "Fonctions et boutons des classeurs de suivi des appels à projets d'insertion du Pas-de-Calais."


def sources() -> dict[str, str]:
    """Name → built text of every module of the add-in, those of `vba/` and the worksheet functions."""
    made = vba.modules(vba.VBA)
    nom, texte = vba.built(enveloppes.texte().replace("\r\n", "\n"), "enveloppes.texte()")
    return made | {nom: texte}


def complement() -> bytes:
    """The add-in's bytes."""
    parts = vba.complement(sources(), NOM)
    rels = parts["_rels/.rels"].decode("utf-8")
    parts["_rels/.rels"] = rels.replace("</Relationships>", f"{_RELATION}</Relationships>").encode("utf-8")
    core = _CORE.format(titre="AAP", description=escape(_DESCRIPTION), version=__version__)
    parts["docProps/core.xml"] = core.encode("utf-8")
    parts[RUBAN] = (Path(__file__).parent / "ruban.xml").read_bytes()
    return _zipped(parts)


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on its parts only."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            file.writestr(info, content)
    return stream.getvalue()


def main() -> None:
    """Write the add-in and the samples with buttons."""
    COMPLEMENT.parent.mkdir(exist_ok=True)
    COMPLEMENT.write_bytes(complement())
    echantillons.ecrire(CLASSEURS)


if __name__ == "__main__":
    main()
