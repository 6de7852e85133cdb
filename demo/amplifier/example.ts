/** What is learned from: a sound, and what an amplifier makes of it. Made up, until the reader brings two recordings. */
import { linearError } from './baseline.ts';
import { RATE } from './rate.ts';
import { amplifier, guitar } from './sound.ts';

/** Before and after the amplifier, sample by sample. */
export interface Example {
  readonly dry: Float32Array;
  readonly wet: Float32Array;
}

/** Seconds that are made up, and taps of the linear filter that the network is compared with. */
const [SECONDS, TAPS] = [10, 64];

function madeUp(): Example {
  const dry = guitar(SECONDS, RATE);
  return { dry, wet: amplifier(dry, RATE) };
}

let example: Example | null = null;
let linear: number | null = null;

/** @param own null for the made-up one */
export function bring(own: Example | null): void {
  example = own;
  linear = null;
}

const part = (from: number, to: number) => {
  const { dry, wet } = (example ??= madeUp());
  const [begin, end] = [from, to].map((share) => Math.floor(share * dry.length));
  return { dry: dry.subarray(begin, end), wet: wet.subarray(begin, end) };
};

/** All but the last fifth, which is held out. */
export const training = (): Example => part(0, 0.8);
export const heldOut = (): Example => part(0.8, 1);
export const whole = (): Example => part(0, 1);

/** What the best linear filter leaves of the held-out sound's power. */
export function linearShare(): number {
  const { dry, wet } = heldOut();
  return (linear ??= linearError(dry, wet, TAPS));
}
