import { announce, emit, one } from "../../lib/dom";
import { word } from "../../lib/words";

const DIGITS = 5;
const LIMIT_MS = 15_000;

/** "My position": asked only when pressed, put into the form's own fields, said how accurate. */
export function mount(root: HTMLElement): void {
  if (!("geolocation" in navigator)) {
    root.hidden = true;
    return;
  }
  root.addEventListener("click", () => {
    say(root, word("position_looking"));
    root.setAttribute("aria-disabled", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        root.removeAttribute("aria-disabled");
        fill(root.dataset["latField"], coords.latitude.toFixed(DIGITS));
        fill(root.dataset["lngField"], coords.longitude.toFixed(DIGITS));
        fill(root.dataset["accuracyField"], String(Math.round(coords.accuracy)));
        say(root, word("position_found", { metres: Math.round(coords.accuracy) }));
        emit("siaga:position", { lat: coords.latitude, lng: coords.longitude });
      },
      () => {
        root.removeAttribute("aria-disabled");
        say(root, word("position_denied"));
      },
      { enableHighAccuracy: true, timeout: LIMIT_MS, maximumAge: 30_000 },
    );
  });
}

function fill(id: string | undefined, value: string): void {
  const field = id ? document.getElementById(id) : null;
  if (!(field instanceof HTMLInputElement)) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function say(root: HTMLElement, text: string): void {
  const line = one(`[data-position-note="${root.id}"], [data-position-note]`);
  if (line) line.textContent = text;
  announce(text);
}
