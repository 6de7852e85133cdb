import { show } from '../options.ts';
import { positive } from './checks.ts';

/** Sampled sound. */
export interface Waveform {
  /** Samples a second, in hertz. */
  readonly sampleRate: number;
  /** The samples of each channel, from -1 to 1; all channels have the same length. */
  readonly channels: readonly Float32Array[];
}

/** @throws Error if there is no channel, channels differ in length, or the sample rate is not positive */
export function checkWaveform(what: string, waveform: Waveform): Waveform {
  const { sampleRate, channels } = (waveform ?? {}) as Partial<Waveform>;
  if (!Array.isArray(channels))
    throw new Error(
      `${what}: expected { sampleRate, channels: [samples, …] }, got ${show(waveform)}`,
    );
  positive(`${what}: sampleRate`, sampleRate);
  const lengths = [...new Set((channels as Float32Array[]).map(({ length }) => length))];
  if (lengths.length !== 1 || lengths[0] === undefined)
    throw new Error(
      `${what}: expected at least one channel, all of one length, got ${
        lengths.length === 0 ? 'none' : `lengths ${lengths.join(' and ')}`
      }`,
    );
  return waveform;
}

/** The mean of all channels, [samples]. */
export function toMono(waveform: Waveform): Float32Array<ArrayBuffer> {
  const { channels } = checkWaveform('toMono', waveform);
  return Float32Array.from(channels[0], (_, i) => {
    let sum = 0;
    for (const channel of channels) sum += channel[i];
    return sum / channels.length;
  });
}
