/**
 * One server-sent stream over fetch. EventSource would hide three things this needs: signs of life
 * (comments), the status of a refusal, and coming back with the last id after it gave up.
 */
export interface Fact {
  name: string;
  subjects: string[];
  at: string;
}

export type State = "connecting" | "live" | "down" | "signed-out";

export type Told =
  | { kind: "state"; state: State }
  | { kind: "fact"; fact: Fact }
  | { kind: "resync" };

const DOWN_AFTER_MS = 3_000;
const SILENCE_MS = 45_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;

export class Stream {
  private last = "";
  private wait = RETRY_FIRST_MS;
  private abort: AbortController | null = null;
  private downTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  state: State = "connecting";

  /** `mark` is where the page was read: what came after it is told first. */
  constructor(
    private readonly url: string,
    private readonly tell: (told: Told) => void,
    mark = "",
  ) {
    this.last = mark;
  }

  /** Whether this stream has already told of something that a page read at `mark` does not show. */
  isAheadOf(mark: string): boolean {
    const [ours, theirs] = [parts(this.last), parts(mark)];
    if (!ours || !theirs) return false;
    return ours[0] > theirs[0] || (ours[0] === theirs[0] && ours[1] > theirs[1]);
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      this.downTimer ??= setTimeout(() => this.become("down"), DOWN_AFTER_MS);
      const next = await this.once();
      clearTimeout(this.silenceTimer);
      if (next === "never") return this.become("signed-out");
      await new Promise((resolve) => setTimeout(resolve, this.pause()));
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.downTimer);
    clearTimeout(this.silenceTimer);
    this.abort?.abort();
  }

  /** After a sleep the connection may be dead without anyone having said so. */
  refresh(): void {
    this.wait = RETRY_FIRST_MS;
    this.abort?.abort();
  }

  private async once(): Promise<"again" | "never"> {
    this.abort = new AbortController();
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (this.last) headers["Last-Event-ID"] = this.last;
    try {
      const answer = await fetch(this.url, {
        headers,
        credentials: "same-origin",
        cache: "no-store",
        signal: this.abort.signal,
      });
      if ([401, 403, 404].includes(answer.status)) return "never";
      if (!answer.ok || !answer.body) return "again";
      return await this.read(answer.body);
    } catch {
      return "again";
    }
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<"again" | "never"> {
    const reader = body.pipeThrough(new TextDecoderStream() as never).getReader();
    let rest = "";
    this.heard();
    for (;;) {
      const { value, done } = (await reader.read()) as { value?: string; done: boolean };
      if (done) return "again";
      this.heard();
      const blocks = (rest + (value ?? "")).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        if (this.take(block) === "never") return "never";
      }
    }
  }

  private take(block: string): "never" | undefined {
    let kind = "message";
    let id = "";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) kind = line.slice(6).trim();
      else if (line.startsWith("id:")) id = line.slice(3).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).trim());
    }
    if (id) this.last = id;
    if (kind === "signed-out") return "never";
    if (kind === "open" || kind === "resync") this.opened(kind);
    else if (data.length) this.tell({ kind: "fact", fact: JSON.parse(data.join("\n")) as Fact });
    return undefined;
  }

  private opened(kind: "open" | "resync"): void {
    clearTimeout(this.downTimer);
    this.downTimer = undefined;
    this.wait = RETRY_FIRST_MS;
    const wasAway = this.state === "down";
    this.become("live");
    if (kind === "resync" || wasAway) this.tell({ kind: "resync" });
  }

  private heard(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.abort?.abort(), SILENCE_MS);
  }

  private become(state: State): void {
    if (this.state === state) return;
    this.state = state;
    this.tell({ kind: "state", state });
  }

  // A little chance in the wait, so that five hundred desks do not come back in one instant.
  private pause(): number {
    const now = this.wait * (0.5 + Math.random());
    this.wait = Math.min(this.wait * 2, RETRY_MAX_MS);
    return now;
  }
}

/** A mark is `transaction-number`, both larger than what a JavaScript number holds exactly. */
function parts(mark: string): [bigint, bigint] | null {
  const found = /^(\d+)-(\d+)$/.exec(mark);
  return found?.[1] && found[2] ? [BigInt(found[1]), BigInt(found[2])] : null;
}
