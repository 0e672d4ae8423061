import type { Call } from "../islands/softphone/call";
import { guardLeaving } from "../islands/softphone/guards";
import { Line, type LineState } from "../islands/softphone/line";
import { hear, ring } from "../islands/softphone/sound";
import { WORDS, type Word } from "./words";

/** Joining and leaving the queue is dialled: Asterisk's own plan does the rest. */
const JOIN = "*11";
const LEAVE = "*10";
const DIGITS = "123456789*0#";
const TICK_MS = 5_000;
const KEYS: Record<string, string[]> = {
  F2: ["answer", "join", "leave"],
  F4: ["hold"],
  F8: ["mute"],
  F9: ["hang-up"],
};

const language = navigator.language.startsWith("en") ? "en" : "id";
const say = (word: Word) => WORDS[language][word];
const one = <T extends HTMLElement = HTMLElement>(selector: string) => document.querySelector<T>(selector)!;
const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

let line: LineState = "off";
let call: Call | null = null;
let own = false;
let serving = false;

const phone = new Line(
  {
    line: (state) => {
      const before = line;
      line = state;
      if (state === "refused") problem("refused");
      // Whoever comes here comes to serve: the queue is joined as soon as the line stands.
      if (state === "registered" && before !== "registered" && !serving) dial(JOIN);
      turn();
    },
    ringing: (coming) => {
      if (call && call.phase !== "over") return false;
      follow(coming, false);
      const row = document.createElement("li");
      const number = coming.number || say("withheld");
      row.textContent = `${new Date().toLocaleTimeString(language)} · ${number}`;
      one("#calls").prepend(row);
      return true;
    },
  },
  () => ({ microphone: { echoCancellation: true, channelCount: 1 }, play: hear }),
);

function follow(next: Call, mine: boolean): void {
  call = next;
  own = mine;
  next.changed(() => {
    if (next.phase === "over") {
      if (next.problem) problem("microphone");
      if (call === next) call = null;
    }
    turn();
  });
  turn();
}

function dial(number: string): void {
  const out = phone.dial(number);
  if (!out) return;
  if (number === JOIN || number === LEAVE) serving = number === JOIN;
  follow(out, true);
}

function mode(): string {
  if (line === "off" || line === "refused") return "off";
  if (call && own && call.phase === "ringing") return "calling";
  if (call) return call.phase;
  if (line !== "registered") return "connecting";
  return serving ? "ready" : "paused";
}

function turn(): void {
  const now = mode();
  document.body.dataset["mode"] = now;
  one("#enter").hidden = now !== "off";
  one("#line").hidden = now === "off";
  for (const part of all("[data-when]")) part.hidden = !part.dataset["when"]!.split(" ").includes(now);
  const names: Record<string, Word> = { off: "off_state", ready: "ready_state" };
  one("#state").textContent = say(names[now] ?? (now as Word));
  one("#number").textContent = call && !own ? call.number || say("withheld") : "";
  one("#flag").hidden = !call?.cannotSpeak;
  one("[data-do=mute]").setAttribute("aria-pressed", String(call?.muted ?? false));
  ring(now === "ringing");
  clock();
}

function clock(): void {
  const since = call?.talkingSince ?? 0;
  const seconds = since ? Math.floor((Date.now() - since) / 1000) : 0;
  one("#clock").textContent = since ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
}

function problem(word: Word | null): void {
  one("#problem").textContent = word ? say(word) : "";
}

const deeds: Record<string, (from: HTMLElement) => void> = {
  answer: () => call?.answer(),
  join: () => dial(JOIN),
  leave: () => dial(LEAVE),
  hold: () => call?.hold(call.phase !== "held"),
  mute: () => call?.mute(!call.muted),
  "hang-up": () => call?.hangUp(),
  press: (from) => call?.press(from.textContent ?? ""),
  off: () => {
    serving = false;
    phone.close();
  },
};

function start(): void {
  document.documentElement.lang = language;
  for (const part of all("[data-word]")) part.textContent = say(part.dataset["word"] as Word);
  for (const digit of DIGITS) {
    const button = document.createElement("button");
    button.textContent = digit;
    button.dataset["do"] = "press";
    one(".pad").append(button);
  }
  one("#enter").addEventListener("submit", (event) => {
    event.preventDefault();
    problem(null);
    const fields = new FormData(event.target as HTMLFormElement);
    const place = String(fields.get("position")).trim();
    const socket = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
    const username = place.replace(/-s?(\d+)$/, "-s$1");
    phone.open({ socket, domain: "siaga", username, secret: String(fields.get("password")) });
  });
  one("#dial").addEventListener("submit", (event) => {
    event.preventDefault();
    dial(String(new FormData(event.target as HTMLFormElement).get("number")).replace(/[^0-9+]/g, ""));
  });
  document.addEventListener("click", (event) => {
    const from = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
    if (from) deeds[from.dataset["do"] ?? ""]?.(from);
  });
  document.addEventListener("keydown", (event) => {
    const names = KEYS[event.key];
    const found = names && all("[data-do]").find((part) => names.includes(part.dataset["do"]!) && !part.hidden);
    if (!found || event.repeat) return;
    event.preventDefault();
    found.click();
  });
  guardLeaving(() => ["talking", "held", "ringing"].includes(mode()));
  window.setInterval(() => phone.tick(), TICK_MS);
  window.setInterval(clock, 1_000);
  turn();
}

start();
