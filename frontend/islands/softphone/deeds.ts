import { emit, one } from "../../lib/dom";
import { word } from "../../lib/words";
import type { Headset } from "./headset";
import type { Phone } from "./phone";
import { Unreachable } from "./server";

/** What the keys of the bar do; a refusal is told in a sentence, and nothing else changes. */
export async function act(element: HTMLElement, phone: Phone, headset: Headset | null): Promise<void> {
  const { dataset } = element;
  const deeds: Record<string, () => unknown> = {
    connect: () => phone.connect("browser", true),
    "connect-desk": () => phone.connect("desk", true),
    disconnect: () => phone.disconnect(),
    headset: () => headset?.open(),
    answer: () => phone.answer(),
    "hang-up": () => phone.hangUp(),
    hold: () => phone.hold(),
    mute: () => phone.mute(),
    press: () => phone.press(dataset["digit"] ?? ""),
    pause: () => phone.command("pause", { reason: dataset["reason"] ?? "" }),
    ready: () => phone.ready(),
    "call-back": () => phone.callBack(),
    conference: () => conference(element, phone),
    "leave-conference": () => phone.leaveConference(),
    silent: () => phone.silentGuide(),
  };
  const deed = deeds[dataset["do"] ?? ""];
  if (!deed) return;
  // The menu goes at once: when the exchange has answered, another may be open already.
  const menu = element.closest<HTMLDetailsElement>("details[open]");
  if (menu && dataset["do"] !== "press") menu.open = false;
  try {
    await deed();
  } catch (reason) {
    tell(reason);
  }
}

export function tell(reason: unknown): void {
  const text = reason instanceof Error && !(reason instanceof Unreachable) ? reason.message : "";
  emit("siaga:toast", { text: text || word("unreachable") });
}

function conference(element: HTMLElement, phone: Phone): Promise<void> {
  const form = element.closest("form");
  const typed = form ? one<HTMLInputElement>("input", form)?.value.trim() : "";
  return phone.conference(element.dataset["number"] ?? typed ?? "");
}

/** A telephone number anywhere on the desk is rung through the desk's own telephone. */
export function followLinks(root: HTMLElement, phone: Phone, signal: AbortSignal): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='tel:']") : null;
    if (!link || !phone.mayCall) return;
    event.preventDefault();
    const number = decodeURIComponent(link.getAttribute("href")?.slice(4) ?? "");
    if (!phone.talks) return void phone.callBack(number).catch(tell);
    const field = one<HTMLInputElement>("[data-phone=conference] input", root);
    const menu = field?.closest("details");
    if (!field || !menu) return;
    menu.open = true;
    field.value = number;
    field.focus();
  }, { signal });
}
