// tokens.css is written once with light-dark(a, b). Browsers on old desks do not know that
// function, so the build turns it into two plain sets of custom properties that any element can
// choose with data-theme, and "auto" follows the system.
import { readFile } from "node:fs/promises";

const PAIR = /^(\s*)(--[\w-]+):\s*light-dark\(/;

function split(value) {
  let depth = 0;
  for (let i = 0; i < value.length; i += 1) {
    if (value[i] === "(") depth += 1;
    else if (value[i] === ")") depth -= 1;
    else if (value[i] === "," && depth === 0) return [value.slice(0, i), value.slice(i + 1)];
  }
  throw new Error(`light-dark() needs two values: ${value}`);
}

export function lower(source) {
  const light = [];
  const dark = [];
  const kept = [];
  for (const line of source.split("\n")) {
    const hit = PAIR.exec(line);
    if (!hit) {
      kept.push(line);
      continue;
    }
    const inner = line.slice(hit[0].length, line.lastIndexOf(")"));
    const [day, night] = split(inner).map((part) => part.trim());
    light.push(`${hit[2]}: ${day};`);
    dark.push(`${hit[2]}: ${night};`);
  }
  const set = (scheme, lines) => `color-scheme: ${scheme}; ${lines.join(" ")}`;
  return [
    kept.join("\n"),
    `:root, [data-theme="light"] { ${set("light", light)} }`,
    `[data-theme="dark"] { ${set("dark", dark)} }`,
    `@media (prefers-color-scheme: dark) { [data-theme="auto"] { ${set("dark", dark)} } }`,
  ].join("\n");
}

export function themes() {
  return {
    name: "themes",
    setup(build) {
      build.onLoad({ filter: /styles[\\/]tokens\.css$/ }, async ({ path }) => ({
        contents: lower(await readFile(path, "utf8")),
        loader: "css",
      }));
    },
  };
}
