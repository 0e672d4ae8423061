import { emit, one } from "../../lib/dom";
import { Bar } from "./bar";
import { act, followLinks, tell } from "./deeds";
import { goInside } from "./going";
import { Headset } from "./headset";
import { Phone } from "./phone";
import { Pop } from "./pop";

/**
 * The telephone of the desk. It stands in the top bar, outlives every part of the page that htmx
 * exchanges (hx-preserve), and is one of three things: off, a softphone that registers with
 * Asterisk itself, or the window of a desk phone whose state our daemon tells.
 */
export function mount(root: HTMLElement): () => void {
  const bar = new Bar(root);
  const panel = one("#phone-pop");
  const pop = panel ? new Pop(panel) : null;
  const dialog = one("#headset-dialog");
  const headset = dialog instanceof HTMLDialogElement ? new Headset(dialog) : null;
  const phone = new Phone(root, (shown, caller) => {
    bar.show(shown);
    if (caller && shown.mode === "ringing") pop?.show(caller.key, caller.number, caller.cannotSpeak, caller.about);
    else pop?.hide();
    emit("siaga:phone-mode", { mode: shown.mode });
  });
  const stop = new AbortController();
  const { signal } = stop;
  const clicked = (event: Event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
    // A form acts when it is sent; the click on its own button comes before that.
    if (button && !(button instanceof HTMLFormElement)) void act(button, phone, headset);
  };
  root.addEventListener("click", clicked, { signal });
  panel?.addEventListener("click", clicked, { signal });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLElement) void act(event.target, phone, headset);
  }, { signal });
  document.body.addEventListener("siaga:desk-taken", (event) => {
    void phone.sit((event as CustomEvent<{ number: number }>).detail.number).catch(tell);
  }, { signal });
  document.body.addEventListener("siaga:desk-left", () => phone.getUp(), { signal });
  followLinks(root, phone, signal);
  goInside(root.dataset["region"] ?? "", () => phone.on, signal);
  void phone.resume();
  return () => {
    stop.abort();
    bar.leave();
    headset?.leave();
    phone.leave();
  };
}
