import { one } from "../../lib/dom";
import { word } from "../../lib/words";
import { type Keep, forgetPages } from "./pages";

/**
 * Brings the worker that keeps the officer's pages (`data-worker`), and says so when one of them
 * is shown. The sign-in page forgets them (`data-forget`).
 */
export function mount(root: HTMLElement): void {
  if (root.dataset["forget"] !== undefined) return void forgetPages();
  if (document.documentElement.dataset["keptAt"]) {
    tellAge(root);
    renewWhenLive();
  }
  const worker = root.dataset["worker"];
  // Without https there is none; the page then only lives as long as it is open.
  if (worker && "serviceWorker" in navigator) void register(worker);
}

function tellAge(root: HTMLElement): void {
  const at = new Date(document.documentElement.dataset["keptAt"] ?? "");
  const two = (value: number) => String(value).padStart(2, "0");
  const line = one("[data-offline-text]", root);
  const time = `${two(at.getHours())}.${two(at.getMinutes())}`;
  if (line) line.textContent = word("offline_kept", { time });
  root.hidden = false;
}

function renewWhenLive(): void {
  const html = document.documentElement;
  const watcher = new MutationObserver(() => {
    if (html.dataset["live"] === "live") location.reload();
  });
  watcher.observe(html, { attributes: true, attributeFilter: ["data-live"] });
}

async function register(worker: string): Promise<void> {
  const scope = new URL("./", new URL(worker, location.href)).pathname;
  try {
    await navigator.serviceWorker.register(worker, { scope });
    const { active } = await navigator.serviceWorker.ready;
    if (document.documentElement.dataset["keptAt"]) return;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const parts = loaded.filter((name) => new URL(name).pathname.startsWith("/static/"));
    active?.postMessage({ page: location.href, parts } satisfies Keep);
  } catch (error) {
    console.warn(error);
  }
}
