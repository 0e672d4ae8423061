import { emit, one } from "../../lib/dom";
import { word } from "../../lib/words";
import { open as openDialog } from "../dialog";
import { answerAlone } from "./alone";
import type { Shown } from "./bar";
import type { Call } from "./call";
import { beat, guardLeaving, onlyHere } from "./guards";
import { Line, type LineState } from "./line";
import { type Mode, isWrittenUp, modeOf } from "./modes";
import { type Seat, Server, type Standing } from "./server";
import { chosen, hear, microphone, ring } from "./sound";
import { openContact } from "./work";

const LISTENING = ["listen", "whisper", "barge"];
const FOLLOW_MS = [0, 200, 600, 1_200];
const SETTLE_MS = 5_000;
const SETTLE_PATIENCE_MS = 400;
const KEEP_MS = 60_000;
const LOOK_MS = 10_000;
const RESUME_MS = 20_000;
const READY_TRIES = 8;
const READY_PAUSE_MS = 1_000;
const FATE_MS = 10_000;
const PATIENCE_MS = 10_000;
const FATE_STEP_MS = 60;
const REMEMBERED = "siaga-phone";

export interface Caller {
  key: string;
  number: string;
  cannotSpeak: boolean;
  about: string;
}

type Show = (shown: Shown, caller: Caller | null) => void;

/** Everything the desk's telephone knows, and what it does about it. */
export class Phone {
  private readonly server: Server;
  private readonly line: Line;
  private wanted = false;
  private elsewhere = false;
  private device: "browser" | "desk" = "browser";
  private lineState: LineState = "off";
  private call: Call | null = null;
  private standing: Standing | null = null;
  private wrapUpSince = 0;
  private number = 0;
  private lastNumber = "";
  private pausedByLock = false;
  /** The contact of the present call, and whether it has its outcome already. */
  private contact = "";
  private opened = "";
  private ended = false;
  /** A person asked for the telephone, so calls may come as soon as the line stands. */
  private eager = false;
  private seatedAt = 0;
  private askedAt = 0;
  private keptAt = 0;
  private lookedAt = 0;
  private letGo: (() => void) | null = null;
  private leaving: Promise<unknown> = Promise.resolve();
  private mode: Mode = "off";
  private readonly stops: (() => void)[];

  constructor(
    private readonly root: HTMLElement,
    private readonly show: Show,
  ) {
    this.server = new Server(root);
    this.line = new Line(
      { line: (state) => this.lineIs(state), ringing: (call) => this.rings(call) },
      () => ({ microphone: microphone(), play: hear }),
    );
    this.stops = [guardLeaving(() => this.talks || this.mode === "ringing"), beat(() => void this.beats())];
    this.listen();
    this.turn();
  }

  leave(): void {
    for (const stop of this.stops) stop();
    ring(false);
    this.line.close();
    this.letGo?.();
  }

  get on(): boolean {
    return this.wanted;
  }

  get talks(): boolean {
    return this.mode === "talking" || this.mode === "held";
  }

  get mayCall(): boolean {
    return !["off", "elsewhere", "connecting", "ringing"].includes(this.mode);
  }

  /** A page that was loaded anew goes on with what the window was. */
  async resume(): Promise<void> {
    const device = sessionStorage.getItem(REMEMBERED);
    if (device !== "browser" && device !== "desk") return;
    try {
      if (device === "desk") await this.resumeDesk();
      else await this.connect(device);
    } catch {
      // The server is away for the moment; the next beat tries again.
    }
  }

  async connect(device: "browser" | "desk", eager = false): Promise<void> {
    this.letGo ??= await onlyHere(`siaga-phone-${this.root.dataset["region"]}`);
    this.elsewhere = this.letGo === null;
    if (this.elsewhere) return this.turn();
    sessionStorage.setItem(REMEMBERED, device);
    this.wanted = true;
    this.eager = eager;
    this.device = device;
    this.turn();
    this.askedAt = Date.now();
    // A leave that is still on its way would end the seat that is taken now.
    await this.leaving;
    const seat = await this.server.seat(device);
    this.number = seat.number;
    this.device = seat.device;
    this.keptAt = this.seatedAt = Date.now();
    const problem = await this.fate(seat.command);
    if (problem) emit("siaga:toast", { text: problem });
    this.seatedAt = Date.now();
    if (seat.device === "browser") this.line.open(seat);
    else await this.handOver(seat);
    await this.look();
  }

  /** Whoever takes a desk serves its telephone too. */
  async sit(number: number): Promise<void> {
    if (this.talks || this.mode === "ringing" || (this.wanted && this.number === number)) return;
    await this.connect(this.wanted ? this.device : "browser", true);
  }

  /** The desk was left, and with it its telephone, of which the server knows. */
  getUp(): void {
    if (this.wanted && !this.talks) this.putDown();
  }

  /** A desk telephone is told its password by a person, who sees it this once. */
  private async handOver(seat: Seat): Promise<void> {
    for (const name of ["server", "username", "secret"] as const) {
      const slot = one(`#desk-phone-dialog [data-desk=${name}]`);
      if (slot) slot.textContent = seat[name];
    }
    openDialog("desk-phone-dialog");
    one("#desk-phone-dialog")?.addEventListener("close", () => {
      one("#desk-phone-dialog [data-desk=secret]")?.replaceChildren();
    }, { once: true });
    if (this.eager) await this.command("ready");
    this.eager = false;
  }

  /** The desk telephone has its password already; a new one would silence it. */
  private async resumeDesk(): Promise<void> {
    this.letGo ??= await onlyHere(`siaga-phone-${this.root.dataset["region"]}`);
    this.elsewhere = this.letGo === null;
    this.wanted = !this.elsewhere;
    this.device = "desk";
    const standing = await this.server.standing();
    if (!standing.seated) return this.lost();
    this.number = standing.position?.number ?? 0;
    this.keptAt = Date.now();
    await this.look();
  }

  async disconnect(): Promise<void> {
    this.putDown();
    const asked = this.server.leave();
    this.leaving = asked.catch(() => undefined);
    await asked;
  }

  private putDown(): void {
    sessionStorage.removeItem(REMEMBERED);
    this.wanted = false;
    this.wrapUpSince = 0;
    this.number = 0;
    this.seatedAt = 0;
    this.standing = null;
    this.line.close();
    this.letGo?.();
    this.letGo = null;
    this.turn();
  }

  answer(): void {
    this.call?.answer();
  }

  async hangUp(): Promise<void> {
    if (this.call) this.call.hangUp();
    else await this.command("hangup");
  }

  hold(): void {
    if (this.call) this.call.hold(this.call.phase !== "held");
  }

  mute(): void {
    if (this.call) this.call.mute(!this.call.muted);
  }

  press(digit: string): void {
    if (digit && this.talks) this.call?.press(digit);
  }

  async ready(): Promise<void> {
    const writing = this.mode === "wrap-up";
    await this.command(writing ? "wrap_up_done" : "ready");
    this.wrapUpSince = 0;
    await this.settle();
  }

  async callBack(number = this.lastNumber): Promise<void> {
    if (!number) return;
    await this.command("call_back", { number, contact: contactShown() });
  }

  async conference(number: string): Promise<void> {
    if (number) await this.command("conference", { number, call: this.call?.linked ?? "" });
  }

  async leaveConference(): Promise<void> {
    await this.command("leave_conference", { call: this.call?.linked ?? "" });
  }

  async command(name: string, words: Record<string, string> = {}): Promise<void> {
    const problem = await this.fate(await this.server.command(name, words));
    await this.look();
    if (problem) emit("siaga:toast", { text: problem });
  }

  /** The guide of the silent call, until the form names a type. */
  silentGuide(): void {
    const script = one<HTMLInputElement>("#report-script");
    if (!script) return;
    script.value = "silent";
    script.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Waits until the daemon has done what was asked; a sentence when it could not. */
  private async fate(command: string): Promise<string> {
    const until = Date.now() + FATE_MS;
    while (command && Date.now() < until) {
      const said = await this.server.standing(command);
      if (said.command === "done") return "";
      if (said.command === "failed") return word("phone_failed", { reason: said.problem ?? "" });
      await new Promise((resolve) => window.setTimeout(resolve, FATE_STEP_MS));
    }
    return command ? word("phone_no_answer") : "";
  }

  private listen(): void {
    const stop = new AbortController();
    const { signal } = stop;
    this.stops.push(() => stop.abort());
    document.body.addEventListener("siaga:phone", () => void this.look(), { signal });
    document.body.addEventListener("siaga:resync", () => void this.follow(), { signal });
    // The written-up contact lets the desk go: the server says so with its answer.
    document.body.addEventListener("siaga:written-up", (event) => this.writtenUp(event), { signal });
    const cover = new MutationObserver(() => void this.lockTurned());
    cover.observe(document.documentElement, { attributeFilter: ["data-locked"] });
    this.stops.push(() => cover.disconnect());
  }

  private lineIs(state: LineState): void {
    this.lineState = state;
    if (state === "registered") {
      if (this.eager) void this.beginServing();
      else void this.look();
    }
    if (state === "refused") void this.refused();
    this.turn();
  }

  /** Whoever connected the telephone wants calls; a busy centre is asked again until it has heard. */
  private async beginServing(): Promise<void> {
    this.eager = false;
    for (let tries = 0; tries < READY_TRIES && this.wanted; tries += 1) {
      try {
        const problem = await this.fate(await this.server.command("ready"));
        await this.look();
        if (!problem && this.standing?.position?.mode !== "away") return;
      } catch {
        // The server is slow or away for a moment.
      }
      await new Promise((resolve) => window.setTimeout(resolve, READY_PAUSE_MS));
    }
  }

  /** A password just made may be a moment on its way; a later refusal asks for another one. */
  private async refused(): Promise<void> {
    if (Date.now() - this.seatedAt < PATIENCE_MS) return this.line.again();
    if (!(await this.keeps())) return this.lost();
    if (this.lineState !== "refused") return;
    try {
      await this.connect("browser", this.eager);
    } catch {
      this.line.again();
    }
  }

  /** The seat was taken by somebody or given up: to come back is for a person to say. */
  private lost(): void {
    this.putDown();
    emit("siaga:toast", { text: word("phone_seat_lost") });
  }

  private rings(call: Call): boolean {
    if (this.call && this.call.phase !== "over") return false;
    this.call = call;
    this.wrapUpSince = 0;
    this.contact = "";
    this.ended = false;
    call.changed(() => this.callTurned(call));
    // What this person asked for is not asked again.
    if (call.purpose) call.answer();
    else if (chosen().auto) answerAlone(call);
    if (!LISTENING.includes(call.purpose)) this.lastNumber = call.number;
    this.turn();
    return true;
  }

  private callTurned(call: Call): void {
    if (call !== this.call) return;
    if (call.phase === "talking" && !call.purpose) void this.open(call.linked, call.cannotSpeak);
    if (call.phase === "over") {
      this.call = null;
      if (call.answered && !LISTENING.includes(call.purpose)) this.callEnded();
      if (call.problem) emit("siaga:toast", { text: word("phone_no_microphone") });
      void this.look();
    }
    this.turn();
  }

  private callEnded(): void {
    if (!this.ended) this.wrapUpSince = Date.now();
    else void this.command("wrap_up_done").then(() => this.settle(), () => undefined);
  }

  private async open(linked: string, cannotSpeak: boolean): Promise<void> {
    if (!linked || this.opened === linked) return;
    this.opened = linked;
    try {
      const contact = await openContact(this.server, linked);
      if (this.opened !== linked) return;
      this.contact = contact;
      if (cannotSpeak) this.silentGuide();
    } catch (reason) {
      emit("siaga:toast", { text: reason instanceof Error ? reason.message : word("unreachable") });
    }
  }

  private writtenUp(event: Event): void {
    const { contact, ended } = (event as CustomEvent<{ contact: string; ended: boolean }>).detail;
    // Ended while the voices go on: nothing is left to write when they stop.
    if (this.talks) this.ended ||= ended && contact === this.contact;
    else this.wrapUpSince = 0;
    this.turn();
    void this.settle();
  }

  /** What was asked of the exchange shows a moment later; also without a live stream. */
  private async follow(): Promise<void> {
    for (const pause of FOLLOW_MS) {
      await new Promise((resolve) => window.setTimeout(resolve, pause));
      await this.look();
    }
  }

  /**
   * The exchange follows in a moment; the bar need not wait for the next beat to see it. Whoever is
   * quicker than the picture of the hang-up was written up before the exchange knew of a wrap-up:
   * then it is told once more.
   */
  private async settle(): Promise<void> {
    const began = Date.now();
    let told = false;
    while (Date.now() - began < SETTLE_MS) {
      await this.look();
      const mode = this.standing?.position?.mode;
      if (this.call || mode === "ready" || mode === "paused") return;
      if (mode === "wrap-up" && !told && Date.now() - began > SETTLE_PATIENCE_MS) {
        told = true;
        await this.server.command("wrap_up_done").catch(() => "");
      }
      await new Promise((resolve) => window.setTimeout(resolve, FATE_STEP_MS * 2));
    }
  }

  /** A desk that nobody sits at is not rung; who comes back is where they were. */
  private async lockTurned(): Promise<void> {
    const locked = document.documentElement.dataset["locked"] === "true";
    try {
      if (locked && this.mode === "ready") {
        this.pausedByLock = true;
        await this.command("pause", { reason: "away" });
      } else if (!locked && this.pausedByLock) {
        this.pausedByLock = false;
        await this.command("ready");
      }
    } catch {
      // Nothing is lost: the queue goes on to the next position after a few rings.
    }
  }

  private async beats(): Promise<void> {
    if (!this.wanted) return;
    this.line.tick();
    const now = Date.now();
    if (this.talks) emit("siaga:active");
    if (!this.number) {
      // A connection that is being made is not begun anew beside itself.
      if (now - this.askedAt > RESUME_MS) void this.resume();
      return;
    }
    if (this.device === "desk" || now - this.lookedAt > LOOK_MS) void this.look();
    if (now - this.keptAt < KEEP_MS) return;
    this.keptAt = now;
    if (!(await this.keeps()) && !this.talks) this.lost();
  }

  /** Whether the seat is still this window's; one that was left or taken while asking is not meant. */
  private async keeps(): Promise<boolean> {
    const seated = this.seatedAt;
    const kept = await this.server.keep().catch(() => true);
    return kept || seated !== this.seatedAt;
  }

  private async look(): Promise<void> {
    if (!this.wanted) return;
    this.lookedAt = Date.now();
    try {
      const standing = await this.server.standing();
      if (!this.wanted) return;
      if (!this.standing || standing.at >= this.standing.at) this.standing = standing;
    } catch {
      if (this.standing) this.standing = { ...this.standing, connected: false };
    }
    if (isWrittenUp(this.parts())) this.wrapUpSince = 0;
    const position = this.standing?.position;
    if (this.device === "desk" && position && ["talking", "held"].includes(position.mode)) {
      void this.open(position.linked, position.cannotSpeak);
    }
    this.turn();
  }

  private parts() {
    const { wanted, elsewhere, device, lineState: line, call, standing, wrapUpSince } = this;
    return { wanted, elsewhere, device, line, call, standing, wrapUpSince };
  }

  private turn(): void {
    this.mode = modeOf(this.parts());
    const { call, standing, mode } = this;
    const position = standing?.position ?? null;
    ring(mode === "ringing" && call !== null && !call.purpose);
    const caller = this.caller(call);
    this.show(
      {
        mode,
        number: ["ringing", "talking", "held"].includes(mode) ? (caller?.number ?? "") : "",
        cannotSpeak: caller?.cannotSpeak ?? false,
        noVoice: position?.voice === false && caller?.key === position.linked && ["talking", "held"].includes(mode),
        muted: call?.muted ?? false,
        since: this.since(mode, position?.since ?? 0),
        reason: mode === "paused" ? (position?.reason ?? "") : "",
        position: this.number,
        waiting: standing?.waiting ?? 0,
        alone: standing !== null && !standing.connected,
      },
      caller,
    );
  }

  private since(mode: Mode, position: number): number {
    const { call } = this;
    if (call) return mode === "ringing" ? call.arrivedAt : call.talkingSince;
    if (mode === "wrap-up" && this.wrapUpSince) return this.wrapUpSince;
    return position;
  }

  private caller(call: Call | null): Caller | null {
    const position = this.standing?.position;
    const linked = call?.linked ?? position?.linked ?? "";
    const number = call?.number ?? position?.caller ?? "";
    if (!call && (this.device === "browser" || !position?.caller)) return null;
    const cannotSpeak = (call?.cannotSpeak ?? false) || (position?.linked === linked && Boolean(position?.cannotSpeak));
    return { key: linked || number, number, cannotSpeak, about: this.server.about(linked, number) };
  }
}

/** The contact that lies open, if one does: a call back is written down as evidence for it. */
function contactShown(): string {
  return /\/contacts\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1] ?? "";
}
