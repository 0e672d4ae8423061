/** What this desk hears and is heard through; kept on this device, as headsets belong to desks. */
export interface Choice {
  microphone: string;
  speaker: string;
  ringer: string;
  volume: number;
  /** Echo and noise are taken out; a good headset does that by itself. */
  clean: boolean;
  /** Calls are answered by themselves after one ring. */
  auto: boolean;
}

const KEY = "siaga-headset";
const NOTHING: Choice = {
  microphone: "",
  speaker: "",
  ringer: "",
  volume: 0.8,
  clean: true,
  auto: false,
};

export function chosen(): Choice {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Choice>) };
  } catch {
    return NOTHING;
  }
}

export function choose(change: Partial<Choice>): Choice {
  const now = { ...chosen(), ...change };
  localStorage.setItem(KEY, JSON.stringify(now));
  return now;
}

export function microphone(): MediaTrackConstraints {
  const { microphone: id, clean } = chosen();
  return {
    echoCancellation: clean,
    noiseSuppression: clean,
    autoGainControl: clean,
    channelCount: 1,
    ...(id ? { deviceId: { ideal: id } } : {}),
  };
}

/** An element that plays through the chosen device; where it cannot choose, through the usual. */
class Player {
  private readonly element = new Audio();

  constructor(private readonly which: "speaker" | "ringer") {
    this.element.autoplay = true;
  }

  async play(source: MediaStream | string, loop = false): Promise<void> {
    const { element } = this;
    const choice = chosen();
    element.loop = loop;
    element.volume = this.which === "ringer" ? choice.volume : 1;
    if (typeof source === "string") element.src = source;
    else element.srcObject = source;
    const device = choice[this.which];
    if (device && "setSinkId" in element) await element.setSinkId(device).catch(() => undefined);
    // Before the first key or click a browser may refuse to make a sound; the bar is there anyway.
    await element.play().catch(() => undefined);
  }

  stop(): void {
    this.element.pause();
    this.element.srcObject = null;
    this.element.removeAttribute("src");
  }
}

const speaker = new Player("speaker");
const ringer = new Player("ringer");
const notice = new Player("speaker");
let tune = "";

export function hear(stream: MediaStream): void {
  void speaker.play(stream);
}

export function ring(on: boolean): void {
  if (on) void ringer.play((tune ||= bell(2, 4)), true);
  else ringer.stop();
}

/** Somebody is on the line, though nobody pressed a key. */
export function chime(): void {
  void notice.play(bell(0.25, 0.3));
}

/** One short tone through the chosen device. */
export function sample(which: "speaker" | "ringer"): void {
  void (which === "speaker" ? speaker : ringer).play(bell(0.6, 0.8));
}

const RATE = 8_000;

/** A WAV of two tones, made here: `loud` seconds of sound in `whole` seconds. */
function bell(loud: number, whole: number): string {
  const count = Math.round(RATE * whole);
  const data = new DataView(new ArrayBuffer(44 + count * 2));
  const text = (at: number, words: string) =>
    [...words].forEach((one, index) => data.setUint8(at + index, one.charCodeAt(0)));
  text(0, "RIFF");
  data.setUint32(4, 36 + count * 2, true);
  text(8, "WAVEfmt ");
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, RATE, true);
  data.setUint32(28, RATE * 2, true);
  data.setUint16(32, 2, true);
  data.setUint16(34, 16, true);
  text(36, "data");
  data.setUint32(40, count * 2, true);
  for (let at = 0; at < count; at += 1) {
    const second = at / RATE;
    const beat = second < loud && Math.floor(second / 0.05) % 2 ? 784 : 622;
    const edge = Math.min(1, second / 0.01, Math.max(0, (loud - second) / 0.01));
    const value = second < loud ? Math.sin(2 * Math.PI * beat * second) * edge * 9_000 : 0;
    data.setInt16(44 + at * 2, value, true);
  }
  return URL.createObjectURL(new Blob([data], { type: "audio/wav" }));
}

/** How loud a microphone is, ten times a second, from 0 to 1; returns the way to stop. */
export function meter(stream: MediaStream, show: (level: number) => void): () => void {
  const context = new AudioContext();
  void context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = window.setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    const decibels = 10 * Math.log10(power + 1e-10);
    show(Math.min(1, Math.max(0, (decibels + 60) / 55)));
  }, 100);
  return () => {
    window.clearInterval(timer);
    void context.close();
  };
}
