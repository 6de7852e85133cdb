import { describe, expect, it } from 'vitest';
import { DIGITS } from '../../examples/speech/digits.ts';
import { labelErrorRate, usualAnswer } from '../../examples/speech/baseline.ts';
import { COEFFICIENTS, drawString, speakersOf } from '../../examples/speech/strings.ts';
import { inventRecordings, partsOf } from '../../examples/spoken/recordings.ts';
import { synthesize } from '../../examples/spoken/synthesizer.ts';
import { Random } from '../../src/index.ts';

it('speech: the synthesizer knows all sounds of the digits', () => {
  const voice = { pitch: 120, tract: 1, pace: 1, breath: 0.1 };
  expect(Object.keys(DIGITS).join('')).toBe('0123456789');
  for (const sounds of Object.values(DIGITS))
    expect(synthesize(sounds, voice, new Random(1)).length).toBeGreaterThan(1000);
});

describe('speech: strings', () => {
  const parts = partsOf(inventRecordings({ 1: 'wAn', 2: 'tu' }, 6));
  const [known, held] = speakersOf([parts.train, parts.takes], parts.words);

  it('join recordings of one speaker with silence', () => {
    expect(known.map(({ recordings }) => recordings.length)).toEqual([2, 2, 2, 2, 2]);
    expect(held.map(({ recordings }) => recordings.length)).toEqual([10, 10, 10, 10, 10]);
    const random = new Random(1);
    for (let i = 0; i < 20; i++) {
      const { x, y } = drawString(known, random);
      expect(y.length >= 2 && y.length <= 6).toBe(true);
      expect(y.every((label) => label === 1 || label === 2)).toBe(true);
      const [frames, columns] = x.shape;
      expect(columns).toBe(COEFFICIENTS);
      expect(x.data.length).toBe(frames * columns);
      // A digit has some 20 frames, and a silence at most 12.
      expect(frames > 15 * y.length && frames < 60 * (y.length + 1), `${frames} frames`).toBe(true);
    }
    expect(drawString(known, new Random(7))).toEqual(drawString(known, new Random(7)));
  });

  it('have silence from the quietest frames', () => {
    for (const { silence, recordings } of known) {
      const first = recordings.flatMap(({ frames }) => [...frames.data].filter((_, at) => at % COEFFICIENTS === 0)); // prettier-ignore
      const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
      for (const frame of silence) expect(frame[0]).toBeLessThan(mean);
    }
  });
});

it('speech: the usual answer is the most frequent digit, as often as is usual', () => {
  const x = { data: new Float32Array(COEFFICIENTS), shape: [1, COEFFICIENTS] as const };
  const strings = [
    [1, 2],
    [2, 2],
    [3, 2, 1],
  ].map((y) => ({ x, y: Int32Array.from(y) }));
  expect(usualAnswer(strings)).toEqual([2, 2]);
  // One replacement, none, one replacement and one insertion, of seven digits.
  expect(labelErrorRate(strings, () => [2, 2])).toBeCloseTo(3 / 7, 12);
  expect(labelErrorRate(strings, (i) => [...strings[i].y])).toBe(0);
});
