"""Why a file can't be read at all, each reason one French sentence for the person who gave it."""

import errno

MIB = 2**20
FILE_MAX = 30 * MIB

_DROITS = "vous n'avez pas le droit de le lire, ou un autre programme le tient ; vérifiez vos droits, ou fermez-le."
_RAISONS = {
    errno.EACCES: _DROITS,
    errno.EPERM: _DROITS,
    errno.ENOENT: "il n'est plus là ; vérifiez le nom et le dossier.",
    errno.EIO: "le disque ou le réseau ne répond pas ; vérifiez-le, puis recommencez.",
    errno.ENAMETOOLONG: "son nom est trop long ; donnez-lui un nom plus court.",
}


class FichierRefuse(Exception):
    """The file can't be read at all; the message is one French sentence for the person who gave it."""


def too_large(nom: str, size: int) -> FichierRefuse:
    """The refusal of a file that is not even loaded."""
    return FichierRefuse(
        f"« {nom} » pèse {size // MIB} Mio, plus que les {FILE_MAX // MIB} Mio acceptés ; "
        "retirez les images ou les pièces jointes au classeur."
    )


def not_a_spreadsheet(nom: str) -> FichierRefuse:
    """The refusal of anything else than a workbook."""
    return FichierRefuse(
        f"« {nom} » n'est pas un classeur ; donnez le fichier .xlsx (ou .xlsm, .xlsb, .xls, .ods) rempli."
    )


def damaged(nom: str) -> FichierRefuse:
    """The refusal of a workbook that can't be read to its end."""
    return FichierRefuse(
        f"« {nom} » est abîmé ou incomplet ; demandez un nouvel envoi, "
        "ou ouvrez-le dans Excel ou LibreOffice et enregistrez-le à nouveau."
    )


def protected(nom: str) -> FichierRefuse:
    """The refusal of a workbook that needs a password."""
    return FichierRefuse(f"« {nom} » est protégé par un mot de passe ; enregistrez-le sans mot de passe d'ouverture.")


def illisible(nom: str, error: OSError) -> str:
    """The sentence for a file that the system does not let us read, whose own words may be in another language."""
    code = f" (code {error.errno})" if error.errno else ""
    return f"« {nom} » ne peut pas être lu : {_RAISONS.get(error.errno or 0, f'le système refuse{code}.')}"
