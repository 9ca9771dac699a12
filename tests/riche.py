"""A workbook as rich as operators make them, by surgery on the zip: everything that writing must not lose."""

import io
import struct
import zipfile
import zlib

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_PERSON = "{11111111-2222-3333-4444-555555555555}"
_THREAD = "{66666666-7777-8888-9999-AAAAAAAAAAAA}"

PARTS = (
    "xl/media/image99.png",
    "xl/drawings/drawing99.xml",
    "xl/charts/chart99.xml",
    "xl/worksheets/sheet97.xml",
    "xl/worksheets/sheet98.xml",
    "xl/worksheets/sheet99.xml",
    "xl/comments99.xml",
    "xl/threadedComments/threadedComment99.xml",
    "xl/persons/person.xml",
    "xl/drawings/vmlDrawing99.vml",
    "xl/ctrlProps/ctrlProp99.xml",
    "xl/vbaProject.bin",
    "customXml/item1.xml",
)
"""What the workbook gains, besides its edited parts."""


def enrichir(source: bytes) -> bytes:
    """A blank or filled workbook made into an .xlsm with images, threads, x14 features, controls, macros…"""
    parts = _read(source)
    parts |= _new_parts()
    _shared_strings(parts)
    _workbook(parts)
    _participants(parts)
    _types(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2025, 3, 14, 15, 9, 26))
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o640 << 16
            target.writestr(info, content)
    return out.getvalue()


def part_of(source: bytes, feuille: str) -> str:
    """The part of a worksheet, by its name."""
    parts = _read(source)
    return _part_of(parts, feuille)


def _read(source: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(source)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _part_of(parts: dict[str, bytes], feuille: str) -> str:
    book, rels = parts["xl/workbook.xml"].decode(), parts["xl/_rels/workbook.xml.rels"].decode()
    identifier = book.split(f'<sheet name="{feuille}"')[1].split('r:id="')[1].split('"')[0]
    return "xl/" + rels.split(f'Id="{identifier}"')[1].split('Target="')[1].split('"')[0]


def _insert(parts: dict[str, bytes], name: str, before: str, text: str) -> None:
    content = parts[name].decode()
    assert before in content, f"{name}: no {before}"
    parts[name] = content.replace(before, text + before, 1).encode()


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0\x1b\x4f\x72")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def _rels(*items: tuple[str, str, str]) -> bytes:
    body = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{target}"/>' for i, t, target in items)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{body}</Relationships>'.encode()


def _sheet(data: str, after: str = "") -> bytes:
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_REL}"><sheetData>{data}</sheetData>{after}</worksheet>'.encode()
    )


def _new_parts() -> dict[str, bytes]:
    return {
        "xl/media/image99.png": _png(),
        "xl/drawings/drawing99.xml": _DRAWING.encode(),
        "xl/drawings/_rels/drawing99.xml.rels": _rels(
            ("rId1", f"{_REL}/image", "../media/image99.png"), ("rId2", f"{_REL}/chart", "../charts/chart99.xml")
        ),
        "xl/charts/chart99.xml": _CHART.encode(),
        "xl/worksheets/sheet97.xml": _sheet(
            '<row r="1"><c r="A1"><v>3</v></c></row><row r="2"><c r="A2"><f>A1*2</f><v>6</v></c></row>',
            '<drawing r:id="rId1"/>',
        ),
        "xl/worksheets/_rels/sheet97.xml.rels": _rels(("rId1", f"{_REL}/drawing", "../drawings/drawing99.xml")),
        "xl/worksheets/sheet98.xml": _sheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
        "xl/worksheets/sheet99.xml": _sheet('<row r="1"><c r="A1"><v>2</v></c></row>'),
        "xl/comments99.xml": _COMMENTS.encode(),
        "xl/threadedComments/threadedComment99.xml": _THREADS.encode(),
        "xl/persons/person.xml": _PERSONS.encode(),
        "xl/drawings/vmlDrawing99.vml": _VML.encode(),
        "xl/ctrlProps/ctrlProp99.xml": f'{_HEAD}<formControlPr xmlns="{_X14}" objectType="Button"/>'.encode(),
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8,
        "customXml/item1.xml": f"{_HEAD}<suivi xmlns='urn:exemple'>à garder</suivi>".encode(),
    }


def _shared_strings(parts: dict[str, bytes]) -> None:
    """A string in two colours, shown on the extra sheet."""
    rich = "<si><r><t>Texte </t></r><r><rPr><b/><color rgb='FFFF0000'/></rPr><t>en couleur</t></r></si>"
    index = parts["xl/sharedStrings.xml"].count(b"<si>")
    _insert(parts, "xl/sharedStrings.xml", "</sst>", rich)
    _insert(parts, "xl/worksheets/sheet97.xml", "</sheetData>", f'<row r="3"><c r="A3" t="s"><v>{index}</v></c></row>')


def _workbook(parts: dict[str, bytes]) -> None:
    """Three more sheets, one hidden, one very hidden; macros, custom XML, persons."""
    rels = (
        ("rId97", "worksheet", "worksheets/sheet97.xml"),
        ("rId98", "worksheet", "worksheets/sheet98.xml"),
        ("rId99", "worksheet", "worksheets/sheet99.xml"),
        ("rId100", "customXml", "../customXml/item1.xml"),
    )
    lines = "".join(f'<Relationship Id="{i}" Type="{_REL}/{kind}" Target="{to}"/>' for i, kind, to in rels)
    lines += (
        '<Relationship Id="rId101" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        'Target="vbaProject.bin"/><Relationship Id="rId102" '
        'Type="http://schemas.microsoft.com/office/2017/10/relationships/person" Target="persons/person.xml"/>'
    )
    _insert(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", lines)
    sheets = (
        '<sheet name="Mes notes" sheetId="97" r:id="rId97"/>'
        '<sheet name="Cachée" sheetId="98" state="hidden" r:id="rId98"/>'
        '<sheet name="Très cachée" sheetId="99" state="veryHidden" r:id="rId99"/>'
    )
    _insert(parts, "xl/workbook.xml", "</sheets>", sheets)


def _participants(parts: dict[str, bytes]) -> None:
    """Threads, a button, x14 validation, x14 conditional format and sparklines, and a column of the operator's own."""
    name = _part_of(parts, "Participants")
    rels = name.replace("worksheets/", "worksheets/_rels/") + ".rels"
    lines = "".join(
        f'<Relationship Id="{i}" Type="{kind}" Target="{to}"/>'
        for i, kind, to in (
            ("rId90", f"{_REL}/vmlDrawing", "../drawings/vmlDrawing99.vml"),
            ("rId91", f"{_REL}/comments", "../comments99.xml"),
            ("rId92", f"{_REL}/ctrlProp", "../ctrlProps/ctrlProp99.xml"),
            (
                "rId93",
                "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                "../threadedComments/threadedComment99.xml",
            ),
        )
    )
    _insert(parts, rels, "</Relationships>", lines)
    _insert(parts, name, "<tableParts", f'<legacyDrawing r:id="rId90"/>{_CONTROLS}')
    _insert(parts, name, "</worksheet>", _EXTENSIONS)
    _extra_column(parts, name)


def _extra_column(parts: dict[str, bytes], name: str) -> None:
    """One more column, inside the table."""
    table = next(n for n, content in parts.items() if b'displayName="t_participants"' in content)
    text = parts[table].decode()
    width = int(text.split('<tableColumns count="')[1].split('"')[0])
    last, following = (_letter(n) for n in (width, width + 1))
    text = text.replace(f":{last}", f":{following}").replace(
        f'<tableColumns count="{width}">', f'<tableColumns count="{width + 1}">'
    )
    column = f'<tableColumn id="{width + 1}" name="Remarques internes"/>'
    parts[table] = text.replace("</tableColumns>", f"{column}</tableColumns>").encode()
    sheet = parts[name].decode()
    for row, value in ((4, "Remarques internes"), (5, "à rappeler en mai")):
        start, end = sheet.split(f'<row r="{row}"', 1)
        cell = f'<c r="{following}{row}" t="inlineStr"><is><t>{value}</t></is></c></row>'
        sheet = start + f'<row r="{row}"' + end.replace("</row>", cell, 1)
    parts[name] = sheet.encode()


def _letter(index: int) -> str:
    return (chr(64 + (index - 1) // 26) if index > 26 else "") + chr(65 + (index - 1) % 26)


def _types(parts: dict[str, bytes]) -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {
        **{f"/xl/worksheets/sheet{n}.xml": f"{sheet}.worksheet+xml" for n in (97, 98, 99)},
        "/xl/comments99.xml": f"{sheet}.comments+xml",
        "/xl/drawings/drawing99.xml": "application/vnd.openxmlformats-officedocument.drawing+xml",
        "/xl/charts/chart99.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "/xl/threadedComments/threadedComment99.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "/xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
        "/xl/ctrlProps/ctrlProp99.xml": "application/vnd.ms-excel.controlproperties+xml",
        "/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    }
    lines = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    _insert(parts, "[Content_Types].xml", "</Types>", lines)
    text = parts["[Content_Types].xml"].decode()
    defaults = (
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    )
    text = text.replace("<Override", defaults + "<Override", 1).replace(
        f"{sheet}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    parts["[Content_Types].xml"] = text.encode()


_ANCHOR = (
    "<xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>14</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
)
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = f"""{_HEAD}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" \
xmlns:a="{_A}"><xdr:twoCellAnchor>{_ANCHOR.format(3, 5)}<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo"/>\
<xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{_REL}" r:embed="rId1"/><a:stretch><a:fillRect/>\
</a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm>\
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>\
<xdr:twoCellAnchor>{_ANCHOR.format(6, 12)}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>\
<xdr:cNvPr id="3" name="Graphique"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>\
<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_REL}" \
r:id="rId2"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"""
_CHART = f"""{_HEAD}<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_REL}"><c:chart><c:plotArea><c:layout/>\
<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val>\
<c:numRef><c:f>'Mes notes'!$A$1:$A$2</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart>\
<c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx>\
<c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea>\
<c:plotVisOnly val="1"/></c:chart></c:chartSpace>"""
_COMMENTS = f"""{_HEAD}<comments xmlns="{_MAIN}"><authors><author>tc={_THREAD}</author></authors><commentList>\
<comment ref="B5" authorId="0"><text><t>À revoir avec la MDS</t></text></comment></commentList></comments>"""
_THREADS = f"""{_HEAD}<ThreadedComments xmlns="{_THREADED}"><threadedComment ref="B5" dT="2025-05-01T10:00:00.00" \
personId="{_PERSON}" id="{_THREAD}"><text>À revoir avec la MDS</text></threadedComment></ThreadedComments>"""
_PERSONS = f"""{_HEAD}<personList xmlns="{_THREADED}"><person displayName="Référent" id="{_PERSON}" userId="x" \
providerId="None"/></personList>"""
_VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" \
path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" style='position:absolute;\
visibility:hidden'><x:ClientData ObjectType="Note"><x:Anchor>3,15,3,10,5,31,7,9</x:Anchor><x:Row>4</x:Row>\
<x:Column>1</x:Column></x:ClientData></v:shape><v:shape id="_x0000_s1026" type="#_x0000_t202" \
style='position:absolute' o:button="t"><v:textbox><div>Mon bouton</div></v:textbox><x:ClientData ObjectType="Button">\
<x:Anchor>6,0,0,0,8,0,1,0</x:Anchor><x:FmlaMacro>Module1.Rappel</x:FmlaMacro></x:ClientData></v:shape></xml>"""
_CONTROLS = f"""<mc:AlternateContent xmlns:x14="{_X14}" \
xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">\
<mc:Choice Requires="x14"><controls><mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="1026" \
r:id="rId92" name="Bouton 1"><controlPr defaultSize="0" print="0" autoFill="0" autoPict="0" macro="[0]!Rappel"><anchor>\
<from><xdr:col xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">6</xdr:col>\
</from></anchor></controlPr></control></mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>"""
_EXTENSIONS = f"""<extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{_X14}">\
<x14:dataValidations xmlns:xm="{_XM}" count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1>\
<xm:f>'Mes notes'!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>BA5:BA20</xm:sqref></x14:dataValidation>\
</x14:dataValidations></ext><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{_X14}">\
<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="{_XM}"><x14:cfRule type="dataBar" \
id="{{00000000-0000-0000-0000-000000000001}}"><x14:dataBar minLength="0" maxLength="100"><x14:cfvo type="autoMin"/>\
<x14:cfvo type="autoMax"/></x14:dataBar></x14:cfRule><xm:sqref>BB5:BB20</xm:sqref></x14:conditionalFormatting>\
</x14:conditionalFormattings></ext><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{_X14}">\
<x14:sparklineGroups xmlns:xm="{_XM}"><x14:sparklineGroup><x14:sparklines><x14:sparkline>\
<xm:f>Participants!P5:P8</xm:f><xm:sqref>BC5</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"""
