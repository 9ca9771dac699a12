"""What would make Excel repair a workbook or refuse it: the format's schema, and the limits Excel adds to it."""

import tempfile
from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

from conformite import classeur, feuilles, styles, tableaux
from conformite.paquet import Paquet, fautes_du_paquet

_SANS_THEME = "relationships/theme' is missing"
"""LibreOffice's have none, and Microsoft's own validator asks for none."""


def fautes(content: bytes, suffixe: str = ".xlsx") -> list[str]:
    """Everything that is wrong with a workbook."""
    return hors_limites(content) + hors_schema(content, suffixe)


def hors_schema(content: bytes, suffixe: str = ".xlsx") -> list[str]:
    """What the schema refuses, by a port of Microsoft's Open XML SDK."""
    validator = OpenXmlValidator(file_format=FileFormat.OFFICE_2016, max_errors=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"classeur{suffixe}"
        path.write_bytes(content)
        found = validator.validate(path).errors
    errors = [item for item in found if item.severity is ValidationSeverity.ERROR]
    return [f"{item.part_uri} : {item.description}" for item in errors if _SANS_THEME not in item.description]


def hors_limites(content: bytes) -> list[str]:
    """What Excel refuses although the schema allows it: each fault with the part that holds it."""
    found = fautes_du_paquet(content)
    if found:
        return found
    paquet = Paquet(content)
    checks = (styles.fautes, classeur.fautes, feuilles.fautes, tableaux.fautes)
    return [fault for check in checks for fault in check(paquet)]
