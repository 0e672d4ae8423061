export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export class Unreachable extends Error {}

interface Sending {
  method?: "POST" | "GET";
  body?: FormData | null;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** fetch with our token and a limit; a server that cannot be reached is Unreachable. */
export async function send(url: string, sending: Sending = {}): Promise<Response> {
  const { method = "POST", body = null, headers = {}, timeoutMs = 15_000 } = sending;
  const limit = new AbortController();
  const timer = window.setTimeout(() => limit.abort(), timeoutMs);
  const token: Record<string, string> = method === "POST" ? { "X-CSRFToken": csrfToken() } : {};
  try {
    return await fetch(url, {
      method,
      body,
      headers: { ...token, ...headers },
      credentials: "same-origin",
      signal: limit.signal,
    });
  } catch (reason) {
    throw new Unreachable(String(reason));
  } finally {
    window.clearTimeout(timer);
  }
}
