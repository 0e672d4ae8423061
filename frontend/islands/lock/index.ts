import { isTyping, one } from "../../lib/dom";
import { send } from "../../lib/http";

const TELL_MS = 60_000;
const LOOK_MS = 5_000;

/**
 * Covers the page of a desk at which nobody sits, and uncovers it with a code. What lies beneath
 * stays as it was: a half-written report is not lost by going for a glass of water.
 */
export function mount(root: HTMLElement): () => void {
  if (!(root instanceof HTMLDialogElement)) throw new Error("lock belongs on a dialog");
  const lock = new Lock(root);
  return () => lock.leave();
}

class Lock {
  private touchedAt = Date.now();
  private toldAt = Date.now();
  private readonly timer: number;
  private readonly stop = new AbortController();

  constructor(private readonly dialog: HTMLDialogElement) {
    const { signal } = this.stop;
    for (const name of ["pointerdown", "pointermove", "keydown"]) {
      document.addEventListener(name, this.touched, { signal, passive: true });
    }
    document.addEventListener("siaga:locked", () => void this.cover(), { signal });
    document.addEventListener("htmx:responseError", this.refused, { signal });
    dialog.addEventListener("cancel", (event) => event.preventDefault(), { signal });
    dialog.addEventListener("submit", this.submitted, { signal });
    dialog.addEventListener("click", (event) => event.stopPropagation(), { signal });
    this.timer = window.setInterval(() => this.look(), LOOK_MS);
  }

  leave(): void {
    window.clearInterval(this.timer);
    this.stop.abort();
  }

  private get idleMs(): number {
    return Number(this.dialog.dataset["idleSeconds"] || "900") * 1000;
  }

  private readonly touched = () => {
    this.touchedAt = Date.now();
  };

  /** Moving and typing is work too: the server hears of it once a minute. */
  private look(): void {
    if (this.dialog.open) return;
    const now = Date.now();
    if (this.dialog.dataset["locks"] === "1" && now - this.touchedAt > this.idleMs) {
      void this.lockNow();
    } else if (this.touchedAt > this.toldAt && now - this.toldAt > TELL_MS) {
      this.toldAt = now;
      void this.post(this.dialog.dataset["activeUrl"]);
    }
  }

  private async lockNow(): Promise<void> {
    await this.post(this.dialog.dataset["lockUrl"]);
    await this.cover();
  }

  private readonly refused = (event: Event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (xhr.status === 423) void this.cover();
  };

  private async cover(): Promise<void> {
    if (this.dialog.open) return;
    for (const other of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) other.close();
    this.dialog.showModal();
    await this.fill(this.dialog.dataset["overlayUrl"] ?? "", {});
  }

  private readonly submitted = (event: SubmitEvent) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["lockForm"] === undefined) return;
    event.preventDefault();
    void this.fill(form.action, { method: "POST", body: new FormData(form) });
  };

  private async fill(url: string, sending: { method?: "POST"; body?: FormData }): Promise<void> {
    try {
      const answer = await send(url, { method: "GET", headers: { "HX-Request": "true" }, ...sending });
      const elsewhere = answer.headers.get("HX-Redirect");
      if (elsewhere) return location.assign(elsewhere);
      if (answer.status === 204) return this.uncover();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.dialog.replaceChildren(...page.body.children);
      one<HTMLInputElement>("input:not([type=hidden])", this.dialog)?.focus();
    } catch {
      // The server is away: the cover stays, and the next try asks again.
    }
  }

  private uncover(): void {
    this.touchedAt = this.toldAt = Date.now();
    this.dialog.close();
    this.dialog.replaceChildren();
    document.body.dispatchEvent(new CustomEvent("siaga:resync", { bubbles: true }));
    if (!isTyping(document.activeElement)) one("#id_narrative")?.focus();
  }

  private async post(url: string | undefined): Promise<void> {
    if (!url) return;
    try {
      await send(url, { headers: { "HX-Request": "true" } });
    } catch {
      // Told again when the server is back.
    }
  }
}
