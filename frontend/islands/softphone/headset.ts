import { all, make, one } from "../../lib/dom";
import { type Choice, choose, chosen, meter, microphone, sample } from "./sound";

const LOUD = 0.25;

/** The dialog in which somebody hears and sees that their headset works, before the first call. */
export class Headset {
  private stop: (() => void) | null = null;
  private readonly leaving = new AbortController();

  constructor(private readonly dialog: HTMLDialogElement) {
    const { signal } = this.leaving;
    dialog.addEventListener("close", () => this.silence(), { signal });
    dialog.addEventListener("change", this.changed, { signal });
    dialog.addEventListener("click", this.clicked, { signal });
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    devices?.addEventListener?.("devicechange", () => void this.list(), { signal });
  }

  leave(): void {
    this.leaving.abort();
    this.silence();
  }

  async open(): Promise<void> {
    if (!this.dialog.open) this.dialog.showModal();
    this.fill();
    await this.listen();
  }

  private fill(): void {
    const choice = chosen();
    for (const field of all<HTMLInputElement>("input[data-choice]", this.dialog)) {
      const value = choice[field.dataset["choice"] as keyof Choice];
      if (field.type === "checkbox") field.checked = Boolean(value);
      else field.value = String(value);
    }
  }

  private async listen(): Promise<void> {
    this.silence();
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    this.say("");
    if (!devices) return this.say("insecure");
    try {
      const stream = await devices.getUserMedia({ audio: microphone() });
      if (!this.dialog.open) return stream.getTracks().forEach((track) => track.stop());
      let loudest = 0;
      const bar = one<HTMLElement & { value: number }>("[data-meter]", this.dialog);
      const halt = meter(stream, (level) => {
        if (bar) bar.value = level;
        loudest = Math.max(loudest, level);
        if (loudest > LOUD) this.say("heard");
      });
      this.stop = () => {
        halt();
        stream.getTracks().forEach((track) => track.stop());
      };
      this.say("speak");
      await this.list();
    } catch {
      this.say("refused");
    }
  }

  private async list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const choice = chosen();
    for (const select of all<HTMLSelectElement>("select[data-choice]", this.dialog)) {
      const name = select.dataset["choice"] as "microphone" | "speaker" | "ringer";
      const kind = name === "microphone" ? "audioinput" : "audiooutput";
      const usual = select.options[0];
      const found = devices.filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default");
      const options = found.map((one) =>
        make("option", { value: one.deviceId, selected: one.deviceId === choice[name] }, one.label),
      );
      select.replaceChildren(...(usual ? [usual] : []), ...options);
    }
  }

  private readonly changed = (event: Event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    const name = field.dataset["choice"] as keyof Choice | undefined;
    if (!name) return;
    const ticked = field instanceof HTMLInputElement && field.type === "checkbox";
    choose({ [name]: ticked ? field.checked : name === "volume" ? Number(field.value) : field.value });
    if (name === "microphone" || name === "clean") void this.listen();
    if (name === "speaker" || name === "ringer") sample(name);
    if (name === "volume") sample("ringer");
  };

  private readonly clicked = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-sample]") : null;
    if (button) sample(button.dataset["sample"] === "ringer" ? "ringer" : "speaker");
  };

  private say(which: string): void {
    for (const part of all("[data-headset]", this.dialog)) {
      part.hidden = part.dataset["headset"] !== which;
    }
  }

  private silence(): void {
    this.stop?.();
    this.stop = null;
  }
}
