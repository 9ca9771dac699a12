// The page's pictures for the guides: `node pictures.mjs PAGE WORKBOOK FOLDER`. Needs `npm install` here, and Chromium.
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [, , page, workbook, folder] = process.argv;
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=fr"],
});
const tab = await browser.newPage();
await tab.setViewport({ width: 1200, height: 900 });
await tab.goto(pathToFileURL(page).href);
await tab.waitForFunction("'ready' in document.body.dataset", { timeout: 60_000 });
await tab.screenshot({ path: `${folder}/page-accueil.png` });
const field = await tab.$("main input[type=file]");
await field.uploadFile(workbook);
await tab.waitForSelector(".counts", { timeout: 60_000 });
await tab.screenshot({ path: `${folder}/page-controle.png` });
await browser.close();
