// What a browser is sent besides the files themselves: small copies, and whose work it is.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TEXT = /\.(js|mjs|css|svg|json|txt)$/;
const SMALL_BYTES = 1024;
const squeeze = promisify(brotliCompress);
const zip = promisify(gzip);

/** whitenoise hands out file.br or file.gz by itself where they stand beside the file. */
export async function compress(folder) {
  const files = await readdir(folder, { recursive: true });
  for (const name of files.filter((file) => TEXT.test(file))) {
    const path = join(folder, name);
    const content = await readFile(path);
    if (content.length < SMALL_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    await writeFile(`${path}.br`, await squeeze(content, { params }));
    await writeFile(`${path}.gz`, await zip(content, { level: 9 }));
  }
}

/** The licences of everything that is delivered, as their authors ask. */
export async function licences(here) {
  const { dependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  const parts = [];
  for (const name of Object.keys(dependencies).sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    parts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return parts.join(`\n${"=".repeat(78)}\n\n`);
}
