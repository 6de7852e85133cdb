/** The kernels that choose tokens, on every device, against the float64 twin and against plain code. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device, NumericArray } from '../../src/backend.ts';
import { addKernels } from '../../src/kernel_sources.ts';
import { DECODING_KERNELS } from '../../src/kernel_groups/decoding.generated.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, reference, testedDevices } from '../support/devices.ts';
import { floats, generator, integers } from '../support/random.ts';
import { chiSquare, logSoftmax } from './decoding.ts';

beforeAll(() => addKernels(DECODING_KERNELS));

const ints = (device: Device, data: ArrayLike<number>): Tensor =>
  tensor(Int32Array.from(data), undefined, 'int32', device);
/** The float32 numbers that a kernel handed out as bits. */
const floatsIn = (picked: NumericArray): Float32Array =>
  new Float32Array(picked.buffer, picked.byteOffset, picked.length);

interface Sampled {
  ids: number[];
  picked: number[];
  positions: number[];
  logProbs: number[];
}

/** One step for rows of `logProbs`. */
async function sampled(
  device: Device,
  logProbs: Float32Array,
  vocabulary: number,
  options: Partial<
    Record<'draws' | 'topK' | 'topP' | 'temperature' | 'seed' | 'position', number>
  > & { forbidden?: number[]; script?: number[][] } = {},
): Promise<Sampled> {
  const rows = logProbs.length / vocabulary;
  const { forbidden = [], script = Array.from({ length: rows }, () => [-1]) } = options;
  const kinds = Array.from({ length: vocabulary }, (_, v) => Number(forbidden.includes(v)));
  const own = {
    logProbs: tensor(logProbs, undefined, 'float32', device),
    kinds: ints(device, kinds),
    script: ints(device, script.flat()),
    positions: ints(device, Array<number>(rows).fill(options.position ?? 0)),
    ids: ints(device, Array<number>(rows).fill(77)),
    picked: ints(device, Array<number>(2 * rows).fill(77)),
  };
  device.run(
    'sample_tokens',
    {
      logProbs: own.logProbs.storage,
      kinds: own.kinds.storage,
      script: own.script.storage,
      positions: own.positions.storage,
      ids: own.ids.storage,
      picked: own.picked.storage,
    },
    {
      rows,
      vocabulary,
      scriptLength: script[0].length,
      draws: options.draws ?? 0,
      topK: options.topK ?? 0,
      topP: options.topP ?? 1,
      inverseTemperature: 1 / (options.temperature ?? 1),
      seedLow: options.seed ?? 1,
      seedHigh: 0,
    },
  );
  const [ids, picked, positions] = await Promise.all(
    [own.ids, own.picked, own.positions].map((one) => one.data()),
  );
  for (const one of Object.values(own)) one.dispose();
  return {
    ids: Array.from(ids),
    picked: Array.from(picked.subarray(0, rows)),
    positions: Array.from(positions),
    logProbs: Array.from(floatsIn(picked).subarray(rows)),
  };
}

describe.each(allDevices)('the next token on %s', (_, open) => {
  it.each([1, 2, 65, 300])('is the most probable of %i', async (vocabulary) => {
    const rows = 5;
    const x = logSoftmax(floats([rows, vocabulary], vocabulary, 3).data, vocabulary);
    const { ids, picked, positions, logProbs } = await sampled(await open(), x, vocabulary, {
      position: 4,
    });
    const best = Array.from({ length: rows }, (_, r) => {
      const row = Array.from(x.subarray(r * vocabulary, (r + 1) * vocabulary));
      return row.indexOf(Math.max(...row));
    });
    expect(ids).toEqual(best);
    expect(picked).toEqual(best);
    expect(positions).toEqual(Array<number>(rows).fill(5));
    expect(logProbs).toEqual(best.map((id, r) => x[r * vocabulary + id]));
  });

  it('is the first of equal ones, never a forbidden one, and what the script says', async () => {
    const x = Float32Array.of(-2, -1, -1, -3, /**/ -1, -2, -2, -2, /**/ -1, -2, -3, -4);
    const device = await open();
    expect((await sampled(device, x, 4)).ids).toEqual([1, 0, 0]);
    expect((await sampled(device, x, 4, { forbidden: [0, 1] })).ids).toEqual([2, 2, 2]);
    const script = [
      [3, -1],
      [3, 3],
      [3, -2 - 2],
    ];
    const found = await sampled(device, x, 4, { script, forbidden: [1, 3] });
    expect(found.ids).toEqual([2, 3, 2]);
    expect(found.logProbs).toEqual([-1, -2, -3]);
    // Beyond the script all is free.
    expect((await sampled(device, x, 4, { script, position: 1 })).ids).toEqual([1, 0, 0]);
  });

  it('is none where numbers are not finite, or all are forbidden', async () => {
    const device = await open();
    const x = Float32Array.of(NaN, NaN, NaN, /**/ -1, -2, -3, /**/ -Infinity, -1, -Infinity);
    for (const draws of [0, 1]) {
      const { picked } = await sampled(device, x, 3, { draws });
      expect([picked[0], picked[2]]).toEqual([-1, 1]);
      const forbidden = [0, 1, 2];
      expect((await sampled(device, x, 3, { draws, forbidden })).ids).toEqual([-1, -1, -1]);
    }
  });

  /** One distribution in many rows, which draw independently: how often each token came. */
  const counts = async (
    logits: readonly number[],
    options: Parameters<typeof sampled>[3],
  ): Promise<number[]> => {
    const rows = 1000;
    const row = logSoftmax(Float32Array.from(logits), logits.length);
    const x = new Float32Array(rows * row.length);
    for (let r = 0; r < rows; r++) x.set(row, r * row.length);
    const { ids } = await sampled(await open(), x, row.length, {
      ...options,
      draws: 1,
      script: Array.from({ length: rows }, () => [-1]),
    });
    return logits.map((_, id) => ids.filter((one) => one === id).length);
  };
  /** Probabilities of those that are kept, at a temperature. */
  const expected = (logits: readonly number[], kept: readonly number[], temperature = 1) => {
    const weights = logits.map((x, id) => (kept.includes(id) ? Math.exp(x / temperature) : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
  const LOGITS = [0.3, -1, 2, 1.5, 0, -0.5, 1, 0.7, -2, 1.2];
  const ALL = LOGITS.map((_, id) => id);

  it.each<[string, Parameters<typeof sampled>[3], number[]]>([
    ['all', {}, ALL],
    ['a low temperature', { temperature: 0.5, seed: 2 }, ALL],
    ['a high temperature', { temperature: 3, seed: 3 }, ALL],
    ['the three most probable', { topK: 3, seed: 4 }, [2, 3, 9]],
    ['the most probable', { topK: 1, seed: 5 }, [2]],
    // Together the three most probable have 0.32, 0.51 and 0.65 of the probability.
    ['a nucleus of 0.6', { topP: 0.6, seed: 6 }, [2, 3, 9]],
    ['a nucleus of 0.2', { topP: 0.2, seed: 7 }, [2]],
    ['a nucleus of almost all', { topP: 0.9999, seed: 8 }, ALL],
    // And of the five most probable ones, 0.37 and 0.596.
    ['a nucleus within the most probable', { topK: 5, topP: 0.58, seed: 9 }, [2, 3]],
    ['all but two', { forbidden: [2, 9], seed: 10 }, ALL.filter((id) => id !== 2 && id !== 9)],
  ])('is drawn by its probability: %s', async (_, options, kept) => {
    const found = await counts(LOGITS, options);
    const shares = expected(LOGITS, kept, options?.temperature);
    expect(ALL.filter((id) => found[id] > 0)).toEqual(kept);
    // A larger value comes once in ten thousand times by chance, for a seed that is fixed here.
    expect(chiSquare(found, shares)).toBeLessThan(33.8);
  });

  it('keeps equal ones together', async () => {
    const found = await counts([1, 2, 1, 0, 2], { topK: 3 });
    expect(found.map((count) => count > 0)).toEqual([true, true, true, false, true]);
    const nucleus = await counts([1, 2, 1, 0, 2], { topP: 0.5 });
    expect(nucleus.map((count) => count > 0)).toEqual([false, true, false, false, true]);
  });
});

describe('what is drawn', () => {
  it.each([65, 300])('is the same on every device, of %i tokens', async (vocabulary) => {
    const x = logSoftmax(floats([40, vocabulary], 3, 3).data, vocabulary);
    for (const options of [{}, { topK: 7 }, { topP: 0.8 }, { topK: 20, topP: 0.7 }]) {
      const given = {
        ...options,
        draws: 1,
        seed: 12,
        script: Array.from({ length: 40 }, () => [-1]),
      };
      const wanted = await sampled(reference, x, vocabulary, given);
      for (const { open, name } of testedDevices) {
        const found = await sampled(await open({ poison: true }), x, vocabulary, given);
        expect(found.ids, name).toEqual(wanted.ids);
        expectClose(found.logProbs, wanted.logProbs, name);
      }
    }
  });
});

// ---- beams --------------------------------------------------------------------------------------------------------------

interface Beams {
  rows: number;
  beams: number;
  vocabulary: number;
  candidates: number;
  logProbs: Float32Array;
  scores: Float32Array;
  kinds: number[];
  script: number[][];
}

async function beamStep(device: Device, given: Beams) {
  const { rows, beams, vocabulary, candidates, script } = given;
  const room = (length: number): Tensor => ints(device, Array<number>(length).fill(77));
  const own = {
    logProbs: tensor(given.logProbs, undefined, 'float32', device),
    kinds: ints(device, given.kinds),
    script: ints(device, script.flat()),
    scores: tensor(given.scores, undefined, 'float32', device),
    positions: ints(device, Array<number>(rows).fill(0)),
    ids: room(rows * beams),
    parents: room(rows * beams),
    picked: room(2 * rows * candidates),
  };
  const bindings = Object.fromEntries(
    Object.entries(own).map(([name, { storage }]) => [name, storage]),
  ) as Record<keyof typeof own, Tensor['storage']>;
  const params = { rows, beams, vocabulary, scriptLength: script[0].length, candidates };
  device.run('beam_step', bindings, params);
  const [ids, parents, scores, picked, positions] = await Promise.all(
    [own.ids, own.parents, own.scores, own.picked, own.positions].map((one) => one.data()),
  );
  for (const one of Object.values(own)) one.dispose();
  return {
    ids: Array.from(ids),
    parents: Array.from(parents),
    scores: Array.from(scores),
    places: Array.from(picked.subarray(0, rows * candidates)),
    sums: Array.from(floatsIn(picked).subarray(rows * candidates)),
    positions: Array.from(positions),
  };
}

const someBeams = (rows: number, beams: number, vocabulary: number): Beams => ({
  rows,
  beams,
  vocabulary,
  candidates: 2 * beams,
  logProbs: logSoftmax(floats([rows * beams, vocabulary], 5, 2).data, vocabulary),
  scores: floats([rows, beams], 6, 3).data as Float32Array,
  kinds: Array.from({ length: vocabulary }, (_, v) => (v === 0 ? 2 : v === 1 ? 1 : 0)),
  script: Array.from({ length: rows }, () => [-1, -1]),
});

describe.each(allDevices)('a step of beams on %s', (_, open) => {
  it.each([
    [1, 1, 2],
    [3, 4, 65],
    [2, 27, 27],
    [5, 3, 300],
  ])('takes the largest sums: %i rows, %i beams, %i tokens', async (rows, beams, vocabulary) => {
    const given = someBeams(rows, beams, vocabulary);
    const found = await beamStep(await open({ poison: true }), given);
    for (let row = 0; row < rows; row++) {
      const all = Array.from({ length: beams * vocabulary }, (_, place) => ({
        place,
        sum:
          given.scores[row * beams + Math.floor(place / vocabulary)] +
          given.logProbs[row * beams * vocabulary + place],
      })).filter(({ place }) => given.kinds[place % vocabulary] !== 1);
      all.sort((a, b) => b.sum - a.sum || a.place - b.place);
      const wanted = all.slice(0, given.candidates);
      const places = found.places.slice(row * given.candidates, (row + 1) * given.candidates);
      expect(places.filter((place) => place >= 0)).toEqual(wanted.map(({ place }) => place));
      const going = wanted.filter(({ place }) => place % vocabulary !== 0).slice(0, beams);
      const own = <T>(list: T[]): T[] => list.slice(row * beams, row * beams + going.length);
      expect(own(found.ids)).toEqual(going.map(({ place }) => place % vocabulary));
      expect(own(found.parents)).toEqual(going.map(({ place }) => Math.floor(place / vocabulary)));
      expectClose(
        own(found.scores),
        going.map(({ sum }) => sum),
        `row ${row}`,
      );
    }
    expect(found.positions).toEqual(Array<number>(rows).fill(1));
  });

  it('follows the script, and leaves out beams that have no sequence', async () => {
    const given = someBeams(3, 2, 4);
    given.scores.set([0, -3e38, 0, -3e38, -1, -2]);
    // A token of the prefix, which counts nothing; one that is forced; and none that can follow.
    given.script = [
      [-1, -2 - 1],
      [-1, 3],
      [-1, -1],
    ];
    given.logProbs.fill(NaN, 16);
    const { ids, places, scores } = await beamStep(await open(), given);
    expect(places).toEqual([1, -1, -1, -1, 3, -1, -1, -1, -1, -1, -1, -1]);
    expect(ids).toEqual([1, 0, 3, 0, 0, 0]);
    expect(scores[0]).toBe(0);
    expect(scores[2]).toBeCloseTo(given.logProbs[8 + 3], 5);
    expect(scores.filter((sum) => sum < -1e38)).toHaveLength(4);
  });

  it('moves states to the beams that go on', async () => {
    const device = await open();
    const [rows, beams, width, start] = [6, 3, 5, 10];
    const random = generator(4);
    const parents = integers([rows], 3, 0, beams).data;
    const data = Float32Array.from({ length: start + 2 * rows * width + 7 }, () => random());
    for (const side of [0, 1]) {
      const states = tensor(data, undefined, 'float32', device);
      const own = ints(device, parents);
      const bindings = { parents: own.storage, states: states.storage };
      device.run('beam_states', bindings, { rows, beams, width, start, side });
      const wanted = Float32Array.from(data);
      for (let row = 0; row < rows; row++) {
        const from = Math.floor(row / beams) * beams + parents[row];
        const place = (one: number, at: number): number => start + (one * rows + at) * width;
        wanted.set(
          data.subarray(place(side, from), place(side, from) + width),
          place(1 - side, row),
        );
      }
      expectClose(await states.data(), wanted, `side ${side}`);
      states.dispose();
      own.dispose();
    }
  });
});
