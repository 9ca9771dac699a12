// The bilan on the page: its tables and its charts, those that the workbook gets.

import { button, fresh, h, icon, jump } from "./dom.js";
import { answer } from "./dossiers.js";
import { download } from "./files.js";
import { pending } from "./pending.js";
import { tableSection } from "./tables.js";

export function drawReport(dossier) {
  const place = pending(() => answer(dossier, "bilan"), "Le bilan s'écrit…", ({ result, files }) => ({
    nodes: [reportTop(result, files[0]), ...tables(result.tableaux)],
    said: "Le bilan est prêt",
  }));
  return { nodes: [place] };
}

function reportTop(result, file) {
  return h("section", { class: "next" },
    h("h2", {}, result.provisoire ? "Bilan provisoire" : "Bilan"),
    result.provisoire && h("p", { class: "sentence" }, icon("verifier"), " Une anomalie bloquante au moins est à corriger : ce bilan peut encore changer."),
    h("p", { class: "actions" }, button(`Télécharger « ${result.fichier} »`, () => download(file), "main"), button("Imprimer ces tableaux", () => print(), "plain")),
    h("p", { class: "note" }, "C'est votre classeur, à l'identique, avec ses feuilles « Contrôle » et « Bilan » remplies."));
}

function tables(tableaux) {
  const sections = tableaux.map((tableau) => {
    const section = tableSection(tableau, "h2");
    section.id = fresh("part");
    return section;
  });
  const summary = h("nav", { class: "summary", "aria-label": "Sommaire du bilan" },
    h("details", {}, h("summary", {}, `Sommaire : ${tableaux.length} tableaux`), h("ol", {}, tableaux.map(({ titre }, rank) => h("li", {}, jump(titre, sections[rank].querySelector("h2")))))));
  return [summary, ...sections];
}
