import type { RTCSession } from "jssip/lib/RTCSession";
import type { UA } from "jssip";

const GATHER_MS = 150;
const PC = { iceServers: [], rtcpMuxPolicy: "require" } as const satisfies RTCConfiguration;

/** What a call needs of this desk: how to listen in, and through what it is heard. */
export interface Heard {
  microphone: MediaTrackConstraints;
  play: (stream: MediaStream) => void;
}

export type Phase = "ringing" | "talking" | "held" | "over";

/** One call at this desk, from its INVITE to its end. */
export class Call {
  readonly number: string;
  readonly linked: string;
  readonly cannotSpeak: boolean;
  /** Why it rings, if this desk asked for it: callback, listen, whisper or barge. */
  readonly purpose: string;
  readonly arrivedAt = Date.now();
  talkingSince = 0;
  /** Whether the two have been connected at all. */
  answered = false;
  muted = false;
  problem = "";
  private phaseNow: Phase = "ringing";
  private asked = false;
  private watch: (() => void) | null = null;

  constructor(
    private readonly session: RTCSession,
    header: (name: string) => string,
    private readonly heard: () => Heard,
  ) {
    this.linked = header("X-Siaga-Linked");
    this.number = header("X-Siaga-Number") || session.remote_identity?.uri?.user || "";
    this.purpose = header("X-Siaga-Purpose");
    this.cannotSpeak = header("X-Siaga-Cannot-Speak") === "1";
    this.follow();
  }

  static to(ua: UA, target: string, heard: () => Heard): Call {
    const session = ua.call(target, options(heard()));
    return new Call(session, () => "", heard);
  }

  get phase(): Phase {
    return this.phaseNow;
  }

  changed(watch: () => void): void {
    this.watch = watch;
  }

  answer(): void {
    if (this.asked || this.phaseNow !== "ringing") return;
    this.asked = true;
    this.session.answer(options(this.heard()));
  }

  hangUp(): void {
    if (!this.session.isEnded()) this.session.terminate();
  }

  hold(on: boolean): void {
    if (on) this.session.hold();
    else this.session.unhold();
  }

  mute(on: boolean): void {
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.muted = on;
    this.watch?.();
  }

  press(key: string): void {
    // As events in the sound itself, which every exchange understands.
    this.session.sendDTMF(key, { transportType: "RFC2833" as never });
  }

  private be(phase: Phase): void {
    if (this.phaseNow === "over") return;
    this.phaseNow = phase;
    if (phase === "talking" && !this.talkingSince) this.talkingSince = Date.now();
    this.watch?.();
  }

  private follow(): void {
    const { session } = this;
    let gathering = 0;
    session.on("icecandidate", ({ ready }) => {
      // On one network the first candidates are all there are; the rest only costs time.
      window.clearTimeout(gathering);
      gathering = window.setTimeout(ready, GATHER_MS);
    });
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    if (session.connection) this.listen(session.connection);
    const begun = () => {
      this.answered = true;
      this.be("talking");
    };
    session.on("accepted", begun);
    session.on("confirmed", begun);
    // The exchange holds a leg for a moment while it moves it; only the person's own hold counts.
    session.on("hold", ({ originator }) => String(originator) === "local" && this.be("held"));
    session.on("unhold", ({ originator }) => String(originator) === "local" && this.be("talking"));
    session.on("ended", () => this.be("over"));
    session.on("failed", () => this.be("over"));
    session.on("getusermediafailed", () => {
      this.problem = "microphone";
    });
    // A leg that is swapped out of a bridge is lost to the recording: nobody may ask that of us.
    session.on("refer", ({ reject }) => reject());
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ track, streams }) => {
      this.heard().play(streams[0] ?? new MediaStream([track]));
    });
  }
}

function options(heard: Heard) {
  return {
    mediaConstraints: { audio: heard.microphone, video: false },
    pcConfig: PC,
    rtcOfferConstraints: { offerToReceiveAudio: true },
  };
}
