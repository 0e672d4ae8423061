const HEADER_BYTES = 44;
const PEAK = 32_767;

/** Whatever the browser recorded, as a WAV of one channel with 16 bits: every server reads that. */
export async function asWav(sound: Blob): Promise<Blob> {
  const context = new AudioContext();
  try {
    const decoded = await context.decodeAudioData(await sound.arrayBuffer());
    return new Blob([written(mixed(decoded), decoded.sampleRate)], { type: "audio/wav" });
  } finally {
    await context.close();
  }
}

function mixed(sound: AudioBuffer): Float32Array {
  const out = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    sound.getChannelData(channel).forEach((value, at) => {
      out[at] = (out[at] ?? 0) + value / sound.numberOfChannels;
    });
  }
  return out;
}

function written(samples: Float32Array, rate: number): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + samples.length * 2);
  const view = new DataView(buffer);
  word(view, 0, "RIFF");
  view.setUint32(4, buffer.byteLength - 8, true);
  word(view, 8, "WAVE");
  word(view, 12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(view, 36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((value, at) => {
    view.setInt16(HEADER_BYTES + at * 2, Math.max(-1, Math.min(1, value)) * PEAK, true);
  });
  return buffer;
}

function word(view: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) {
    view.setUint8(at + index, text.charCodeAt(index));
  }
}
