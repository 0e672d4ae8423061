import { asset } from "../../lib/dom";

/** Asks before a page with a live call on it is left. */
export function guardLeaving(busy: () => boolean): () => void {
  const leaving = (event: BeforeUnloadEvent) => {
    if (!busy()) return;
    event.preventDefault();
    // Older browsers want a value as well.
    event.returnValue = "";
  };
  window.addEventListener("beforeunload", leaving);
  return () => window.removeEventListener("beforeunload", leaving);
}

/** A beat that a hidden tab does not lose. */
export function beat(act: () => void): () => void {
  const source = asset("tick-worker");
  if (source && "Worker" in window) {
    const worker = new Worker(source);
    worker.onmessage = act;
    return () => worker.terminate();
  }
  const timer = window.setInterval(act, 5_000);
  return () => window.clearInterval(timer);
}

/**
 * Of several windows of one browser only one may be the telephone: a second registration would
 * take the line from the first in the middle of a call. The lock also keeps the browser from
 * freezing the tab. Resolves to the way to let go, or null when another window has it.
 */
export async function onlyHere(name: string): Promise<(() => void) | null> {
  if (!("locks" in navigator)) return () => undefined;
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (!lock) return resolve(null);
      await new Promise<void>((letGo) => resolve(letGo));
    });
  });
}
