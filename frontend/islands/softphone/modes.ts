import type { Call } from "./call";
import type { LineState } from "./line";
import type { Standing } from "./server";

/** What the bar shows. */
export type Mode =
  | "off"
  | "elsewhere"
  | "connecting"
  | "ready"
  | "paused"
  | "ringing"
  | "talking"
  | "held"
  | "wrap-up";

export interface Parts {
  wanted: boolean;
  elsewhere: boolean;
  device: "browser" | "desk";
  line: LineState;
  call: Call | null;
  standing: Standing | null;
  /** When the last call ended here and is not yet written up; 0 when there is none. */
  wrapUpSince: number;
}

const APART = ["away", "unreachable"];
/** After this long a picture that knows no wrap-up is newer than the end of the call. */
const PICTURE_SETTLES_MS = 1_500;

/** One truth from four witnesses: what the person wants, the line, the call, and the exchange. */
export function modeOf(parts: Parts): Mode {
  const { wanted, elsewhere, device, line, call, standing, wrapUpSince } = parts;
  if (elsewhere) return "elsewhere";
  if (!wanted) return "off";
  if (call && call.phase !== "over") return call.phase;
  const position = standing?.position ?? null;
  // In the queue, but no telephone of it is there: a desk phone without its cable.
  if (position?.mode === "unreachable" && !wrapUpSince) return "connecting";
  if (device === "desk") return position && !APART.includes(position.mode) ? (position.mode as Mode) : "paused";
  if (line !== "registered") return "connecting";
  if (wrapUpSince) return "wrap-up";
  if (position?.mode === "ready") return "ready";
  if (position?.mode === "wrap-up") return "wrap-up";
  return position ? "paused" : "connecting";
}

/** Whether the exchange has taken note that the call was written up. */
export function isWrittenUp(parts: Parts): boolean {
  const { standing, wrapUpSince } = parts;
  if (!wrapUpSince || !standing?.connected) return false;
  if (standing.at < wrapUpSince + PICTURE_SETTLES_MS) return false;
  return standing.position?.mode === "ready" || standing.position?.mode === "paused";
}
