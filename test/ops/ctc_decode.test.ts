import { describe, expect, it } from 'vitest';
import { ctcDecode } from '../../src/ops/ctc_decode.ts';
import { logSoftmax } from '../../src/ops/softmax.ts';
import { tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

/** The readings of all paths of one row with their log probabilities, the likeliest first. */
async function allReadings(
  logits: Host,
  steps: number,
  blank: number,
): Promise<[string, number][]> {
  const classes = logits.shape[2];
  const y = await logSoftmax(tensor(logits.data, logits.shape, 'float32', reference)).data();
  const found = new Map<string, number>();
  for (let code = 0; code < classes ** steps; code++) {
    const path = Array.from({ length: steps }, (_, t) => Math.floor(code / classes ** t) % classes);
    const log = path.reduce((sum, c, t) => sum + y[t * classes + c], 0);
    const key = path.filter((c, t) => c !== blank && c !== path[t - 1]).join();
    found.set(key, (found.get(key) ?? 0) + Math.exp(log));
  }
  return [...found]
    .map(([key, p]): [string, number] => [key, Math.log(p)])
    .sort((a, b) => b[1] - a[1]);
}

describe('ctcDecode', () => {
  it('reads the best path', async () => {
    // Classes by step: blank 1 1 blank 1 2 2 blank.
    const path = [0, 1, 1, 0, 1, 2, 2, 0];
    const data = new Float32Array(2 * 8 * 3);
    path.forEach((c, t) => (data[t * 3 + c] = data[24 + t * 3 + c] = 2));
    const each = Math.log(Math.exp(2) / (Math.exp(2) + 2));
    for (const device of await openAll()) {
      const logits = tensor(data, [2, 8, 3], 'float32', device);
      const { sequences, scores } = await ctcDecode(logits, { lengths: [8, 3] });
      expect(sequences).toEqual([[1, 1, 2], [1]]);
      expectClose(scores, [8 * each, 3 * each], 'scores');
      const other = await ctcDecode(logits, { blank: 1 });
      expect(other.sequences[0]).toEqual([0, 0, 2, 0]);
    }
  });

  it.each([0, 2])('finds the likeliest readings of all paths, with blank %i', async (blank) => {
    const rows = [floats([1, 6, 3], 1, 2), floats([1, 6, 3], 2, 2), floats([1, 6, 3], 3, 1)];
    const lengths = [6, 4, 5];
    const data = Float32Array.from(rows.flatMap((row) => [...row.data]));
    for (const device of await openAll()) {
      const logits = tensor(data, [3, 6, 3], 'float32', device);
      const given = tensor(lengths, [3], 'int32', device);
      const options = { strategy: 'beamSearch', topPaths: 4, beamWidth: 200, blank } as const;
      const { sequences, scores } = await ctcDecode(logits, { ...options, lengths: given });
      expect(sequences).toHaveLength(12);
      for (let row = 0; row < 3; row++) {
        const wanted = (await allReadings(rows[row], lengths[row], blank)).slice(0, 4);
        const own = sequences.slice(4 * row, 4 * row + 4).map((labels) => labels.join());
        expect(own).toEqual(wanted.map(([key]) => key));
        expectClose(
          scores.slice(4 * row, 4 * row + 4),
          wanted.map(([, log]) => log),
          `scores of row ${row}`,
        );
      }
    }
  });

  it('finds labels that no single path makes likely', async () => {
    // Two steps of p(blank) = 0.6: the best path is empty (0.36), but 0.64 of the paths read as one label.
    const data = Float32Array.from([0.6, 0.4, 0.6, 0.4], Math.log);
    const logits = tensor(data, [1, 2, 2], 'float32', reference);
    expect((await ctcDecode(logits)).sequences).toEqual([[]]);
    const { sequences, scores } = await ctcDecode(logits, { strategy: 'beamSearch', beamWidth: 2 });
    expect(sequences).toEqual([[1]]);
    expect(scores[0]).toBeCloseTo(Math.log(0.64), 6);
  });

  it('keeps to its width, and says where there are fewer readings than asked for', async () => {
    const logits = tensor(floats([1, 30, 8], 5).data, [1, 30, 8], 'float32', reference);
    const narrow = await ctcDecode(logits, { strategy: 'beamSearch', beamWidth: 4, topPaths: 4 });
    const wide = await ctcDecode(logits, { strategy: 'beamSearch', beamWidth: 60 });
    expect(narrow.scores.every((score, k) => k === 0 || score <= narrow.scores[k - 1])).toBe(true);
    expect(wide.scores[0]).toBeGreaterThanOrEqual(narrow.scores[0]);
    const short = tensor([0, 1], [1, 1, 2], 'float32', reference);
    const all = await ctcDecode(short, { strategy: 'beamSearch', topPaths: 3 });
    expect(all.sequences).toEqual([[1], [], []]);
    expect(all.scores[2]).toBe(-Infinity);
  });

  it('refuses bad input', async () => {
    const logits = tensor(floats([2, 3, 4], 1).data, [2, 3, 4], 'float32', reference);
    await expect(ctcDecode(logits, { strategy: 'beam' as never })).rejects.toThrow(
      "ctcDecode: expected strategy to be one of greedy, beamSearch, got 'beam'; did you mean 'beamSearch'?",
    );
    await expect(ctcDecode(logits, { topPaths: 2 })).rejects.toThrow(
      "ctcDecode: expected topPaths of at most 1 (strategy 'greedy' finds one path), got 2",
    );
    await expect(
      ctcDecode(logits, { strategy: 'beamSearch', beamWidth: 2, topPaths: 3 }),
    ).rejects.toThrow('ctcDecode: expected topPaths of at most 2 (beamWidth), got 3');
    await expect(ctcDecode(logits, { beamWidth: 0 })).rejects.toThrow(
      'ctcDecode: expected beamWidth to be a positive whole number, got 0',
    );
    await expect(ctcDecode(logits, { lengths: [3, 4] })).rejects.toThrow(
      'ctcDecode: expected 2 lengths, one for each row, in 0…3 (time steps), got 4',
    );
    await expect(ctcDecode(logits, { lengths: [3] })).rejects.toThrow(/got 1 of them/);
    await expect(ctcDecode(logits, { blank: 4 })).rejects.toThrow(/expected blank in 0…3/);
  });
});
