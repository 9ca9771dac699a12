// Run by node when the page is built: `node prepare.mjs WORK`. WORK has Pyodide (`pyodide/`), the tab's files
// (`tab/`), the libraries that only validate the calls (`build/`), the variables (`env.json`) and `prepare.py`.
// Written there: `files`, all that the tab's Python finds in its file system, its modules compiled and its calls validated.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const work = process.argv[2];
const from = (name) => path.join(work, name);
const { loadPyodide } = await import(pathToFileURL(from("pyodide/pyodide.mjs")));
const python = await loadPyodide({
  indexURL: from("pyodide/"),
  env: { ...JSON.parse(fs.readFileSync(from("env.json"), "utf8")), PYTHONHASHSEED: "0" },
});
lay("tab");
lay("build");
const kept = python.runPython(fs.readFileSync(from("prepare.py"), "utf8")).toJs();
const contents = kept.map((name) => python.FS.readFile(name));
const index = Buffer.from(JSON.stringify(kept.map((name, at) => [name, contents[at].length])));
const length = Buffer.alloc(4);
length.writeUInt32LE(index.length);
fs.writeFileSync(from("files"), Buffer.concat([length, index, ...contents]));

function lay(folder, inside = "") {
  for (const item of fs.readdirSync(from(folder + inside), { withFileTypes: true })) {
    const name = `${inside}/${item.name}`;
    if (item.isDirectory()) {
      lay(folder, name);
    } else {
      python.FS.mkdirTree(path.posix.dirname(name));
      python.FS.writeFile(name, new Uint8Array(fs.readFileSync(from(folder + name))));
    }
  }
}
