/** The detector of speech: its windows, their labels, and the measure. */
import { expect, it } from 'vitest';
import { Random } from '../../src/index.ts';
import { inventClip, RATE } from '../../examples/vad/clips.ts';
import { areaUnderCurve, labelsOf, STEP, WINDOW, windowsOf } from '../../examples/vad/windows.ts';

it('vad: a window begins with the end of the one before it, the first with silence', () => {
  const samples = Float32Array.from({ length: 2.5 * STEP }, (_, i) => i + 1);
  const { data, shape } = windowsOf(samples);
  expect(shape).toEqual([2, WINDOW]);
  expect([data[0], data[63], data[64], data[WINDOW - 1]]).toEqual([0, 0, 1, STEP]);
  expect([data[WINDOW], data[WINDOW + 64], data[2 * WINDOW - 1]]).toEqual([
    STEP - 63,
    STEP + 1,
    2 * STEP,
  ]);
});

it('vad: made-up clips have speech and pauses, the same ones for a seed', () => {
  const clip = inventClip(new Random(3), 8);
  const labels = labelsOf(clip);
  expect(labels).toHaveLength(Math.floor((8 * RATE) / STEP));
  const share = labels.reduce((sum, one) => sum + one, 0) / labels.length;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.8);
  expect(inventClip(new Random(3), 8).samples).toEqual(clip.samples);
});

it('vad: the area under the curve counts pairs in the right order', () => {
  expect(areaUnderCurve([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])).toBe(1);
  expect(areaUnderCurve([0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1])).toBe(0);
  expect(areaUnderCurve([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1])).toBe(0.5);
  expect(areaUnderCurve([0.1, 0.6, 0.4, 0.9], [0, 0, 1, 1])).toBe(0.75);
});
