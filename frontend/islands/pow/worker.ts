import { Message, digest, leadingZeroBits } from "./sha256";

const NONCE_MAX = 2 ** 28;

/** Finds the smallest n for which sha256(`challenge:n`) begins with the asked number of zero bits. */
export function solve(challenge: string, bits: number): number {
  const message = new Message(`${challenge}:`);
  for (let n = 0; n < NONCE_MAX; n += 1) {
    if (leadingZeroBits(digest(message.with(n))) >= bits) return n;
  }
  return -1;
}

self.addEventListener("message", (event: MessageEvent<{ challenge: string; bits: number }>) => {
  const { challenge, bits } = event.data;
  (self as unknown as Worker).postMessage(solve(challenge, bits));
});
