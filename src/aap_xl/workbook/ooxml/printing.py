"""How a worksheet is printed."""

from aap_xl.workbook.ooxml.sheet import Sheet

_A4 = "9"


def print_at(sheet: Sheet, scale: int) -> None:
    """Print on A4 landscape at a fixed percentage: Excel ignores the page breaks of a sheet fitted to its pages."""
    properties = sheet.child("sheetPr")
    fitted = None if properties is None else properties.find(f"{sheet.ns}pageSetUpPr")
    if fitted is not None:
        fitted.attrib.pop("fitToPage", None)
    setup = sheet.child("pageSetup")
    if setup is None:
        setup = sheet.place(sheet.element("pageSetup"))
    for name in ("fitToWidth", "fitToHeight"):
        setup.attrib.pop(name, None)
    setup.attrib.update({"paperSize": _A4, "scale": str(scale), "orientation": "landscape"})
    sheet.changed = True
