import { all, announce, one } from "../../lib/dom";
import { readable } from "../../lib/phones";
import type { Mode } from "./modes";

export interface Shown {
  mode: Mode;
  number: string;
  cannotSpeak: boolean;
  /** No voice was heard from the caller; a hint. */
  noVoice: boolean;
  muted: boolean;
  /** When the mode began, in milliseconds; 0 for none. */
  since: number;
  reason: string;
  position: number;
  waiting: number;
  /** The daemon, or Asterisk behind it, cannot be reached. */
  alone: boolean;
}

const OFF: Mode[] = ["off", "elsewhere"];
const COUNTED: Mode[] = ["paused", "ringing", "talking", "held", "wrap-up"];

/** The bar is laid out by the server in the reader's language; here it is only turned. */
export class Bar {
  private shown: Shown | null = null;
  private readonly timer: number;

  constructor(private readonly root: HTMLElement) {
    this.timer = window.setInterval(() => this.count(), 1_000);
  }

  leave(): void {
    window.clearInterval(this.timer);
  }

  show(now: Shown): void {
    const before = this.shown;
    this.shown = now;
    const { root } = this;
    root.dataset["mode"] = now.mode;
    // An attribute of the page and not :has(), for which the whole page would be styled anew.
    document.documentElement.dataset["phone"] = OFF.includes(now.mode) ? "off" : "on";
    for (const part of all("[data-when]", root)) {
      part.hidden = !part.dataset["when"]?.split(" ").includes(now.mode);
    }
    this.write("number", readable(now.number));
    this.write("reason", this.word(now.reason));
    this.write("position", now.position ? String(now.position) : "");
    this.flag("cannot-speak", now.cannotSpeak);
    this.flag("no-voice", now.noVoice);
    this.flag("muted", now.muted);
    this.flag("alone", now.alone && !OFF.includes(now.mode));
    this.flag("waiting", now.waiting > 0 && !OFF.includes(now.mode));
    this.write("waiting-count", String(now.waiting));
    one("[data-do=mute]", root)?.setAttribute("aria-pressed", String(now.muted));
    this.count();
    if (before?.mode !== now.mode) this.changed(now);
  }

  private changed(now: Shown): void {
    for (const menu of all<HTMLDetailsElement>("details[open]", this.root)) menu.open = false;
    // Not innerText, which waits for the whole page to be laid out.
    const words = one(".phone__words > :not([hidden])", this.root)?.textContent ?? "";
    if (now.mode === "ringing") announce(`${words} ${readable(now.number)}`, true);
    else announce(words);
  }

  private count(): void {
    const now = this.shown;
    const slot = one("[data-phone=clock]", this.root);
    if (!now || !slot) return;
    const counted = now.since > 0 && COUNTED.includes(now.mode);
    slot.hidden = !counted;
    if (!counted) return;
    const seconds = Math.max(0, Math.floor((Date.now() - now.since) / 1000));
    const rest = String(seconds % 60).padStart(2, "0");
    slot.textContent = `${Math.floor(seconds / 60)}:${rest}`;
  }

  private word(reason: string): string {
    return one(`[data-reason="${CSS.escape(reason)}"]`, this.root)?.dataset["words"] ?? "";
  }

  private write(name: string, text: string): void {
    const slot = one(`[data-phone=${name}]`, this.root);
    if (!slot) return;
    if (slot.textContent !== text) slot.textContent = text;
    slot.hidden = text === "";
  }

  private flag(name: string, on: boolean): void {
    const slot = one(`[data-phone=${name}]`, this.root);
    if (slot) slot.hidden = !on;
  }
}
