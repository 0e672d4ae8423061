import { all, one } from "../../lib/dom";
import { word } from "../../lib/words";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The same text as siaga.web.shared.times.span writes on the server. */
export function span(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}:${two(whole % MINUTE)}`;
  if (whole < DAY) {
    const minutes = two(Math.floor((whole % HOUR) / MINUTE));
    return word("clock_hours", { hours: Math.floor(whole / HOUR), minutes });
  }
  return word("clock_days", { days: Math.floor(whole / DAY) });
}

// The desk's own clock may be wrong by minutes; the page says what time it was on the server.
let offset = 0;

export function serverNow(): number {
  return Date.now() + offset;
}

function measureOffset(): void {
  const told = Date.parse(document.documentElement.dataset["now"] ?? "");
  if (Number.isNaN(told)) return;
  const started = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]
    ? (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).responseStart
    : 0);
  offset = told - started;
}

function tickClock(clock: HTMLElement, now: number): void {
  const since = Date.parse(clock.dataset["since"] ?? "");
  const due = clock.dataset["due"] ? Date.parse(clock.dataset["due"]) : null;
  let state = "run";
  let text = span((now - since) / 1000);
  if (due !== null) {
    const left = (due - now) / 1000;
    text = span(left);
    if (left <= 0) {
      state = "late";
      text = word("clock_late", { span: text });
    } else if (left <= Number(clock.dataset["soon"] ?? "0")) state = "soon";
  }
  if (clock.dataset["state"] !== state) clock.dataset["state"] = state;
  const shown = one(".clock__text", clock);
  if (shown && shown.textContent !== text) shown.textContent = text;
}

function tickWall(now: number): void {
  const shift = Number(document.documentElement.dataset["utcOffset"] ?? "0") * 60_000;
  const local = new Date(now + shift);
  const text = `${String(local.getUTCHours()).padStart(2, "0")}.${String(local.getUTCMinutes()).padStart(2, "0")}`;
  for (const wall of all("[data-wall-clock]")) {
    if (wall.textContent !== text) wall.textContent = text;
  }
}

export function mount(): void {
  measureOffset();
  const tick = () => {
    const now = serverNow();
    for (const clock of all("[data-clock]")) tickClock(clock, now);
    tickWall(now);
  };
  const beat = () => {
    tick();
    window.setTimeout(beat, 1000 - (serverNow() % 1000));
  };
  beat();
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:load", tick);
}
