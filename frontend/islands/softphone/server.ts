import { Unreachable, send } from "../../lib/http";
import type { Credentials } from "./line";

/** How the desk stands at the exchange, as our own daemon sees it. */
export interface Standing {
  at: number;
  /** Whether the daemon and Asterisk are there; if not, the rest is what was last known. */
  connected: boolean;
  position: Position | null;
  waiting: number;
  /** Whether the person has the position at all. */
  seated: boolean;
}

export interface Position {
  number: number;
  mode: "away" | "unreachable" | "ready" | "paused" | "wrap-up" | "ringing" | "talking" | "held";
  reason: string;
  since: number;
  linked: string;
  caller: string;
  cannotSpeak: boolean;
  /** Whether the voice detector heard the caller; null while it has not said. */
  voice: boolean | null;
}

/** What came of something asked of the daemon. */
export interface Fate {
  command?: "waiting" | "taken" | "done" | "failed";
  problem?: string;
}

export interface Seat extends Credentials {
  /** Where a desk telephone registers. */
  server: string;
  command: string;
  number: number;
  device: "browser" | "desk";
}

export class Refused extends Error {}

/** Our own pages; every one of them may be away while calls go on. */
export class Server {
  constructor(private readonly root: HTMLElement) {}

  async seat(device: "browser" | "desk"): Promise<Seat> {
    return (await this.ask("seat", { device })) as Seat;
  }

  async leave(): Promise<void> {
    await this.ask("leave", {});
  }

  /** False when the seat is somebody else's now. */
  async keep(): Promise<boolean> {
    return (await send(this.address("keep"), { method: "GET" })).status !== 409;
  }

  async standing(command = ""): Promise<Standing & Fate> {
    const query = command ? `?command=${command}` : "";
    const answer = await send(this.address("state") + query, { method: "GET", timeoutMs: 5_000 });
    if (!answer.ok) throw new Refused(String(answer.status));
    return (await answer.json()) as Standing & Fate;
  }

  /** Something our daemon is to do; the answer names what was asked, and `standing` its fate. */
  async command(name: string, words: Record<string, string> = {}): Promise<string> {
    const { command } = (await this.ask("command", { command: name, ...words })) as { command: string };
    return command;
  }

  /** The address of what is known about a caller. */
  about(linked: string, number: string): string {
    const url = new URL(this.address("call").replace("LINKED", encodeURIComponent(linked || "-")), location.href);
    url.searchParams.set("number", number);
    return url.pathname + url.search;
  }

  /** The call is in this person's hand now; null while nobody knows its contact. */
  async take(linked: string): Promise<{ url: string; contact: string } | null> {
    const url = this.address("answered").replace("LINKED", encodeURIComponent(linked));
    const answer = await send(url, { timeoutMs: 5_000 });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Refused(await words(answer));
    return (await answer.json()) as { url: string; contact: string };
  }

  private address(name: string): string {
    return this.root.dataset[`url${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? "";
  }

  private async ask(name: string, fields: Record<string, string>): Promise<unknown> {
    const body = new FormData();
    for (const [key, value] of Object.entries(fields)) body.set(key, value);
    const answer = await send(this.address(name), { body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Refused(await words(answer));
    return answer.status === 204 ? null : ((await answer.json()) as unknown);
  }
}

async function words(answer: Response): Promise<string> {
  try {
    const said = (await answer.json()) as { message?: string };
    return said.message ?? String(answer.status);
  } catch {
    return String(answer.status);
  }
}

export { Unreachable };
