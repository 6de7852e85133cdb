/** Generation on every device: against predict, against exhaustive search, and against what was asked for. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { cells } from '../../src/index.ts';
import { Layer } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import type { SequenceLayer } from '../../src/layers/sequence_layer.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import { generate } from '../../src/model/generate/generate.ts';
import type { GenerateOptions } from '../../src/model/generate/options.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { softmax } from '../../src/ops/softmax.ts';
import { transpose } from '../../src/ops/transpose.ts';
import type { Tensor } from '../../src/tensor.ts';
import { chiSquare, logSoftmax } from '../ops/decoding.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import { settled } from '../support/garbage.ts';

const V = 7;
const ids = () => layers.input({ shape: [null], dtype: 'int32', name: 'ids' });

/** A language model whose weights are large enough for its tokens to differ. */
function languageModel(device: Device, recurrent: SequenceLayer[], activation?: 'softmax'): Model {
  const model = sequential(
    [ids(), layers.embedding(V, 5), ...recurrent, layers.dense(V, { activation })],
    { device, seed: 3 },
  );
  enlarge(model);
  return model;
}

function enlarge(model: Model): void {
  model.weights.forEach((weight, i) => weight.assign(floats([...weight.shape], 40 + i, 1.2).data));
}

/** Log-probabilities of the token after each of the given rows. */
async function following(
  model: Model,
  rows: readonly (readonly number[])[],
  others: Record<string, any> = {},
): Promise<Float32Array[]> {
  const x = { data: Int32Array.from(rows.flat()), shape: [rows.length, rows[0].length] };
  const given = Object.keys(others).length > 0 ? { ids: x, ...others } : x;
  const output = await model.predict(given);
  const width = output.shape.at(-1)!;
  const values = await output.data();
  output.dispose();
  const each = values.length / rows.length;
  return rows.map((_, r) =>
    logSoftmax(values.subarray((r + 1) * each - width, (r + 1) * each), width),
  );
}

/** The most probable tokens one by one, each by predict on all before. */
async function greedyByPredict(
  model: Model,
  prefix: readonly number[],
  count: number,
  others: Record<string, any> = {},
): Promise<number[]> {
  const all = [...prefix];
  for (let n = 0; n < count; n++) {
    const [next] = await following(model, [all], others);
    all.push(next.indexOf(Math.max(...next)));
  }
  return all.slice(prefix.length);
}

const full = { returnSequences: true };

describe.each(float32Devices)('generate on %s', (_, open) => {
  it('takes the most probable token, as by predict, awaited and streamed', async () => {
    const device = await open();
    const model = languageModel(device, [layers.lstm(6, full), layers.gru(5, full)]);
    const prefix = [[3], [1, 5, 2, 2], [0, 6]];
    const maxNewTokens = [9, 3, 6];
    const expected: number[][] = [];
    for (const [row, given] of prefix.entries())
      expected.push(await greedyByPredict(model, given, maxNewTokens[row]));
    // It would show little if a row repeated one token.
    expect(new Set(expected[0]).size).toBeGreaterThan(1);
    await settled();
    const before = device.stats();
    const { sequences, scores } = await generate(model, { prefix, maxNewTokens });
    expect(sequences).toEqual(expected);
    const streamed: number[][] = prefix.map(() => []);
    for await (const step of generate(model, { prefix, maxNewTokens })) {
      expect(step).toHaveLength(3);
      expect(step.some((id) => id >= 0)).toBe(true);
      step.forEach((id, row) => id >= 0 && streamed[row].push(id));
    }
    expect(streamed).toEqual(expected);
    // The mean of the log-probabilities.
    let sum = 0;
    for (let n = 0; n < 9; n++)
      sum += (await following(model, [[...prefix[0], ...expected[0].slice(0, n)]]))[0][
        expected[0][n]
      ];
    expectClose([scores[0]], [sum / 9], 'score', { absolute: 1e-5, relative: 1e-4 });
    const { storages, bytes } = device.stats();
    expect({ storages, bytes }).toEqual({ storages: before.storages, bytes: before.bytes });
  });

  it('takes prefixes of one length at once', async () => {
    const model = languageModel(await open(), [layers.gru(6, full)]);
    const prefix = [
      [3, 1, 4, 1, 5],
      [2, 6, 5, 3, 5],
    ];
    const { sequences } = await generate(model, { prefix, maxNewTokens: 4 });
    for (const [row, given] of prefix.entries())
      expect(sequences[row]).toEqual(await greedyByPredict(model, given, 4));
  });

  it('takes probabilities too, and finds out by itself', async () => {
    const device = await open();
    const logits = languageModel(device, [layers.lstm(6)]);
    const model = languageModel(device, [layers.lstm(6)], 'softmax');
    const options = { prefix: [[1], [4]], maxNewTokens: 5 };
    const [a, b] = [await generate(logits, options), await generate(model, options)];
    expect(b.sequences).toEqual(a.sequences);
    expectClose(b.scores, a.scores, 'scores', { absolute: 1e-5, relative: 1e-4 });
    const c = await generate(model, { ...options, fromLogits: true });
    expect(Math.abs(c.scores[0] - a.scores[0])).toBeGreaterThan(1e-3);
  });

  it('ends at stop tokens, forbids and forces', async () => {
    const model = languageModel(await open(), [layers.lstm(6, full)]);
    const prefix = [[1], [2], [3]];
    const { sequences: free } = await generate(model, { prefix, maxNewTokens: 8 });
    const stop = free[0][2];
    const cut = (row: readonly number[]): number[] =>
      row.includes(stop) ? row.slice(0, row.indexOf(stop)) : [...row];
    const stopped = await generate(model, { prefix, maxNewTokens: 8, stopTokens: [stop] });
    expect(stopped.sequences).toEqual(free.map(cut));
    const forbidden = await generate(model, { prefix, maxNewTokens: 8, forbiddenTokens: [stop] });
    expect(forbidden.sequences.flat()).not.toContain(stop);
    const forced = await generate(model, { prefix, maxNewTokens: 8, forcedTokens: [5, null, 0] });
    for (const [row, [start]] of prefix.entries()) {
      const [second] = await greedyByPredict(model, [start, 5], 1);
      const rest = await greedyByPredict(model, [start, 5, second, 0], 5);
      expect(forced.sequences[row]).toEqual([5, second, 0, ...rest]);
    }
    // Where a row ends at once, it is empty.
    const none = await generate(model, { prefix, forcedTokens: [4], stopTokens: [4] });
    expect(none.sequences).toEqual([[], [], []]);
  });

  it('begins with states, of the names of layers or as inputs, and those of an encoder', async () => {
    const device = await open();
    const H = 4;
    const [h, c, first] = [
      layers.input({ shape: [H], name: 'h' }),
      layers.input({ shape: [H], name: 'c' }),
      ids(),
    ];
    const embedded = layers.embedding(V, 5).apply(first);
    const steps = layers.lstm(H, { ...full, name: 'decoder' }).apply(embedded, {
      initialState: [h, c],
    });
    const decoder = graph({ inputs: [first, h, c], outputs: layers.dense(V).apply(steps), device });
    enlarge(decoder);
    const states = { h: floats([2, H], 1, 2), c: floats([2, H], 2, 2) };
    const prefix = [[1, 2], [3]];
    const expected: number[][] = [];
    for (const row of [0, 1]) {
      const own = (host: { data: ArrayLike<number> }) => [
        Array.from(host.data).slice(row * H, (row + 1) * H),
      ];
      expected.push(
        await greedyByPredict(decoder, prefix[row], 6, { h: own(states.h), c: own(states.c) }),
      );
    }
    const found = await generate(decoder, { prefix, inputs: states, maxNewTokens: 6 });
    expect(found.sequences).toEqual(expected);
    // What is given by name counts more than what the inputs say.
    const zeros = { data: new Float32Array(2 * H), shape: [2, H] };
    const named = await generate(decoder, {
      prefix,
      inputs: { h: zeros, c: zeros },
      initialState: { decoder: states },
      maxNewTokens: 6,
    });
    expect(named.sequences).toEqual(expected);
  });

  it('computes once what does not follow from the ids: a bidirectional encoder, and what is looked at', async () => {
    const device = await open();
    const source = layers.input({ shape: [null], dtype: 'int32', name: 'source' });
    const first = ids();
    const read = layers.embedding(9, 4, { maskZero: true }).apply(source);
    const [encoded, ...states] = layers
      .bidirectional(layers.lstm(3, { ...full, returnState: true }))
      .apply<any[]>(read);
    const joined = [0, 1].map((k) => layers.concatenate().apply([states[k], states[k + 2]]));
    const embedded = layers.embedding(V, 5).apply(first);
    const steps = layers.lstm(6, full).apply(embedded, { initialState: joined });
    const seen = new Look().apply([steps, encoded]);
    const outputs = layers.dense(V).apply(layers.concatenate().apply([steps, seen]));
    const model = graph({ inputs: [first, source], outputs, device, seed: 2 });
    enlarge(model);
    const texts = integers([3, 5], 4, 1, 9);
    const prefix = [[1], [1], [2, 3]];
    const expected: number[][] = [];
    for (const [row, given] of prefix.entries())
      expected.push(
        await greedyByPredict(model, given, 5, {
          source: { data: texts.data.slice(5 * row, 5 * row + 5), shape: [1, 5] },
        }),
      );
    const inputs = { source: texts };
    expect((await generate(model, { prefix, inputs, maxNewTokens: 5 })).sequences).toEqual(
      expected,
    );
    const beams = await generate(model, { prefix, inputs, maxNewTokens: 5, numBeams: 3 });
    expect(beams.sequences).toHaveLength(3);
    const twice = await generate(model, {
      ...{ prefix, inputs, maxNewTokens: 5, doSample: true, topK: 1, numReturnSequences: 2 },
    });
    expect(twice.sequences).toEqual(expected.flatMap((row) => [row, row]));
  });

  it('draws by the probabilities, the same with one seed', async () => {
    const model = languageModel(await open(), [layers.gru(6, full)]);
    const prefix = Array.from({ length: 2000 }, () => [2]);
    const options = { prefix, maxNewTokens: 1, doSample: true, temperature: 1.5 };
    const { sequences, scores } = await generate(model, { ...options, seed: 4 });
    const [logProbs] = await following(model, [[2]]);
    const weights = Array.from(logProbs, (x) => Math.exp(x / 1.5));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const counts = weights.map((_, id) => sequences.filter(([one]) => one === id).length);
    // Six degrees of freedom: larger once in ten thousand times, for a seed that is fixed here.
    expect(
      chiSquare(
        counts,
        weights.map((weight) => weight / total),
      ),
    ).toBeLessThan(27.9);
    expectClose(
      scores,
      sequences.map(([id]) => logProbs[id]),
      'scores',
      {
        absolute: 1e-5,
        relative: 1e-4,
      },
    );
    const few = { prefix: [[2], [2], [5]], maxNewTokens: 12, doSample: true };
    const [a, b, c] = [
      await generate(model, { ...few, seed: 4 }),
      await generate(model, { ...few, seed: 4 }),
      await generate(model, { ...few, seed: 5 }),
    ];
    expect(b).toEqual(a);
    expect(c.sequences).not.toEqual(a.sequences);
    expect(a.sequences[0]).not.toEqual(a.sequences[1]);
    const several = await generate(model, { ...few, seed: 4, numReturnSequences: 3 });
    expect(several.sequences).toHaveLength(9);
    for (const row of [0, 3, 6]) {
      const own = several.scores.slice(row, row + 3);
      expect([...own].sort((x, y) => y - x)).toEqual(own);
    }
  });

  it('hands the host a few numbers a step, and not the logits', async () => {
    const device = await open();
    const model = languageModel(device, [layers.gru(6, full)]);
    const lengths: number[] = [];
    const { read } = device;
    device.read = (storage, options) => {
      lengths.push(storage.length);
      return read.call(device, storage, options);
    };
    try {
      await generate(model, { prefix: [[1], [2]], maxNewTokens: 20 });
    } finally {
      device.read = read;
    }
    expect(lengths).toEqual(Array<number>(20).fill(4));
  });

  it('ends when it is aborted, or left, and frees what it took', async () => {
    const device = await open();
    const model = languageModel(device, [layers.lstm(6, full)]);
    await settled();
    const { storages } = device.stats();
    const abort = new AbortController();
    const options = { prefix: [[1]], stopTokens: [V - 1], forbiddenTokens: [V - 1] };
    let steps = 0;
    const streaming = async (): Promise<void> => {
      for await (const [id] of generate(model, { ...options, signal: abort.signal })) {
        expect(id).toBeGreaterThanOrEqual(0);
        if (++steps === 5) abort.abort(new Error('enough'));
      }
    };
    await expect(streaming()).rejects.toThrow('enough');
    expect(steps).toBe(5);
    for await (const _ of generate(model, options)) if (++steps === 8) break;
    const { signal } = abort;
    await expect(generate(model, { ...options, signal })).rejects.toThrow('enough');
    const later = new AbortController();
    setTimeout(() => later.abort(new Error('late')), 100);
    await expect(generate(model, { ...options, signal: later.signal })).rejects.toThrow('late');
    expect(device.stats().storages).toBe(storages);
  });
});

/** Looks at all of the second input from each step of the first: dot-product attention. */
class Look extends Layer {
  constructor() {
    super({});
    this.inputSpec = { count: 2, rank: 3 };
  }
  override get wholeInputs(): readonly number[] {
    return [1];
  }
  override computeOutputShapes([query, value]: readonly PartialShape[]): PartialShape[] {
    return [[...query.slice(0, -1), value.at(-1)!]];
  }
  override call([query, value]: readonly Tensor[]): Tensor[] {
    return [matmul(softmax(matmul(query, transpose(value, [0, 2, 1]))), value)];
  }
}

// ---- beams ----------------------------------------------------------------------------------------------------------------

/** Every cell that there is. */
const CELLS: [string, () => SequenceLayer][] = [
  ['simpleRNN', () => layers.simpleRNN(5, full)],
  ['lstm', () => layers.lstm(5, full)],
  ['gru', () => layers.gru(5, full)],
  ['gru, reset before', () => layers.gru(5, { ...full, resetAfter: false })],
  ['peepholeLSTM', () => layers.peepholeLSTM(5, full)],
  ['projectedLSTM', () => layers.projectedLSTM(5, { ...full, projectionUnits: 3 })],
  ['layerNormLSTM', () => layers.layerNormLSTM(5, full)],
  ['clockworkRNN', () => layers.clockworkRNN(6, { ...full, periods: [1, 2] })],
  ['indRNN', () => layers.indRNN(5, full)],
  ['minimalGatedUnit', () => layers.minimalGatedUnit(5, full)],
  ['sLSTM', () => layers.sLSTM(5, full)],
  ['minGRU', () => layers.minGRU(5, full)],
  ['minLSTM', () => layers.minLSTM(5, full)],
  ['sru', () => layers.sru(5, full)],
  ['lru', () => layers.lru(5, full)],
  ['jordanRNN', () => layers.jordanRNN(5, 4, full)],
  ['scrn', () => layers.scrn(5, 3, full)],
  ['carryLSTM', () => layers.carryLSTM(5, full)],
  ['clippedLSTM', () => layers.clippedLSTM(5, { ...full, clip: 1 })],
  ['stacked', () => layers.rnn([cells.highway(cells.lstm(4)), cells.gru(3)], full)],
];

/** Enough tokens for as many beams as there are sequences of three letters. */
const WIDE = 27;
const [STOP, LETTERS] = [0, [1, 2, 3]];
const forbiddenTokens = Array.from({ length: WIDE - 4 }, (_, k) => k + 4);

function beamModel(device: Device, layer: SequenceLayer): Model {
  const model = sequential([ids(), layers.embedding(WIDE, 4), layer, layers.dense(WIDE)], {
    device,
    seed: 6,
  });
  enlarge(model);
  return model;
}

/** All sequences of up to four letters, those shorter than four with the stop token after them, by their scores. */
async function exhaustive(model: Model, prefix: readonly number[], lengthPenalty: number) {
  const found: { ids: number[]; score: number }[] = [];
  let open: { ids: number[]; sum: number }[] = [{ ids: [], sum: 0 }];
  for (let count = 1; count <= 4; count++) {
    const rows = await following(
      model,
      open.map((one) => [...prefix, ...one.ids]),
    );
    const next: typeof open = [];
    open.forEach(({ ids: own, sum }, i) => {
      found.push({ ids: own, score: (sum + rows[i][STOP]) / count ** lengthPenalty });
      for (const id of LETTERS) next.push({ ids: [...own, id], sum: sum + rows[i][id] });
    });
    open = next;
  }
  for (const { ids: own, sum } of open) found.push({ ids: own, score: sum / 4 ** lengthPenalty });
  return found.sort((a, b) => b.score - a.score);
}

describe.each(float32Devices)('beam search on %s', (_, open) => {
  const options = { maxNewTokens: 4, stopTokens: [STOP], forbiddenTokens, numBeams: WIDE };

  it.each(CELLS)('finds what exhaustive search finds: %s', async (_, make) => {
    const model = beamModel(await open(), make());
    const prefix = [[1], [2, 3]];
    const { sequences, scores } = await generate(model, {
      ...options,
      prefix,
      numReturnSequences: 5,
    });
    for (const [row, given] of prefix.entries()) {
      const best = (await exhaustive(model, given, 1)).slice(0, 5);
      expect(sequences.slice(5 * row, 5 * row + 5)).toEqual(best.map((one) => one.ids));
      expectClose(
        scores.slice(5 * row, 5 * row + 5),
        best.map((one) => one.score),
        `scores of row ${row}`,
        { absolute: 1e-5, relative: 1e-4 },
      );
    }
  });

  it.each([0, 0.5, 2])('divides by the length to the power of %d', async (lengthPenalty) => {
    const model = beamModel(await open(), layers.lstm(5, full));
    const found = await generate(model, { ...options, prefix: [[3]], lengthPenalty });
    const [best] = await exhaustive(model, [3], lengthPenalty);
    expect(found.sequences).toEqual([best.ids]);
  });

  it('goes on with few beams as plain code does, and with one as greedily', async () => {
    const model = languageModel(await open(), [layers.gru(5, full), layers.lstm(4, full)]);
    const [stop, count] = [6, 9];
    for (const numBeams of [2, 3]) {
      const prefix = [[1], [2, 5, 3], [4, 0]];
      const { sequences } = await generate(model, {
        ...{ prefix, numBeams, maxNewTokens: count, stopTokens: [stop] },
        numReturnSequences: 2,
      });
      for (const [row, given] of prefix.entries())
        expect(sequences.slice(2 * row, 2 * row + 2)).toEqual(
          (await plainBeams(model, given, numBeams, count, stop)).slice(0, 2),
        );
    }
  });
});

/** Beam search written out, with predict on whole sequences. */
async function plainBeams(
  model: Model,
  prefix: readonly number[],
  numBeams: number,
  most: number,
  stop: number,
): Promise<number[][]> {
  let beams: { ids: number[]; sum: number }[] = [{ ids: [], sum: 0 }];
  const ended: { ids: number[]; score: number }[] = [];
  for (let count = 1; count <= most; count++) {
    const rows = await following(
      model,
      beams.map((one) => [...prefix, ...one.ids]),
    );
    const all = beams.flatMap(({ ids: own, sum }, b) =>
      Array.from(rows[b], (x, id) => ({ ids: own, id, sum: sum + x })),
    );
    all.sort((a, b) => b.sum - a.sum);
    for (const { ids: own, id, sum } of all.slice(0, numBeams))
      if (id === stop) ended.push({ ids: own, score: sum / count });
    beams = all
      .filter(({ id }) => id !== stop)
      .slice(0, numBeams)
      .map(({ ids: own, id, sum }) => ({ ids: [...own, id], sum }));
    ended.sort((a, b) => b.score - a.score).splice(numBeams);
    if (ended.length === numBeams && ended[numBeams - 1].score >= beams[0].sum / count) break;
    if (count === most)
      for (const { ids: own, sum } of beams) ended.push({ ids: own, score: sum / count });
  }
  return ended.sort((a, b) => b.score - a.score).map((one) => one.ids);
}

// ---- what goes wrong ------------------------------------------------------------------------------------------------------

describe('generate refuses', () => {
  const model = languageModel(cpu(), [layers.lstm(4, full)]);
  const options = { prefix: [[1], [2]], maxNewTokens: 3 };

  it.each<[string, Partial<Record<keyof GenerateOptions | 'beams', unknown>>, string]>([
    [
      'no end',
      { maxNewTokens: undefined },
      'expected finite maxNewTokens, or stopTokens, got neither',
    ],
    ['no end in words', { maxNewTokens: Infinity }, 'expected finite maxNewTokens, or stopTokens'],
    [
      'a beam wider than the vocabulary',
      { numBeams: 8 },
      'expected numBeams of at most 7, the number of tokens, got 8; take fewer',
    ],
    [
      'a token outside',
      { prefix: [[1], [7]] },
      'expected ids in 0…6 in prefix, got 7: the model gives 7 tokens; map what is unknown',
    ],
    ['a stop token outside', { stopTokens: [-1] }, 'expected ids in 0…6 in stopTokens, got -1'],
    ['a forbidden token outside', { forbiddenTokens: [9] }, 'in forbiddenTokens, got 9'],
    ['a forced token outside', { forcedTokens: [null, 1.5] }, 'in forcedTokens, got 1.5'],
    ['no prefix', { prefix: undefined }, 'expected prefix to be a list of ids for each row'],
    [
      'a prefix without rows',
      { prefix: [1, 2] },
      'expected prefix to be a list of ids for each row',
    ],
    [
      'an empty row',
      { prefix: [[1], []] },
      'expected at least one id in each row of prefix, got none in row 1',
    ],
    [
      'a temperature of 0',
      { doSample: true, temperature: 0 },
      'expected temperature to be a number above 0 (doSample: false takes the most probable token), got 0',
    ],
    ['half a k', { doSample: true, topK: 0.5 }, 'expected topK to be a whole number'],
    [
      'a p above 1',
      { doSample: true, topP: 1.1 },
      'expected topP to be a number above 0 and at most 1, got 1.1',
    ],
    [
      'a temperature where nothing is drawn',
      { temperature: 2 },
      'expected doSample: true with temperature 2',
    ],
    ['drawing beams', { doSample: true, numBeams: 2 }, 'expected either doSample or several beams'],
    [
      'more sequences than beams',
      { numReturnSequences: 2 },
      'expected numReturnSequences of at most numBeams, 1, got 2',
    ],
    ['no number of beams', { numBeams: 0 }, 'expected numBeams to be a positive'],
    [
      'lengths of other rows',
      { maxNewTokens: [3] },
      'a list of one for each of 2 rows, got a list of 1',
    ],
    ['a length of 0', { maxNewTokens: 0 }, 'expected maxNewTokens to be a positive whole number'],
    ['unknown options', { beams: 2 }, "got 'beams'"],
    ['unknown inputs', { inputs: { h: [[1]] } }, 'as the model has none beside the ids, got h'],
    [
      'states of no layer',
      { initialState: { gru: [[1]] } },
      "by the names of layers (lstm), got 'gru'",
    ],
    [
      'states of another width',
      { initialState: { lstm: [[[1]], [[1]]] } },
      "initialState of 'lstm' to be h, c of 4, 4 numbers for each of 2 rows, got 1, 1",
    ],
    ['a seed that is none', { seed: -1 }, 'expected seed to be a whole number from 0 on, got -1'],
  ])('%s', async (_, wrong, message) => {
    const given = { ...options, ...wrong } as GenerateOptions;
    await expect(generate(model, given)).rejects.toThrow(message);
  });

  it('models that are none for it', async () => {
    const device = cpu();
    const features = sequential([layers.input({ shape: [null, 2] }), layers.lstm(3)], { device });
    await expect(generate(features, options)).rejects.toThrow(
      /expected a model from ids \[batch, time\] to logits .* make the ids its first input/,
    );
    const both = sequential(
      [ids(), layers.embedding(V, 2), layers.bidirectional(layers.lstm(2, full)), layers.dense(V)],
      { device },
    );
    await expect(generate(both, options)).rejects.toThrow(
      /generate: expected layers that need no later step, got 'bidirectional'/,
    );
    const waiting = sequential([layers.embedding(V, 2), layers.dense(V)], { device });
    await expect(generate(waiting, options)).rejects.toThrow(/generate: expected a built model/);
    const [first, h] = [ids(), layers.input({ shape: [2], name: 'h' })];
    const steps = layers
      .gru(2, full)
      .apply(layers.embedding(V, 2).apply(first), { initialState: h });
    const decoder = graph({ inputs: [first, h], outputs: layers.dense(V).apply(steps), device });
    await expect(generate(decoder, options)).rejects.toThrow(/expected inputs h, got none/);
    await expect(generate(decoder, { ...options, inputs: { h: [[1, 2]] } })).rejects.toThrow(
      /expected 2 rows of input 'h', as many as prefix has, got 1/,
    );
    const outputs = [layers.dense(V).apply(h), layers.embedding(V, 2).apply(first)];
    const beside = graph({ inputs: [first, h], outputs, device });
    await expect(generate(beside, options)).rejects.toThrow(/expected an output that follows/);
  });

  it('to stream what several beams may still change', async () => {
    const steps = generate(model, { ...options, numBeams: 2 })[Symbol.asyncIterator]();
    await expect(steps.next()).rejects.toThrow(/expected numBeams: 1 where tokens are streamed/);
  });

  it('numbers that are none', async () => {
    const broken = languageModel(cpu(), [layers.lstm(4, full)]);
    broken.weights.at(-1)!.assign(new Float32Array(V).fill(NaN));
    for (const numBeams of [1, 2])
      await expect(generate(broken, { ...options, numBeams })).rejects.toThrow(
        /expected a token that can follow in row 0, got none: the model gives numbers that are not/,
      );
  });

  it('more sequences than there are', async () => {
    const forced = { ...options, maxNewTokens: 1, forcedTokens: [2] };
    await expect(
      generate(model, { ...forced, numBeams: 3, numReturnSequences: 2 }),
    ).rejects.toThrow(/expected 2 sequences for each row, found 1 for row 0/);
  });
});
