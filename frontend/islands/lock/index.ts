import { emit, one } from "../../lib/dom";
import { send } from "../../lib/http";
import { word } from "../../lib/words";

/**
 * Covers a desk that nobody sits at. The page stays beneath it, drafts and all; nothing of it can
 * be read, reached by Tab or acted on until the person is back. Other tabs of the desk follow.
 */
const REPORT_MS = 60_000;
const LOOK_MS = 5_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
const ASKED = { "HX-Request": "true" };

export function mount(root: HTMLElement): (() => void) | undefined {
  if (!(root instanceof HTMLDialogElement)) return undefined;
  const lock = new Lock(root);
  return () => lock.leave();
}

class Lock {
  private readonly idleMs: number;
  private readonly locksItself: boolean;
  private readonly tabs = "BroadcastChannel" in window ? new BroadcastChannel("siaga-lock") : null;
  private touchedAt = Date.now();
  private reportedAt = Date.now();
  private readonly timer: number;

  constructor(private readonly cover: HTMLDialogElement) {
    this.idleMs = Number(cover.dataset["idleSeconds"] || "900") * 1000;
    this.locksItself = cover.dataset["locks"] !== "0";
    for (const sign of SIGNS) document.addEventListener(sign, this.touched, { passive: true });
    document.body.addEventListener("siaga:locked", this.locked);
    // Who talks on the telephone is there, even with folded hands.
    document.body.addEventListener("siaga:active", this.touched);
    cover.addEventListener("cancel", this.refuse);
    cover.addEventListener("submit", this.submitted);
    this.timer = window.setInterval(this.look, LOOK_MS);
    if (this.tabs) this.tabs.onmessage = ({ data }) => this.told(data as string);
  }

  leave(): void {
    for (const sign of SIGNS) document.removeEventListener(sign, this.touched);
    document.body.removeEventListener("siaga:locked", this.locked);
    document.body.removeEventListener("siaga:active", this.touched);
    window.clearInterval(this.timer);
    this.tabs?.close();
  }

  private readonly refuse = (event: Event) => event.preventDefault();

  private readonly touched = () => {
    if (this.cover.open) return;
    this.touchedAt = Date.now();
    if (this.touchedAt - this.reportedAt < REPORT_MS) return;
    this.reportedAt = this.touchedAt;
    this.tabs?.postMessage("active");
    void this.post(this.cover.dataset["activeUrl"]);
  };

  private readonly look = () => {
    if (!this.locksItself || this.cover.open) return;
    if (Date.now() - this.touchedAt < this.idleMs) return;
    // Cover first: a desk whose server is away must not stay open.
    void this.show();
    void this.post(this.cover.dataset["lockUrl"]);
    this.tabs?.postMessage("locked");
  };

  private readonly locked = () => {
    this.tabs?.postMessage("locked");
    void this.show();
  };

  private told(what: string): void {
    if (what === "active") this.touchedAt = Date.now();
    else if (what === "locked") void this.show();
    else if (what === "unlocked") this.open();
  }

  private async show(): Promise<void> {
    if (!this.cover.open) this.cover.showModal();
    document.documentElement.dataset["locked"] = "true";
    try {
      const url = this.cover.dataset["overlayUrl"] ?? "";
      await this.take(await send(url, { method: "GET", headers: ASKED }));
    } catch {
      window.setTimeout(() => this.cover.open && !this.filled() && void this.show(), LOOK_MS);
    }
  }

  private filled(): boolean {
    return one("[data-lock-form]", this.cover) !== null;
  }

  private readonly submitted = (event: SubmitEvent) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["lockForm"] === undefined) return;
    event.preventDefault();
    void this.unlock(form);
  };

  private async unlock(form: HTMLFormElement): Promise<void> {
    const button = one<HTMLButtonElement>("button", form);
    if (button) button.disabled = true;
    try {
      await this.take(await send(form.action, { body: new FormData(form), headers: ASKED }));
    } catch {
      emit("siaga:toast", { text: word("unreachable") });
    } finally {
      if (button) button.disabled = false;
    }
  }

  private async take(answer: Response): Promise<void> {
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) return location.assign(elsewhere);
    if (answer.status === 204) {
      this.tabs?.postMessage("unlocked");
      return this.open();
    }
    if (answer.status !== 200 && answer.status !== 422) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.cover.replaceChildren(...page.body.childNodes);
    one('input:not([type="hidden"])', this.cover)?.focus();
  }

  private open(): void {
    this.touchedAt = this.reportedAt = Date.now();
    delete document.documentElement.dataset["locked"];
    this.cover.close();
    this.cover.replaceChildren();
    emit("siaga:unlocked");
    emit("siaga:resync");
  }

  private async post(url: string | undefined): Promise<void> {
    if (!url) return;
    try {
      const answer = await send(url, { headers: ASKED });
      if (answer.status === 423) await this.show();
    } catch {
      // The server is away; the cover does not depend on it.
    }
  }
}
