// Our own tests in the page's Python: `node own.mjs WORK PROJECT WORDS…`. WORK has Pyodide (`pyodide/`) and wheels (`wheels/`);
// the words are pytest's. Prints what pytest does.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , work, project, ...words] = process.argv;
const { loadPyodide } = await import(pathToFileURL(path.join(work, "pyodide", "pyodide.mjs")));
const python = await loadPyodide({
  indexURL: path.join(work, "pyodide/"),
  env: { HOME: "/home/pyodide", AAP_XL_CACHE: "/cache", CI: "true", PYTHONDONTWRITEBYTECODE: "1" },
});
const libraries = { extractDir: "/lib/python3.14/site-packages" };
for (const wheel of fs.readdirSync(path.join(work, "wheels"))) {
  python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(work, "wheels", wheel))), "wheel", libraries);
}
python.FS.mkdirTree("/project");
python.mountNodeFS("/project", project);
process.exitCode = python.runPython(`
import os, sys
os.chdir("/project")
sys.path[:0] = ["src", "tests"]
import pytest
int(pytest.main(${JSON.stringify(words)}))
`);
