// The balance: what is due, how it is computed, the sheet to sign.

import { button, h, icon } from "./dom.js";
import { answer } from "./dossiers.js";
import { download } from "./files.js";
import { pending } from "./pending.js";
import { tableSection } from "./tables.js";

export function drawBalance(dossier) {
  const place = pending(() => answer(dossier, "solde"), "Le solde se calcule…", ({ result, files }) => ({
    nodes: [balanceTop(result, files[0]), ...result.blocs.map((bloc) => tableSection(bloc, "h2"))],
    said: result.conclusion,
  }));
  return { nodes: [place] };
}

function balanceTop({ conclusion, avertissements, solde }, file) {
  return h("section", { class: "next" },
    h("h2", {}, "Le solde, à ce jour"),
    h("p", { class: "sentence" }, conclusion),
    avertissements.map((words) => h("p", { class: "warning" }, icon("verifier"), h("span", {}, words))),
    solde.reserve && h("p", { class: "note" }, solde.reserve),
    h("p", { class: "actions" }, button("Télécharger la feuille de calcul du solde", () => download(file), "main"), button("Imprimer ce calcul", () => print(), "plain")));
}
