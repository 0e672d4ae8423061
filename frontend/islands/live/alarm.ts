import { all, make, one } from "../../lib/dom";
import { word } from "../../lib/words";

/**
 * The sound of a P1 and of a supervisor's alarm, made here and not loaded from anywhere.
 * data-alarm="p1|supervisor" on an element that appears sounds once per data-alarm-id;
 * data-alarm-loop goes on until the element leaves.
 */
interface Tone {
  pitch: number;
  at: number;
  for: number;
}

const MELODIES: Record<string, Tone[]> = {
  p1: [
    { pitch: 880, at: 0, for: 0.16 },
    { pitch: 660, at: 0.2, for: 0.16 },
    { pitch: 880, at: 0.4, for: 0.16 },
    { pitch: 660, at: 0.6, for: 0.16 },
  ],
  supervisor: [
    { pitch: 520, at: 0, for: 0.3 },
    { pitch: 520, at: 0.42, for: 0.3 },
    { pitch: 780, at: 0.84, for: 0.5 },
  ],
};
const LOOP_MS = 4_000;

const sounded = new Set<string>();
let context: AudioContext | null = null;
let started = false;
let missed: string | null = null;

export function watchAlarms(): void {
  if (started) return;
  started = true;
  document.addEventListener("pointerdown", unlock, { once: true });
  document.addEventListener("keydown", unlock, { once: true });
  // What was already there when the page came is old news; only loops go on.
  for (const element of all("[data-alarm]")) sounded.add(idOf(element));
  const look = () => {
    for (const element of all("[data-alarm]")) {
      const id = idOf(element);
      if (sounded.has(id)) continue;
      sounded.add(id);
      void play(element.dataset["alarm"] ?? "p1");
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  window.setInterval(() => {
    const loop = one("[data-alarm-loop]");
    if (loop) void play(loop.dataset["alarm"] ?? "supervisor");
  }, LOOP_MS);
  if (one("[data-alarm-loop]")) void play("supervisor");
}

function idOf(element: HTMLElement): string {
  return element.dataset["alarmId"] ?? (element.id || (element.textContent ?? "").trim());
}

function audio(): AudioContext | null {
  if (!("AudioContext" in window)) return null;
  context ??= new AudioContext();
  return context;
}

function unlock(): void {
  one(".sound-prompt")?.remove();
  void audio()
    ?.resume()
    .then(() => {
      // What could not be heard when it came is heard now.
      if (missed) void play(missed);
    });
}

async function play(name: string): Promise<void> {
  const player = audio();
  if (!player) return;
  // Without a person's touch the browser keeps us mute; waiting for it would hang for ever.
  if (player.state === "suspended") {
    void player.resume();
    await new Promise((resolve) => window.setTimeout(resolve, 150));
  }
  if (player.state !== "running") {
    missed = name;
    return ask();
  }
  missed = null;
  document.body.dispatchEvent(new CustomEvent("siaga:alarm", { detail: { name } }));
  for (const tone of MELODIES[name] ?? MELODIES["p1"] ?? []) sound(player, tone);
}

function sound(player: AudioContext, tone: Tone): void {
  const voice = player.createOscillator();
  const loudness = player.createGain();
  const start = player.currentTime + tone.at;
  voice.type = "triangle";
  voice.frequency.value = tone.pitch;
  loudness.gain.setValueAtTime(0, start);
  loudness.gain.linearRampToValueAtTime(0.5, start + 0.015);
  loudness.gain.setValueAtTime(0.5, start + tone.for - 0.03);
  loudness.gain.linearRampToValueAtTime(0, start + tone.for);
  voice.connect(loudness).connect(player.destination);
  voice.start(start);
  voice.stop(start + tone.for);
}

function ask(): void {
  if (one(".sound-prompt")) return;
  const allow = make(
    "button",
    { type: "button", class: "button button--primary" },
    word("sound_allow"),
  );
  const prompt = make("div", { class: "sound-prompt", role: "alert" });
  prompt.append(make("p", {}, word("sound_ask")), allow);
  allow.addEventListener("click", unlock);
  document.body.append(prompt);
}
