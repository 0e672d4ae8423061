import { one } from "../../lib/dom";

/** A recording: the wave shows how far one has heard, and a press on it goes there. */
export function mount(root: HTMLElement): void | (() => void) {
  const audio = one<HTMLAudioElement>("audio", root);
  const wave = one("[data-recording-wave]", root);
  const now = one("[data-recording-now]", root);
  const whole = one("[data-recording-whole]", root);
  if (!audio || !wave || !now || !whole) return;
  const seconds = Number(whole.dataset["seconds"]) || 0;

  const length = (): number => (Number.isFinite(audio.duration) ? audio.duration : seconds);
  const show = (): void => {
    now.textContent = clock(audio.currentTime);
    const share = length() > 0 ? Math.min(audio.currentTime / length(), 1) : 0;
    wave.style.setProperty("--heard", share.toFixed(4));
  };
  const go = (event: MouseEvent): void => {
    const box = wave.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    if (audio.readyState === HTMLMediaElement.HAVE_NOTHING) {
      audio.addEventListener("loadedmetadata", () => seek(share), { once: true });
      audio.load();
      void audio.play();
      return;
    }
    seek(share);
  };
  const seek = (share: number): void => {
    audio.currentTime = share * length();
    show();
  };
  const toggle = (): void => {
    if (audio.paused) void audio.play();
    else audio.pause();
    audio.focus();
  };

  one("[data-recording-play]", root)?.addEventListener("click", toggle);
  wave.addEventListener("click", go);
  audio.addEventListener("timeupdate", show);
  audio.addEventListener("seeked", show);
  show();
  return () => {
    audio.pause();
  };
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
