/** Sentences for the islands come from the server in the reader's language (siaga-words). */
let cached: Record<string, string> | null = null;

function load(): Record<string, string> {
  if (cached) return cached;
  const source = document.getElementById("siaga-words")?.textContent;
  cached = source ? (JSON.parse(source) as Record<string, string>) : {};
  return cached;
}

export function word(key: string, values: Record<string, string | number> = {}): string {
  let text = load()[key] ?? key;
  for (const [name, value] of Object.entries(values)) {
    text = text.replaceAll(`{${name}}`, String(value));
  }
  return text;
}
