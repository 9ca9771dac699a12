// Small words of the page itself; every sentence about a workbook comes from Python.

const JOINED = /(?<=«) | (?=[»:;?!€%](?:[^\p{L}\p{N}]|$))|(?<=\d) (?=\d{3}(?!\d))/gu;

/** The text, « » and double signs tied to their words. */
export function tie(text) {
  return text.replace(JOINED, "\u00a0");
}

/** `3 lignes`, `1 ligne`, `0 ligne`. */
export function count(number, one, several = `${one}s`) {
  return `${figure(number)} ${number > 1 ? several : one}`;
}

const FIGURES = new Intl.NumberFormat("fr-FR");
const EUROS = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });

export function figure(number) {
  return FIGURES.format(number);
}

/** An amount of the commands' JSON: `"1234.50"` → `1 234,50 €`. */
export function euros(text) {
  return text === null ? "" : EUROS.format(Number(text));
}

/** `2026-12-01` → `01/12/2026`. */
export function day(iso) {
  return iso.split("-").reverse().join("/");
}

/** Text to search in: without accents, case or double spaces. */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/\s+/g, " ");
}

export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The items as one enumeration: `a, b et c`. */
export function listed(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} et ${items.at(-1)}`;
}
