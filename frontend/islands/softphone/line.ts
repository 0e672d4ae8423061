import { UA, WebSocketInterface, debug } from "jssip";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import { Call, type Heard } from "./call";

const EXPIRES_SECONDS = 120;
const AGAIN_MS = 400;
const RENEW_MS = 45_000;
const RECOVERY = { connection_recovery_min_interval: 1, connection_recovery_max_interval: 5 };
const BUSY = 486;

export interface Credentials {
  socket: string;
  domain: string;
  username: string;
  secret: string;
}

export type LineState = "off" | "connecting" | "registered" | "refused";

interface Told {
  line: (state: LineState) => void;
  /** A call rings; false when it is to be turned away. */
  ringing: (call: Call) => boolean;
}

/** The way to Asterisk: one registration, which comes back by itself. */
export class Line {
  private ua: UA | null = null;
  private renewedAt = 0;
  private state: LineState = "off";
  private domain = "";

  constructor(
    private readonly told: Told,
    private readonly heard: () => Heard,
  ) {
    debug.disable();
  }

  open({ socket, domain, username, secret }: Credentials): void {
    this.close();
    this.domain = domain;
    this.be("connecting");
    const ua = new UA({
      sockets: [new WebSocketInterface(socket)],
      uri: `sip:${username}@${domain}`,
      password: secret,
      register: true,
      register_expires: EXPIRES_SECONDS,
      session_timers: false,
      user_agent: "Siaga softphone",
      ...RECOVERY,
    });
    this.ua = ua;
    const mine = (act: () => void) => () => {
      if (this.ua === ua) act();
    };
    ua.on("registered", mine(() => this.registered()));
    ua.on("unregistered", mine(() => this.be("connecting")));
    ua.on("disconnected", mine(() => this.be("connecting")));
    ua.on("registrationFailed", (event) => {
      if (this.ua !== ua) return;
      // A refused password is another one's now; anything else is tried again.
      const refused = [401, 403, 404].includes(event.response?.status_code ?? 0);
      this.be(refused ? "refused" : "connecting");
    });
    ua.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      const { session, request } = event;
      if (String(event.originator) !== "remote" || this.ua !== ua) return;
      const call = new Call(session, (name) => ("getHeader" in request ? (request.getHeader(name) ?? "") : ""), this.heard);
      if (!this.told.ringing(call)) session.terminate({ status_code: BUSY });
    });
    ua.start();
  }

  close(): void {
    const ua = this.ua;
    this.ua = null;
    ua?.stop();
    if (this.state !== "off") this.be("off");
  }

  /** The same password once more, a moment later. */
  again(): void {
    const ua = this.ua;
    this.be("connecting");
    window.setTimeout(() => ua === this.ua && ua?.register(), AGAIN_MS);
  }

  dial(target: string): Call | null {
    return this.ua ? Call.to(this.ua, `sip:${target}@${this.domain}`, this.heard) : null;
  }

  /**
   * Timers of a hidden tab stand nearly still; this one is called by a worker, whose do not, so
   * the registration never runs out behind another window.
   */
  tick(): void {
    if (!this.ua || Date.now() - this.renewedAt < RENEW_MS) return;
    if (!this.ua.isConnected()) return;
    this.renewedAt = Date.now();
    this.ua.register();
  }

  private registered(): void {
    this.renewedAt = Date.now();
    this.be("registered");
  }

  private be(state: LineState): void {
    this.state = state;
    this.told.line(state);
  }
}
