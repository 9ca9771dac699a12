"""A filled workbook in a few milliseconds: the blank one's own XML, its entry cells replaced, the rest copied."""

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from io import BytesIO

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.cells import column_letter
from aap_xl.rows import Operation
from aap_xl.workbook import layout
from aap_xl.workbook.template.build import build
from retours.feuille import FORMULE, VALEUR, Feuille, cellules, inserer, lettres, liste, ouverture, style_de, texte_de
from retours.paquet import assembler, brut
from retours.saisies import Encre, Ligne, Retouches


class Moule:
    """The blank workbook of a call, ready to be filled many times."""

    def __init__(self, appel: Appel, le: dt.date) -> None:
        self.appel = appel
        blank = build(appel, {}, aujourdhui=le)
        self._zip = zipfile.ZipFile(BytesIO(blank))
        self._parts = {info.filename: brut(blank, info) for info in self._zip.infolist()}
        self._classeur = self._text("xl/workbook.xml")
        self._textes = self._text("xl/sharedStrings.xml")
        self._nombre = self._textes.count("<si>")
        self._connus = {
            texte_de(text): rang for rang, text in enumerate(re.findall(r"<si><t[^>]*>([^<]*)</t></si>", self._textes))
        }
        assert len(self._connus) == self._nombre
        self.noms = re.findall(r'<sheet name="([^"]+)"', self._classeur)
        self.tables = layout.tables(appel)
        self._feuilles = {nom: self._feuille(nom) for nom in self.tables}
        self._formulaire = self._text(self._chemin(Operation.feuille))

    def _text(self, nom: str) -> str:
        return self._zip.read(nom).decode()

    def _chemin(self, feuille: str) -> str:
        rang = [texte_de(nom) for nom in self.noms].index(feuille) + 1
        return f"xl/worksheets/sheet{rang}.xml"

    def _feuille(self, nom: str) -> Feuille:
        table = self.tables[nom]
        chemin = self._chemin(table.feuille)
        xml = self._text(chemin)
        start, end = xml.index('<row r="4"'), xml.index("</sheetData>")
        rows = re.findall(r"<row [^>]*>.*?</row>|<row [^>]*/>", xml[start:end])
        relations = self._text(f"xl/worksheets/_rels/{chemin.rpartition('/')[2]}.rels")
        found = re.search(r"tables/(table\d+\.xml)", relations)
        assert found
        champs = list(table.colonnes)
        first = cellules(rows[1])
        kept = [cellules(row) for row in rows[1:]]
        return Feuille(
            chemin=chemin,
            table=f"xl/tables/{found[1]}",
            avant=xml[:start],
            apres=xml[end:],
            entetes={
                champ: re.sub(r' r="[A-Z]+4"', "", cell) for champ, cell in zip(champs, liste(rows[0]), strict=False)
            },
            ligne_entetes=ouverture(rows[0]),
            ligne=re.sub(r'row r="\d+"', 'row r="{}"', ouverture(rows[1])),
            styles={champ: style_de(first[champ_l]) for champ, champ_l in lettres(champs)},
            formules={champ: found[0] for champ, letter in lettres(champs) if (found := FORMULE.search(first[letter]))},
            propres=[
                {champ: found[0] for champ, letter in lettres(champs) if (found := VALEUR.search(row.get(letter, "")))}
                for row in kept
            ],
            lignes=table.lignes,
        )

    def remplir(self, operation: Ligne, tables: Mapping[str, Sequence[Ligne]], retouches: Retouches) -> bytes:
        """The bytes of a workbook so filled."""
        encre = Encre(self._nombre, dict(self._connus), self.appel)
        changed = {self._chemin(Operation.feuille): self._form(operation, encre)}
        for nom, feuille in self._feuilles.items():
            rows = tables.get(nom, ())
            changed[feuille.chemin] = self._sheet(nom, feuille, rows, retouches, encre)
            if len(rows) > feuille.lignes or nom in retouches.ordre or any(t == nom for t, _ in retouches.entetes):
                changed[feuille.table] = self._table(nom, feuille, len(rows), retouches)
        self._elsewhere(retouches, changed)
        changed["xl/sharedStrings.xml"] = self._textes.replace("</sst>", "".join(encre.ajouts) + "</sst>")
        return assembler(self._parts, changed)

    def _form(self, operation: Ligne, encre: "Encre") -> str:
        xml, champs = self._formulaire, modele(self.appel, Operation.table).champs
        lignes = layout.formulaire(self.appel).lignes
        for nom, valeur in operation.items():
            if valeur is None:
                continue
            mark = f'<c r="C{lignes[nom]}" s="'
            start = xml.index(mark)
            end = xml.index("/>", start)
            style = xml[start + len(mark) : end].rstrip('"')
            cell = encre.cell(f"C{lignes[nom]}", style, champs[nom], valeur)
            xml = xml[:start] + cell + xml[end + 2 :]
        return xml

    def _sheet(self, nom: str, f: Feuille, rows: Sequence[Ligne], retouches: Retouches, encre: "Encre") -> str:
        ordre = retouches.ordre.get(nom, list(self.tables[nom].colonnes))
        letters = [column_letter(rang) for rang in range(1, len(ordre) + 1)]
        champs = modele(self.appel, nom).champs
        constants = {(id(row), champ): v for t, row, champ, v in retouches.calculees if t == nom}
        hidden = {id(row) for t, row in retouches.masquees if t == nom}
        lines = [self._headers(nom, f, ordre=ordre, letters=letters, retouches=retouches, encre=encre)]
        blank: Ligne = {}
        below = retouches.dessous.get(nom, [])
        last = max(len(rows), f.lignes)
        numbered = [(n, rows[n] if n < len(rows) else blank, True) for n in range(last)]
        numbered += [(last + 1 + n, row, False) for n, row in enumerate(below)]
        for n, row, inside in numbered:
            own = f.propres[n] if n < len(f.propres) else blank
            cells = []
            number = n + layout.DONNEES
            for letter, champ in zip(letters, ordre, strict=True):
                place = f"{letter}{number}"
                valeur = row.get(champ)
                style = f.styles.get(champ, "0")
                if (id(row), champ) in constants:
                    valeur = constants[id(row), champ]
                if valeur is not None:
                    cells.append(encre.cell(place, style, champs.get(champ), valeur))
                elif inside and champ in f.formules:
                    cells.append(f'<c r="{place}" s="{style}">{f.formules[champ]}</c>')
                elif champ in own:
                    cells.append(f'<c r="{place}" s="{style}" t="s">{own[champ]}</c>')
                else:
                    cells.append(f'<c r="{place}" s="{style}"/>')
            opening = f.ligne.format(number)
            if id(row) in hidden:
                opening = opening.replace(">", ' hidden="1">')
            lines.append(f"{opening}{''.join(cells)}</row>")
        merged = [self._merged(nom, ordre, rows, row, champ) for t, row, champ in retouches.fusions if t == nom]
        after = f.apres
        extent = f'<dimension ref="A1:{letters[-1]}{numbered[-1][0] + layout.DONNEES}"/>'
        before = re.sub(r"<dimension [^>]*/>", extent, f.avant)
        if merged:
            refs = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
            after = after.replace(
                "</sheetData>", f'</sheetData><mergeCells count="{len(merged)}">{refs}</mergeCells>', 1
            )
        return "".join((before, *lines, after))

    def _headers(
        self,
        nom: str,
        f: Feuille,
        *,
        ordre: Sequence[str],
        letters: Sequence[str],
        retouches: Retouches,
        encre: "Encre",
    ) -> str:
        cells = []
        for letter, champ in zip(letters, ordre, strict=True):
            text = retouches.entetes.get((nom, champ)) or (champ[1:-1] if champ.startswith("[") else "")
            if text:
                cells.append(f'<c r="{letter}4" s="0" t="s"><v>{encre.texte(text)}</v></c>')
            else:
                cells.append(f.entetes[champ].replace("<c ", f'<c r="{letter}4" ', 1))
        return f"{f.ligne_entetes}{''.join(cells)}</row>"

    def _merged(self, nom: str, ordre: Sequence[str], rows: Sequence[Ligne], row: Ligne, champ: str) -> str:
        letter = column_letter(ordre.index(champ) + 1)
        number = next(n for n, item in enumerate(rows) if item is row) + layout.DONNEES
        return f"{letter}{number}:{letter}{number + 1}"

    def _table(self, nom: str, f: Feuille, count: int, retouches: Retouches) -> str:
        xml = self._text(f.table)
        ordre = retouches.ordre.get(nom)
        width = len(ordre) if ordre else len(self.tables[nom].colonnes)
        ref = f"A4:{column_letter(width)}{max(count, f.lignes) + layout.ENTETES}"
        xml = re.sub(r'ref="A4:[A-Z]+\d+"', f'ref="{ref}"', xml)
        columns = re.findall(r"<tableColumn [^>]*/>|<tableColumn .*?</tableColumn>", xml)
        by_field = dict(zip(self.tables[nom].colonnes, columns, strict=True))
        written = []
        for rang, champ in enumerate(ordre or by_field, 1):
            text = retouches.entetes.get((nom, champ)) or (champ[1:-1] if champ.startswith("[") else "")
            column = by_field.get(champ, '<tableColumn id="0" name=""/>')
            column = re.sub(r'id="\d+"', f'id="{rang}"', column, count=1)
            written.append(re.sub(r'name="[^"]*"', f'name="{escape(text)}"', column, count=1) if text else column)
        start, end = xml.index("<tableColumns"), xml.index("</tableColumns>")
        return f'{xml[:start]}<tableColumns count="{len(written)}">{"".join(written)}{xml[end:]}'

    def _elsewhere(self, retouches: Retouches, changed: dict[str, str]) -> None:
        """Sheets renamed or added, properties lost, constants over the synthesis."""
        if retouches.feuilles or retouches.ajoutees:
            changed["xl/workbook.xml"] = self._classeur
        for ancien, nouveau in retouches.feuilles.items():
            changed["xl/workbook.xml"] = changed["xl/workbook.xml"].replace(f'name="{ancien}"', f'name="{nouveau}"', 1)
        for rang, nom in enumerate(retouches.ajoutees, 90):
            part = f"xl/worksheets/sheet{rang}.xml"
            changed[part] = f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>'
            inserer(changed, "xl/workbook.xml", "</sheets>", f'<sheet name="{nom}" sheetId="{rang}" r:id="rId{rang}"/>')
            relation = f'<Relationship Id="rId{rang}" Type="{_SHEET}" Target="worksheets/sheet{rang}.xml"/>'
            changed.setdefault("xl/_rels/workbook.xml.rels", self._text("xl/_rels/workbook.xml.rels"))
            inserer(changed, "xl/_rels/workbook.xml.rels", "</Relationships>", relation)
            changed.setdefault("[Content_Types].xml", self._text("[Content_Types].xml"))
            inserer(changed, "[Content_Types].xml", "</Types>", f'<Override PartName="/{part}" ContentType="{_TYPE}"/>')
        if retouches.sans_identite:
            changed["docProps/custom.xml"] = self._text("docProps/custom.xml").replace("aap_xl_", "autre_")
        if retouches.budget:
            nom = self._chemin(layout.BUDGET)
            xml = self._text(nom)
            for place, montant in retouches.budget.items():
                cell = f'(<c r="{place}" s="\\d+")[^>]*>.*?</c>'
                xml = re.sub(cell, rf"\g<1>><v>{montant}</v></c>", xml, count=1)
            changed[nom] = xml

    def adresse_nommee(self, nom: str) -> str:
        """The address of a named cell of « Budget »."""
        found = re.search(rf"<definedName name=\"{nom}\">'Budget'!\$([A-Z]+)\$(\d+)<", self._classeur)
        assert found
        return found[1] + found[2]


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@cache
def moule(appel: Appel, le: dt.date) -> Moule:
    """One mould per call."""
    return Moule(appel, le)
