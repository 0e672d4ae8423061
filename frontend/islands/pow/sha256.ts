/**
 * SHA-256 of one short message, written out so that a cheap telephone can do a hundred thousand a
 * second: the browser's own digest is asynchronous and far too slow for many tiny messages.
 */
const K = new Int32Array(64);
const START = new Uint32Array(8);
const schedule = new Int32Array(64);

/** The constants are the first bits of roots of primes, so they are computed and not listed. */
function prepare(): void {
  const fraction = (value: number) => ((value - Math.floor(value)) * 2 ** 32) | 0;
  let found = 0;
  for (let candidate = 2; found < 64; candidate += 1) {
    let prime = true;
    for (let factor = 2; factor * factor <= candidate; factor += 1) {
      if (candidate % factor === 0) prime = false;
    }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(candidate));
    K[found] = fraction(Math.cbrt(candidate));
    found += 1;
  }
}
prepare();

/** Eight words of the digest, of a message already padded to whole blocks of 64 bytes. */
export function digest(padded: Uint8Array): Int32Array {
  const hash = new Int32Array(START);
  for (let block = 0; block < padded.length; block += 64) compress(hash, padded, block);
  return hash;
}

function compress(hash: Int32Array, bytes: Uint8Array, offset: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i += 1) {
    const at = offset + i * 4;
    w[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  }
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let a = hash[0] as number;
  let b = hash[1] as number;
  let c = hash[2] as number;
  let d = hash[3] as number;
  let e = hash[4] as number;
  let f = hash[5] as number;
  let g = hash[6] as number;
  let h = hash[7] as number;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + (K[i] as number) + (w[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t2 = (s0 + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] = ((hash[0] as number) + a) | 0;
  hash[1] = ((hash[1] as number) + b) | 0;
  hash[2] = ((hash[2] as number) + c) | 0;
  hash[3] = ((hash[3] as number) + d) | 0;
  hash[4] = ((hash[4] as number) + e) | 0;
  hash[5] = ((hash[5] as number) + f) | 0;
  hash[6] = ((hash[6] as number) + g) | 0;
  hash[7] = ((hash[7] as number) + h) | 0;
}

/** The blocks of `prefix` + a number, rewritten in place for each number. */
export class Message {
  private bytes = new Uint8Array(0);
  private readonly prefix: Uint8Array;
  private digits = 0;

  constructor(prefix: string) {
    this.prefix = new TextEncoder().encode(prefix);
  }

  with(n: number): Uint8Array {
    const digits = n < 10 ? 1 : Math.floor(Math.log10(n) + 1e-9) + 1;
    if (digits !== this.digits) this.lay(digits);
    let rest = n;
    for (let at = this.prefix.length + digits - 1; at >= this.prefix.length; at -= 1) {
      this.bytes[at] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return this.bytes;
  }

  private lay(digits: number): void {
    const length = this.prefix.length + digits;
    this.digits = digits;
    this.bytes = new Uint8Array(Math.ceil((length + 9) / 64) * 64);
    this.bytes.set(this.prefix);
    this.bytes[length] = 0x80;
    new DataView(this.bytes.buffer).setUint32(this.bytes.length - 4, length * 8);
  }
}

export function leadingZeroBits(hash: Int32Array): number {
  let bits = 0;
  for (const part of hash) {
    const zeros = Math.clz32(part);
    bits += zeros;
    if (zeros < 32) break;
  }
  return bits;
}
