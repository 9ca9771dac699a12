// Files in, by a button or dropped; files out, as downloads.

import { button, byId, fresh, h, svg } from "./dom.js";
import { add } from "./dossiers.js";
import { go } from "./router.js";

const ACCEPTED = ".xlsx,.xlsm,.ods,.xls,.xlsb";

/** Take the files: one is opened at once, several are listed. */
export function take(files) {
  if (!files.length) return;
  const added = add(files);
  go(added.length === 1 ? `${added[0].id}/controle` : "accueil");
}

/** A real button that opens the system's own choice of files. */
export function fileButton(words, onfiles, { multiple = true, style = "main" } = {}) {
  const id = fresh("file");
  const input = h("input", { type: "file", id, accept: ACCEPTED, multiple, class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", () => {
    onfiles(Array.from(input.files));
    input.value = "";
  });
  return [button(words, () => input.click(), style), input];
}

function arrow() {
  return svg(
    "svg",
    { class: "arrow", viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: "M12 4h17l9 9v31H12z M29 4v9h9" }),
    svg("path", { d: "M25 20v16 M18 29l7 7 7-7" }),
  );
}

/** The place where files are dropped, with its button. */
export function dropZone({ title, words, note, onfiles = take, multiple = true, level = "h2" }) {
  const zone = h("div", { class: "drop" }, arrow(), h(level, {}, title), h("p", {}, fileButton(words, onfiles, { multiple })), h("p", { class: "note" }, note));
  const over = (on) => (event) => {
    event.preventDefault();
    zone.classList.toggle("on", on);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    event.stopPropagation();
    hideOver();
    onfiles(Array.from(event.dataTransfer.files));
  });
  return zone;
}

let depth = 0;

function hideOver() {
  depth = 0;
  byId("over").hidden = true;
}

/** Files may be dropped anywhere: a browser would otherwise open them in place of the page. */
export function catchDrops() {
  const files = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (!files(event)) return;
    depth += 1;
    byId("over").hidden = Boolean(document.querySelector(".drop"));
  });
  addEventListener("dragleave", (event) => {
    if (files(event) && (depth -= 1) <= 0) hideOver();
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    hideOver();
    take(Array.from(event.dataTransfer.files));
  });
}

/** Have the browser save a file, `{name, type, bytes}`, where it saves what is downloaded. */
export function download(file) {
  const address = URL.createObjectURL(new Blob([file.bytes], { type: file.type }));
  const link = h("a", { href: address, download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
