import { all, announce, asset, emit } from "../../lib/dom";
import { word } from "../../lib/words";
import { watchAlarms } from "./alarm";
import { type Fact, type State, Stream, type Told } from "./stream";

const SLEEP_MS = 20_000;
const TOGETHER_MS = 10;

/**
 * Follows the journal of a region and turns every fact into a DOM event on the body. Where a
 * browser has no SharedWorker (older telephones) the page follows by itself.
 */
export function mount(root: HTMLElement): () => void {
  const url = root.dataset["liveUrl"] ?? "";
  const mark = root.dataset["liveMark"] ?? "";
  let state: State = "connecting";
  const hear = (told: Told) => {
    if (told.kind === "fact") return gather(told.fact);
    if (told.kind === "resync") return emit("siaga:resync");
    const before = state;
    state = told.state;
    show(root, before, state);
  };
  const line = connect(url, mark, hear);
  const stopWatching = watchSleep(() => {
    line.refresh();
    emit("siaga:resync");
  });
  window.addEventListener("online", line.refresh);
  window.addEventListener("pagehide", line.leave);
  // A page that comes back from the browser's cache has missed everything since.
  const back = (event: PageTransitionEvent) => {
    if (event.persisted) location.reload();
  };
  window.addEventListener("pageshow", back);
  watchAlarms();
  return () => {
    stopWatching();
    window.removeEventListener("online", line.refresh);
    window.removeEventListener("pagehide", line.leave);
    window.removeEventListener("pageshow", back);
    line.leave();
  };
}

interface Line {
  refresh: () => void;
  leave: () => void;
}

function connect(url: string, mark: string, hear: (told: Told) => void): Line {
  const address = new URL(url, location.href).href;
  if ("SharedWorker" in window && asset("live-worker")) {
    try {
      return throughWorker(address, mark, hear);
    } catch {
      // A browser may know SharedWorker and still refuse it (private windows of some).
    }
  }
  const stream = new Stream(address, hear, mark);
  void stream.run();
  return { refresh: () => stream.refresh(), leave: () => stream.stop() };
}

function throughWorker(url: string, mark: string, hear: (told: Told) => void): Line {
  const worker = new SharedWorker(asset("live-worker"), { name: "siaga-live" });
  worker.port.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
  worker.port.start();
  worker.port.postMessage({ kind: "follow", url, mark });
  return {
    refresh: () => worker.port.postMessage({ kind: "refresh" }),
    leave: () => worker.port.postMessage({ kind: "leave" }),
  };
}

let gathered: Fact[] = [];

/** One deed is often several facts, and each part of a page should look only once for them. */
function gather(fact: Fact): void {
  gathered.push(fact);
  if (gathered.length > 1) return;
  window.setTimeout(() => {
    const facts = gathered;
    gathered = [];
    facts.forEach(spread);
  }, TOGETHER_MS);
}

function spread(fact: Fact): void {
  emit(`siaga:${fact.name}`, fact);
  emit("siaga:live", fact);
  for (const subject of fact.subjects) {
    for (const element of all(`[data-live-subject~="${CSS.escape(subject)}"]`)) {
      element.dispatchEvent(new CustomEvent("siaga:subject", { detail: fact, bubbles: false }));
    }
  }
}

function show(root: HTMLElement, before: State, now: State): void {
  root.dataset["state"] = now;
  document.documentElement.dataset["live"] = now;
  if (now === "down") announce(word("live_down"), true);
  if (now === "live" && before === "down") announce(word("live_back"));
}

/** Timers stand still while a laptop sleeps: a long gap between two ticks was a sleep. */
function watchSleep(woke: () => void): () => void {
  let last = Date.now();
  const timer = window.setInterval(() => {
    const gap = Date.now() - last;
    last = Date.now();
    // Hidden tabs are slowed to one tick a minute; that is not a sleep.
    if (gap > SLEEP_MS && !document.hidden) woke();
  }, 5_000);
  const visible = () => {
    if (document.hidden) return;
    const gap = Date.now() - last;
    last = Date.now();
    if (gap > SLEEP_MS) woke();
  };
  document.addEventListener("visibilitychange", visible);
  return () => {
    window.clearInterval(timer);
    document.removeEventListener("visibilitychange", visible);
  };
}
