// Builds everything a browser loads into src/siaga/web/static/siaga/.
// Names stay plain; whitenoise adds the hashes when Django collects the files.
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { coast } from "./build/coast.mjs";
import { compress, licences } from "./build/deliver.mjs";
import { sprite } from "./build/sprite.mjs";
import { themes } from "./build/themes.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const served = join(here, "../src/siaga/web/static/siaga");
const modules = join(here, "node_modules");
const watching = process.argv.includes("--watch");
// Built aside and put in place whole: a server that runs meanwhile never finds half of it.
const out = watching ? served : join(modules, `.siaga-${process.pid}`);

// Windows 7 desks stop at Chrome 109 and cheap telephones lag; nothing newer may be required.
const target = ["chrome109", "firefox115", "safari16"];
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  target,
  legalComments: "none",
  logLevel: "warning",
  define: { __DEV__: String(watching) },
};

const pages = {
  ...common,
  entryPoints: { app: "app.ts" },
  outdir: out,
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
};

// Workers cannot share chunks with pages: each is one self-contained classic script.
const workers = {
  ...common,
  entryPoints: {
    "agency-worker": "islands/offline/worker.ts",
    "live-worker": "islands/live/worker.ts",
    "pow-worker": "islands/pow/worker.ts",
    "tick-worker": "islands/softphone/ticker.ts",
  },
  outdir: out,
  format: "iife",
};

// Asterisk itself serves this one, on the day when nothing of ours runs: it stands alone.
const spare = {
  ...common,
  entryPoints: { "spare/phone": "spare/phone.ts" },
  outdir: out,
  format: "iife",
};

const styles = {
  ...common,
  entryPoints: {
    app: "styles/app.css",
    map: "styles/map.css",
    "no-islands": "styles/no-islands.css",
  },
  outdir: out,
  assetNames: "fonts/[name]",
  loader: { ".woff2": "file", ".svg": "dataurl" },
  plugins: [themes()],
};

const copied = [["maplibre-gl/dist/maplibre-gl-worker.mjs", "maplibre-worker.mjs"]];

async function assets() {
  await mkdir(join(out, "fonts"), { recursive: true });
  for (const [from, to] of copied) await copyFile(join(modules, from), join(out, to));
  await mkdir(join(out, "spare"), { recursive: true });
  for (const name of ["phone.html", "phone.css"]) {
    await copyFile(join(here, "spare", name), join(out, "spare", name));
  }
  await copyFile(join(here, "favicon.svg"), join(out, "favicon.svg"));
  await writeFile(join(out, "licences.txt"), await licences(here));
  await writeFile(join(out, "icons.svg"), await sprite(here));
  await writeFile(join(out, "indonesia.json"), await coast(modules));
}

async function sizes() {
  const names = ["app.js", "app.css", "map.css", "icons.svg", "indonesia.json", "live-worker.js"];
  for (const name of names) {
    const bytes = (await stat(join(served, name))).size;
    console.log(`${(bytes / 1024).toFixed(1).padStart(8)} kB  ${name}`);
  }
}

async function putInPlace() {
  const former = `${out}-former`;
  await mkdir(dirname(served), { recursive: true });
  await rename(served, former).catch(() => undefined);
  await rename(out, served);
  await rm(former, { recursive: true, force: true });
}

await assets();
if (watching) {
  for (const options of [pages, workers, spare, styles]) await (await context(options)).watch();
  console.log("watching");
} else {
  await Promise.all([pages, workers, spare, styles].map((options) => build(options)));
  await compress(out);
  await putInPlace();
  await sizes();
  const manifest = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  console.log(`${manifest.name}: built`);
}
