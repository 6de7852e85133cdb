// Clips of speech and noise with the places of the speech: words of a synthesizer, in noise that sounds like a workshop.
import type { Random } from '../../src/index.ts';
import { synthesize } from '../spoken/synthesizer.ts';
import type { Voice } from '../spoken/synthesizer.ts';
import { DIGITS } from '../speech/digits.ts';

/** Samples a second, of the clips and of the detector. */
export const RATE = 16000;

export interface Clip {
  readonly samples: Float32Array<ArrayBuffer>;
  /** By sample: 1 where somebody speaks. */
  readonly speech: Uint8Array;
}

/**
 * Seconds of noise, over which a voice says a word now and then.
 *
 * @param pitch of the voices, from and to, in Hz: others are heard in training than in the test
 */
export function inventClip(
  random: Random,
  seconds: number,
  pitch: readonly [number, number] = [90, 230],
): Clip {
  const length = Math.round(seconds * RATE);
  const samples = noise(random, length);
  const speech = new Uint8Array(length);
  const words = Object.values(DIGITS);
  for (let at = random.uniform(0.1, 1) * RATE; at < length; at += random.uniform(0.3, 1.6) * RATE) {
    const voice: Voice = {
      pitch: random.uniform(...pitch),
      tract: random.uniform(0.95, 1.2),
      pace: random.uniform(0.85, 1.15),
      breath: random.uniform(0.1, 0.5),
    };
    const count = Math.floor(random.uniform(1, 4));
    for (let k = 0; k < count; k++) {
      const word = synthesize(words[Math.floor(random.uniform(0, words.length))], voice, random);
      const level = random.uniform(0.15, 0.6);
      const begin = Math.floor(at);
      for (let i = 0; i < 2 * word.length && begin + i < length; i++) {
        samples[begin + i] += level * between(word, i / 2);
        speech[begin + i] = 1;
      }
      at += 2 * word.length + random.uniform(0.02, 0.1) * RATE;
    }
  }
  return { samples: samples.map((value) => Math.max(-1, Math.min(1, value))), speech };
}

/** The synthesizer makes half as many samples a second. */
function between(samples: Float32Array, at: number): number {
  const left = Math.floor(at);
  const right = Math.min(left + 1, samples.length - 1);
  return samples[left] + (at - left) * (samples[right] - samples[left]);
}

/** Wind, a motor whose pitch wanders, and things that are set down. */
function noise(random: Random, length: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(length);
  const level = random.uniform(0.02, 0.2);
  const [motor, wind] = [random.uniform(0, 1), random.uniform(0.2, 1)];
  let pitch = random.uniform(80, 200);
  let [phase, low, gust] = [0, 0, 0.5];
  for (let i = 0; i < length; i++) {
    if (i % 160 === 0) {
      gust = Math.max(0, Math.min(1, gust + random.uniform(-0.06, 0.06)));
      pitch = Math.max(60, Math.min(260, pitch * random.uniform(0.985, 1.0155)));
    }
    phase += pitch / RATE;
    low += 0.15 * (random.uniform(-1, 1) - low);
    const hum =
      Math.sin(2 * Math.PI * phase) +
      0.6 * Math.sin(4 * Math.PI * phase) +
      0.5 * (2 * (phase % 1) - 1);
    samples[i] = level * (wind * gust * 3 * low + motor * 0.4 * hum);
  }
  for (let at = random.uniform(0, 1) * RATE; at < length; at += random.uniform(0.2, 2) * RATE) {
    const [height, ring] = [random.uniform(0.1, 0.5), random.uniform(300, 2500)];
    const decay = random.uniform(0.01, 0.06) * RATE;
    const begin = Math.floor(at);
    for (let i = 0; i < 6 * decay && begin + i < length; i++)
      samples[begin + i] +=
        height * Math.exp(-i / decay) * Math.sin((2 * Math.PI * ring * i) / RATE);
  }
  return samples;
}
