import { one } from "../../lib/dom";

const STEP_SECONDS = 5;
const STEPS: Record<string, number> = {
  ArrowLeft: -STEP_SECONDS,
  ArrowDown: -STEP_SECONDS,
  ArrowRight: STEP_SECONDS,
  ArrowUp: STEP_SECONDS,
  Home: -Infinity,
  End: Infinity,
};

/** The wave shows how far one has heard, and a press on it, or an arrow key, goes there. */
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
    wave.setAttribute("aria-valuemax", length().toFixed(0));
    wave.setAttribute("aria-valuenow", audio.currentTime.toFixed(0));
    wave.setAttribute("aria-valuetext", clock(audio.currentTime));
  };
  const go = (event: MouseEvent): void => {
    const box = wave.getBoundingClientRect();
    to((event.clientX - box.left) / box.width);
  };
  const step = (event: KeyboardEvent): void => {
    const by = STEPS[event.key];
    if (by === undefined || length() === 0) return;
    event.preventDefault();
    event.stopPropagation();
    to((audio.currentTime + by) / length());
  };
  const to = (wanted: number): void => {
    const share = Math.min(Math.max(wanted, 0), 1);
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
  };
  const playing = (): void => {
    root.toggleAttribute("data-playing", !audio.paused);
  };

  one("[data-recording-play]", root)?.addEventListener("click", toggle);
  wave.addEventListener("click", go);
  wave.addEventListener("keydown", step);
  for (const turn of ["play", "pause", "ended"]) audio.addEventListener(turn, playing);
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
