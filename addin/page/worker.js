// The page's worker: Python, which answers one question at a time.
// A classic worker: opened from a file, Chromium starts no module worker from a blob. Pyodide refuses classic ones, which
// it recognises by `importScripts`.
"use strict";
self.importScripts = () => {
  throw new Error("module");
};

const PHRASES = {
  open: "Ouverture de la page…",
  python: "Démarrage du programme…",
  rules: "Lecture des règles des appels à projets…",
  crash: "Le programme s'est arrêté sur cette demande ; la page repart d'elle-même. Vos fichiers n'ont pas changé.",
  memory: "Ce fichier demande plus de mémoire que le navigateur n'en donne ; fermez d'autres onglets, puis recommencez.",
  start: "La page n'a pas pu démarrer ; rechargez-la, ou ouvrez-la avec un navigateur à jour (Firefox, Chrome, Edge, Safari).",
};

/** What Python runs once awake: the questions' door, from JavaScript to JavaScript. */
const START = `
from datetime import date
from pyodide.ffi import to_js
import aap_xl
from aap_xl.faces.page import answer
answer("appels", "{}", [])
def about():
    return to_js([aap_xl.__version__, date.today().isoformat()])
def reply(verb, args, names, contents):
    text, made = answer(verb, args, [(name, content.to_bytes()) for name, content in zip(names, contents, strict=True)])
    return to_js([text, [list(item) for item in made]])
`;

let answer = null;
let started = null;

self.onmessage = async ({ data }) => {
  if (data.start) started = start(data.start);
  else if (await started) reply(data);
};

async function start(given) {
  try {
    const found = await (given.base ? download(given) : unpack(given));
    self.postMessage({ progress: PHRASES.python, share: 0.6 });
    const python = await wake(found);
    answer = python.globals.get("reply");
    const [version, date] = python.globals.get("about")();
    self.postMessage({ ready: true, version, date });
    return true;
  } catch (error) {
    console.error(error.type ?? error.name, error.message);
    self.postMessage({ crash: PHRASES.start });
    return false;
  }
}

/** The parts, name → bytes, from their text in the page. */
async function unpack(texts) {
  const all = Object.entries(texts);
  const total = all.reduce((sum, [, text]) => sum + text.length, 0);
  const parts = {};
  let done = 0;
  for (const [name, text] of all) {
    parts[name] = await inflate(decode(text));
    done += text.length;
    self.postMessage({ progress: PHRASES.open, share: (0.6 * done) / total });
  }
  return parts;
}

/** The parts, name → bytes, from the files of a site; the only requests that are ever made. */
async function download({ base, names }) {
  const parts = {};
  let done = 0;
  await Promise.all(
    names.map(async (name) => {
      const response = await fetch(`${base}${name}.gz`);
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      parts[name] = await inflate(await response.arrayBuffer());
      self.postMessage({ progress: PHRASES.open, share: (0.6 * ++done) / names.length });
    }),
  );
  return parts;
}

function decode(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Python with the files that were prepared when the page was built. */
async function wake(parts) {
  const inside = "https://page.invalid/";
  self.fetch = async (asked) => {
    const name = String(asked.url ?? asked).replace(inside, "");
    if (!(name in parts)) throw new Error(`nothing is asked of the network: ${name}`);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(parts[name], { headers: { "Content-Type": type } });
  };
  const text = (name) => new TextDecoder().decode(parts[name]);
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([module(parts["pyodide.mjs"]), module(parts["pyodide.asm.mjs"])]);
  const python = await loadPyodide({
    indexURL: inside,
    lockFileContents: text("pyodide-lock.json"),
    stdLibURL: `${inside}python_stdlib.zip`,
    env: JSON.parse(text("env.json")),
    createPyodideModule,
    fsInit: (files) => lay(parts["files"], files),
  });
  for (const name of Object.keys(parts)) delete parts[name];
  self.postMessage({ progress: PHRASES.rules, share: 0.8 });
  python.runPython(START);
  return python;
}

async function module(bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Write the files: a length, then an index as JSON, [[path, size], …], then their bytes. */
function lay(packed, files) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  let at = 4 + length;
  for (const [path, size] of JSON.parse(new TextDecoder().decode(packed.subarray(4, at)))) {
    files.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    files.writeFile(path, packed.subarray(at, at + size));
    at += size;
  }
}

function reply({ id, verb, args, files = [] }) {
  try {
    const names = files.map((file) => file.name);
    const contents = files.map((file) => new Uint8Array(file.bytes));
    const [text, made] = answer(verb, JSON.stringify(args ?? {}), names, contents);
    const result = JSON.parse(text);
    const out = made.map(([name, type, bytes]) => ({ name, type, bytes: bytes.buffer }));
    const said = "refus" in result ? { id, refus: result.refus } : { id, result, files: out };
    self.postMessage(said, out.map((file) => file.bytes));
  } catch (error) {
    console.error(error.type ?? error.name, error.message);
    const memory = error instanceof RangeError || error.type === "MemoryError";
    self.postMessage({ id, crash: memory ? PHRASES.memory : PHRASES.crash });
  }
}
