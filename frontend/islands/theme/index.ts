import { all } from "../../lib/dom";
import { writeCookie } from "../../lib/cookies";
import { serverNow } from "../clock";

const NIGHT_FROM = 18;
const NIGHT_TO = 6;

function apply(choice: string): void {
  const html = document.documentElement;
  html.dataset["themeChoice"] = choice;
  html.dataset["theme"] = shown(choice);
  for (const button of all("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset["themeSet"] === choice));
  }
  document.body.dispatchEvent(new CustomEvent("siaga:theme", { bubbles: true }));
}

function shown(choice: string): string {
  if (choice === "system") return "auto";
  if (choice !== "shift") return choice;
  const offset = Number(document.documentElement.dataset["utcOffset"] ?? "0") * 60_000;
  const hour = new Date(serverNow() + offset).getUTCHours();
  return hour >= NIGHT_FROM || hour < NIGHT_TO ? "dark" : "light";
}

/** Light, dark, the device's wish or the shift's; kept in a cookie so that the server knows too. */
export function mount(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-set]");
    const choice = button?.dataset["themeSet"];
    if (!choice) return;
    writeCookie("siaga_theme", choice);
    apply(choice);
  });
  // A desk that stays open over the change of shift follows it within a minute.
  window.setInterval(() => {
    const html = document.documentElement;
    if (html.dataset["themeChoice"] !== "shift") return;
    if (html.dataset["theme"] !== shown("shift")) apply("shift");
  }, 60_000);
}
