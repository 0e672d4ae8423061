import { one } from "../../lib/dom";
import { asWav } from "./wav";

const SECONDS_MAX = 60;

/** A sentence spoken into the microphone becomes the file of the form around it. */
export function mount(root: HTMLElement): void | (() => void) {
  const input = one<HTMLInputElement>("input[type=file]", root);
  const start = part("record");
  const stop = part("stop");
  if (!input || !start || !stop || !navigator.mediaDevices || !window.MediaRecorder) {
    part("refused")?.removeAttribute("hidden");
    return;
  }
  start.hidden = false;
  let taking: Taking | null = null;

  const begin = async (): Promise<void> => {
    try {
      taking = await Taking.begin(showing);
    } catch {
      part("refused")?.removeAttribute("hidden");
      return;
    }
    toggle(true);
  };
  const end = async (): Promise<void> => {
    const sound = await taking?.end();
    taking = null;
    toggle(false);
    if (sound) put(await asWav(sound));
  };
  const showing = (level: number, seconds: number): void => {
    const meter = part<HTMLMeterElement>("meter");
    const time = part("time");
    if (meter) meter.value = level;
    if (time) time.textContent = `${seconds.toFixed(0)} s`;
    if (seconds >= SECONDS_MAX) void end();
  };
  const toggle = (on: boolean): void => {
    start.hidden = on;
    stop.hidden = !on;
    part("meter")?.toggleAttribute("hidden", !on);
    (on ? stop : start).focus();
  };
  const put = (wav: Blob): void => {
    const files = new DataTransfer();
    files.items.add(new File([wav], "recording.wav", { type: "audio/wav" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const audio = part<HTMLAudioElement>("listen");
    if (!audio) return;
    URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(wav);
    audio.hidden = false;
  };

  const ended = (): void => void end();
  const begun = (): void => void begin();
  start.addEventListener("click", begun);
  stop.addEventListener("click", ended);
  return () => {
    start.removeEventListener("click", begun);
    stop.removeEventListener("click", ended);
    void taking?.end();
  };

  function part<T extends HTMLElement = HTMLElement>(name: string): T | null {
    return one<T>(`[data-voice="${name}"]`, root);
  }
}

/** One recording under way; its microphone is given back at the end. */
class Taking {
  private readonly pieces: Blob[] = [];
  private readonly began = performance.now();
  private frame = 0;

  private constructor(
    private readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
    private readonly context: AudioContext,
    show: (level: number, seconds: number) => void,
  ) {
    recorder.addEventListener("dataavailable", (event) => this.pieces.push(event.data));
    const ear = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    const look = (): void => {
      ear.getFloatTimeDomainData(samples);
      show(Math.max(...samples.map(Math.abs)), (performance.now() - this.began) / 1000);
      this.frame = requestAnimationFrame(look);
    };
    look();
    recorder.start();
  }

  static async begin(show: (level: number, seconds: number) => void): Promise<Taking> {
    // As it is spoken: what a browser takes out as noise is often the end of a word.
    const audio = { channelCount: 1, noiseSuppression: false, echoCancellation: false };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    return new Taking(stream, new MediaRecorder(stream), new AudioContext(), show);
  }

  async end(): Promise<Blob> {
    cancelAnimationFrame(this.frame);
    const stopped = new Promise((resolve) =>
      this.recorder.addEventListener("stop", resolve, { once: true }),
    );
    this.recorder.stop();
    await stopped;
    for (const track of this.stream.getTracks()) track.stop();
    await this.context.close();
    return new Blob(this.pieces, { type: this.recorder.mimeType });
  }
}
