// The three severities, and what each asks for.

import { h, icon } from "./dom.js";

/** By the word of the commands: how it is drawn, counted and explained. */
export const SEVERITIES = {
  bloquante: { key: "bloquante", one: "bloquante", several: "bloquantes", asks: "À corriger : tant qu'il en reste, le bilan est provisoire." },
  "à vérifier": { key: "verifier", one: "à vérifier", several: "à vérifier", asks: "Peut-être juste : relisez, corrigez, ou expliquez au bilan." },
  information: { key: "information", one: "information", several: "informations", asks: "Rien à faire : voici ce qui a été compris." },
};

export function badge(severity) {
  const { key } = SEVERITIES[severity];
  return h("span", { class: `badge ${key}` }, icon(key), severity);
}

/** `3 bloquantes, 1 à vérifier`: only what there is. */
export function totals(counts) {
  const parts = Object.entries(SEVERITIES)
    .filter(([name]) => counts[name])
    .map(([name, { one, several }]) => `${counts[name]} ${counts[name] > 1 ? several : one}`);
  return parts.join(", ") || "aucune anomalie";
}
