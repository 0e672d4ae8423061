import { emit } from "../../lib/dom";
import { word } from "../../lib/words";
import type { Call } from "./call";
import { chime } from "./sound";

const ONE_RING_MS = 1_200;

/** Where a person wants it so: after one ring the desk answers, and says so by a tone and a word. */
export function answerAlone(call: Call): void {
  window.setTimeout(() => {
    if (call.phase !== "ringing") return;
    chime();
    call.answer();
    emit("siaga:toast", { text: word("phone_answered_alone") });
  }, ONE_RING_MS);
}
