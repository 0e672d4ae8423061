// One sprite with only the icons named in icons.json (our name -> Tabler's name), plus our own
// drawings in icons/ for what the family lacks.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

function symbol(name, svg, filled = false) {
  const body = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>[\s\S]*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "")
    .trim();
  const paint = filled ? ' fill="currentColor" stroke="none"' : "";
  return `<symbol id="${name}" viewBox="0 0 24 24"${paint}>${body}</symbol>`;
}

export async function sprite(here) {
  const wanted = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = [];
  for (const [name, source] of Object.entries(wanted)) {
    const path = join(here, "node_modules/@tabler/icons/icons", `${source}.svg`);
    symbols.push(symbol(name, await readFile(path, "utf8"), source.startsWith("filled/")));
  }
  for (const file of (await readdir(join(here, "icons"))).sort()) {
    if (!file.endsWith(".svg")) continue;
    symbols.push(symbol(file.slice(0, -4), await readFile(join(here, "icons", file), "utf8")));
  }
  const style =
    'xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" ' +
    'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<svg ${style}>${symbols.join("")}</svg>`;
}
