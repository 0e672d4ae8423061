import { asset, one } from "../../lib/dom";

/**
 * A quiet guard against machines instead of riddles for people: the browser does a little sum while
 * the form is being filled in. Without it the form still works; the server is merely stricter.
 */
export function mount(root: HTMLElement): (() => void) | undefined {
  const challenge = root.dataset["challenge"] ?? "";
  const bits = Number(root.dataset["bits"] ?? "14");
  const field = root instanceof HTMLInputElement ? root : one<HTMLInputElement>("[name=pow]", root);
  if (!challenge || !field || !("Worker" in window)) return undefined;
  const worker = new Worker(asset("pow-worker"));
  worker.onmessage = ({ data }: MessageEvent<number>) => {
    worker.terminate();
    if (data < 0) return;
    field.value = String(data);
    root.dataset["solved"] = "true";
  };
  worker.onerror = () => worker.terminate();
  worker.postMessage({ challenge, bits });
  return () => worker.terminate();
}
