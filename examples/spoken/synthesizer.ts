// A small formant synthesizer after Klatt, "Software for a cascade/parallel formant synthesizer" (1980): a voice, which four resonances
// shape one after the other, and noise, which one shapes.
import type { Random } from '../../src/index.ts';
import { PHONEMES } from './phonemes.ts';

/** Samples a second, as in the Free Spoken Digit Dataset. */
export const SAMPLE_RATE = 8000;

export interface Voice {
  /** Of the vocal folds, in Hz. */
  readonly pitch: number;
  /** What formants are multiplied with: above 1 for a shorter vocal tract than a man's. */
  readonly tract: number;
  /** What durations are multiplied with. */
  readonly pace: number;
  /** How much breath is in the voice, from 0 to 1. */
  readonly breath: number;
}

/** What the synthesizer is told every few milliseconds. */
interface Control {
  readonly formants: readonly number[];
  readonly voice: number;
  readonly noise: number;
  readonly centre: number;
}

/** Samples of a control. */
const STEP = 40;
const MILLISECONDS = (1000 * STEP) / SAMPLE_RATE;
const BANDWIDTHS = [70, 90, 150, 250];
const FOURTH_FORMANT = 3500;
/** Above this no resonance is put, since half the sample rate is near. */
const HIGHEST = 3800;

/**
 * Speaks phonemes, a letter each. Formants glide from one to the next, and every word comes out a little different.
 *
 * @returns samples from -1 to 1
 * @throws Error for a letter that is no phoneme
 */
export function synthesize(
  phonemes: string,
  voice: Voice,
  random: Random,
): Float32Array<ArrayBuffer> {
  const controls = glide(controlsOf(phonemes, voice, random));
  const samples = new Float32Array(controls.length * STEP);
  const cascade = [0, 1, 2, 3].map(() => new Resonance());
  const front = new Resonance();
  let phase = 0;
  controls.forEach(({ formants, voice: loudness, noise, centre }, c) => {
    [...formants, FOURTH_FORMANT].forEach((formant, i) =>
      cascade[i].tune(Math.min(HIGHEST, formant * voice.tract), BANDWIDTHS[i]),
    );
    front.tune(Math.min(HIGHEST, centre * Math.sqrt(voice.tract)), 900);
    // The pitch falls over a word.
    const pitch = voice.pitch * (1.12 - (0.24 * c) / controls.length);
    for (let i = 0; i < STEP; i++) {
      phase = (phase + pitch / SAMPLE_RATE) % 1;
      const hiss = random.uniform(-1, 1);
      let value = loudness * (glottis(phase) + 0.3 * voice.breath * hiss);
      for (const resonance of cascade) value = resonance.next(value);
      samples[c * STEP + i] = value + noise * front.next(hiss);
    }
  });
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const level = random.uniform(0.3, 0.9) / loudest;
  return samples.map((value) => level * value + random.uniform(-0.003, 0.003));
}

/** The derivative of the air that the vocal folds let through, over one period: open for 6 tenths (Klatt and Klatt 1990). */
function glottis(phase: number): number {
  const t = phase / 0.6;
  return t < 1 ? 2 * t - 3 * t * t : 0;
}

/** The controls of each phoneme, one after the other, between two short silences. */
function controlsOf(phonemes: string, voice: Voice, random: Random): Control[] {
  const controls: Control[] = [];
  const add = (control: Control, milliseconds: number) => {
    const count = Math.round(
      (milliseconds * voice.pace * random.uniform(0.85, 1.15)) / MILLISECONDS,
    );
    for (let i = 0; i < Math.max(1, count); i++) controls.push(control);
  };
  const list = Array.from(phonemes, (letter) => {
    const found = PHONEMES[letter];
    if (!found)
      throw new Error(`expected phonemes ${Object.keys(PHONEMES).join('')}, got '${letter}'`);
    return found;
  });
  const silence = (control: Control): Control => ({ ...control, voice: 0, noise: 0 });
  add(silence(list[0]), 40);
  for (const { milliseconds, closure, ...phoneme } of list) {
    const formants = phoneme.formants.map((formant) => formant * random.uniform(0.96, 1.04));
    const control = { ...phoneme, formants };
    if (closure) add(silence(control), closure);
    add(control, milliseconds);
  }
  add(silence(list[list.length - 1]), 40);
  return controls;
}

/** Means over neighbouring controls: of nine for resonances, which the tongue moves slowly, of three for what is loud. */
function glide(controls: readonly Control[]): Control[] {
  const mean = (at: number, reach: number, of: (control: Control) => number) => {
    const [from, to] = [Math.max(0, at - reach), Math.min(controls.length, at + reach + 1)];
    let sum = 0;
    for (let i = from; i < to; i++) sum += of(controls[i]);
    return sum / (to - from);
  };
  return controls.map(({ formants }, at) => ({
    formants: formants.map((_, i) => mean(at, 4, (control) => control.formants[i])),
    voice: mean(at, 1, ({ voice }) => voice),
    noise: mean(at, 1, ({ noise }) => noise),
    centre: mean(at, 1, ({ centre }) => centre),
  }));
}

/** A digital resonator of second order, with gain 1 at frequency 0. */
class Resonance {
  private a = 0;
  private b = 0;
  private c = 0;
  private last = 0;
  private previous = 0;

  tune(frequency: number, bandwidth: number): void {
    const radius = Math.exp((-Math.PI * bandwidth) / SAMPLE_RATE);
    this.c = -radius * radius;
    this.b = 2 * radius * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
    this.a = 1 - this.b - this.c;
  }

  next(x: number): number {
    const y = this.a * x + this.b * this.last + this.c * this.previous;
    this.previous = this.last;
    this.last = y;
    return y;
  }
}
