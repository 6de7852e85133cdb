/** Attention layers: Keras' equations and masks in plain numbers, gradients on every device, weights, files, and what does not fit. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import type { AttentionApplyOptions, AttentionLayer } from '../../src/layers/attention_layer.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { Network } from '../../src/layers/network.ts';
import { loadModel } from '../../src/model/load.ts';
import { model as graph } from '../../src/model/create.ts';
import { setDevice, tensor } from '../../src/tensor.ts';
import { checkLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { checkModel, expectOutcome, ints, outcome } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
/** Steps of the query and of the value, features of the query and the key, and of the value. */
const [B, Q, V, D, F] = [2, 3, 4, 5, 2];
const query = floats([B, Q, D], 1);
const value = floats([B, V, F], 2);
const key = floats([B, V, D], 3);
const QUERY_MASK = ints([B, Q], 1, 1, 0, 1, 0, 1);
const VALUE_MASK = ints([B, V], 1, 0, 1, 1, 1, 1, 0, 0);
const ROUNDED = { absolute: 1e-7, relative: 1e-6 };
const TIGHT = { absolute: 1e-12, relative: 1e-12 };

// ---- in plain numbers -------------------------------------------------------------------------------------------------

type Row = number[];
const dot = (a: Row, b: Row): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const rowsOf = ({ data, shape }: Host, b: number): Row[] =>
  Array.from({ length: shape[1] }, (_, t) => [
    ...data.slice((b * shape[1] + t) * shape[2], (b * shape[1] + t + 1) * shape[2]),
  ]);

function softmax(scores: Row): Row {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Of all rows, the weights and what they read. Keras takes 1e9 from what is not seen: in float32 nothing is left of a score beside that. */
function attended(
  [q, v, k]: readonly Host[],
  score: (q: Row, k: Row) => number,
  seen: (b: number, i: number, j: number) => boolean,
): { weights: Row; output: Row } {
  const weights: Row = [];
  const output: Row = [];
  for (let b = 0; b < B; b++)
    rowsOf(q, b).forEach((of, i) => {
      const scores = rowsOf(k, b).map((to, j) => (seen(b, i, j) ? score(of, to) : -1e9));
      const own = softmax(scores);
      weights.push(...own);
      const values = rowsOf(v, b);
      output.push(
        ...values[0].map((_, f) =>
          dot(
            own,
            values.map((row) => row[f]),
          ),
        ),
      );
    });
  return { weights, output };
}

const everything = (): boolean => true;
const byValue = (b: number, _: number, j: number): boolean => VALUE_MASK.data[b * V + j] === 1;

/** Outputs of a layer on query, value and key. */
async function computed(
  make: () => AttentionLayer,
  options: { masks?: (Host | null)[]; weights?: Host[]; training?: boolean } = {},
) {
  const starts = [query, value, key].map(({ shape }) => input({ shape: shape.slice(1) }));
  const outputs = make().apply<SymbolicTensor[]>(starts);
  const network = new Network({ inputs: starts, outputs, device: reference, seed: 3 });
  if (options.weights) network.setWeights(options.weights);
  const { masks, training = false } = options;
  const found = await outcome(network, [query, value, key], { masks, training, step: 1 });
  return { network, outputs: found.outputs };
}
const scored = { returnAttentionScores: true };

describe('the equations of Keras', () => {
  it('of attention by products, scaled', async () => {
    const make = () => layers.attention({ ...scored, useScale: true });
    const { outputs, network } = await computed(make, {
      weights: [{ shape: [], data: Float32Array.of(0.5) }],
    });
    expect(network.weights.map(({ name, shape }) => [name, shape])).toEqual([
      ['attention/scale', []],
    ]);
    const expected = attended([query, value, key], (q, k) => 0.5 * dot(q, k), everything);
    expectClose(outputs[0], expected.output, 'output', ROUNDED);
    expectClose(outputs[1], expected.weights, 'weights', ROUNDED);
  });

  it('of attention by concatenation', async () => {
    const make = () => layers.attention({ ...scored, useScale: true, scoreMode: 'concat' });
    const scalar = (x: number): Host => ({ shape: [], data: Float32Array.of(x) });
    const { outputs, network } = await computed(make, { weights: [scalar(0.5), scalar(1.5)] });
    expect(network.weights.map(({ name }) => name)).toEqual([
      'attention/scale',
      'attention/concat_score_weight',
    ]);
    const score = (q: Row, k: Row) =>
      1.5 * q.reduce((sum, x, i) => sum + Math.tanh(0.5 * (x + k[i])), 0);
    const expected = attended([query, value, key], score, everything);
    expectClose(outputs[0], expected.output, 'output', ROUNDED);
    expectClose(outputs[1], expected.weights, 'weights', ROUNDED);
  });

  it.each([true, false])('of additive attention, useScale %s', async (useScale) => {
    const scale = floats([D], 9);
    const make = () => layers.additiveAttention({ ...scored, useScale });
    const { outputs } = await computed(make, { weights: useScale ? [scale] : [] });
    const score = (q: Row, k: Row) =>
      q.reduce((sum, x, i) => sum + (useScale ? scale.data[i] : 1) * Math.tanh(x + k[i]), 0);
    const expected = attended([query, value, key], score, everything);
    expectClose(outputs[0], expected.output, 'output', ROUNDED);
    expectClose(outputs[1], expected.weights, 'weights', ROUNDED);
  });

  it('of masks: hidden values, outputs of zero, and a query that sees nothing', async () => {
    const nothing = ints([B, V], 1, 0, 1, 1, 0, 0, 0, 0);
    const masks = [QUERY_MASK, nothing, ints([B, V], 0, 0, 0, 0, 0, 0, 0, 0)];
    const { outputs } = await computed(() => layers.attention(scored), { masks });
    const seen = (b: number, _: number, j: number) => nothing.data[b * V + j] === 1;
    const expected = attended([query, value, key], dot, seen);
    expect(expected.weights.slice(Q * V)).toEqual(Array<number>(Q * V).fill(1 / V));
    const zeroed = expected.output.map((x, i) => x * QUERY_MASK.data[Math.floor(i / F)]);
    expectClose(outputs[0], zeroed, 'output', ROUNDED);
    expectClose(outputs[1], expected.weights, 'weights', ROUNDED);
  });

  it('of causal attention, with a mask', async () => {
    const make = () => layers.attention({ ...scored, useCausalMask: true });
    const { outputs } = await computed(make, { masks: [null, VALUE_MASK] });
    const seen = (b: number, i: number, j: number) => j <= i && byValue(b, i, j);
    const expected = attended([query, value, key], dot, seen);
    expectClose(outputs[1], expected.weights, 'weights', ROUNDED);
    expectClose(outputs[0], expected.output, 'output', ROUNDED);
  });

  it('of several heads', async () => {
    const [heads, width, wide, out] = [2, 3, 4, 6];
    const make = () =>
      layers.multiHeadAttention(heads, width, { ...scored, valueDim: wide, outputShape: out });
    const { network } = await computed(make);
    const shapes = network.weights.map(({ name, shape }) => [name.split('/').slice(1).join('/'), shape]); // prettier-ignore
    expect(shapes).toEqual([
      ['query/kernel', [D, heads, width]],
      ['query/bias', [heads, width]],
      ['key/kernel', [D, heads, width]],
      ['key/bias', [heads, width]],
      ['value/kernel', [F, heads, wide]],
      ['value/bias', [heads, wide]],
      ['attention_output/kernel', [heads, wide, out]],
      ['attention_output/bias', [out]],
    ]);
    const weights = network.weights.map(({ shape }, i) => floats([...shape], 30 + i));
    const { outputs } = await computed(make, { weights, masks: [QUERY_MASK, VALUE_MASK] });

    const [qw, qb, kw, kb, vw, vb, ow, ob] = weights.map(({ data }) => [...data]);
    /** x [batch, time, features] as one head sees it. */
    const project = (x: Host, kernel: Row, bias: Row, head: number, size: number): Host => {
      const each = Array.from({ length: B }, (_, b) => rowsOf(x, b)).flat();
      const seen = each.flatMap((row) =>
        Array.from(
          { length: size },
          (_, c) =>
          row.reduce((sum, value, f) => sum + value * kernel[(f * heads + head) * size + c], bias[head * size + c]), // prettier-ignore
        ),
      );
      return { shape: [B, x.shape[1], size], data: Float64Array.from(seen) as never };
    };
    const seen = (b: number, i: number, j: number) =>
      byValue(b, i, j) && QUERY_MASK.data[b * Q + i] === 1;
    const each = [0, 1].map((head) =>
      attended(
        [
          project(query, qw, qb, head, width),
          project(value, vw, vb, head, wide),
          project(key, kw, kb, head, width),
        ],
        (q, k) => (1 / Math.sqrt(width)) * dot(q, k),
        seen,
      ),
    );
    const rows = Array.from({ length: B * Q }, (_, r) =>
      each.flatMap(({ output }) => output.slice(r * wide, (r + 1) * wide)),
    );
    const output = rows.flatMap((row) =>
      Array.from({ length: out }, (_, o) =>
        row.reduce((sum, x, c) => sum + x * ow[c * out + o], ob[o]),
      ),
    );
    expectClose(outputs[0], output, 'output', ROUNDED);
    const scores = [0, 1].flatMap((b) =>
      each.flatMap(({ weights: own }) => own.slice(b * Q * V, (b + 1) * Q * V)),
    );
    expectClose(outputs[1], scores, 'weights', ROUNDED);
  });
});

// ---- gradients --------------------------------------------------------------------------------------------------------

const KINDS: [string, (options?: object) => AttentionLayer][] = [
  ['attention', (options) => layers.attention({ useScale: true, ...options })],
  ['attention by concatenation', (options) => layers.attention({ scoreMode: 'concat', useScale: true, ...options })], // prettier-ignore
  ['additiveAttention', (options) => layers.additiveAttention(options)],
  ['multiHeadAttention', (options) => layers.multiHeadAttention(2, 3, { valueDim: 2, ...options })],
];

describe.each(KINDS)('%s', (_, make) => {
  it.each([
    [{}, []],
    [scored, [QUERY_MASK, VALUE_MASK]],
    [{ ...scored, useCausalMask: true, dropout: 0.3 }, [null, VALUE_MASK, VALUE_MASK]],
  ] as [object, (Host | null)[]][])(
    'has exact gradients of its inputs: %o',
    async (options, masks) => {
      await checkModel(
        (inputs) => [make(options).apply<SymbolicTensor[]>(inputs)].flat(),
        [query, value, key],
        masks,
      );
    },
  );

  it('has exact gradients of its weights, of an input that is query and value', async () => {
    const x = floats([B, Q, D], 4);
    const own = (): Network => {
      const start = input({ shape: [Q, D] });
      return new Network({ inputs: start, outputs: make().apply([start, start]), lazy: true });
    };
    const start = input({ shape: [Q, D] });
    const built = new Network({ inputs: start, outputs: make().apply([start, start]) });
    const weights = built.weights.map(({ shape }, i) => floats([...shape], 20 + i));
    await checkLayer({ make: own, x, weights, mask: QUERY_MASK, training: false });
  });

  it('is the same with the masks that its inputs carry and with those that it is given', async () => {
    const starts = [query, value, key].map(({ shape }) => input({ shape: shape.slice(1) }));
    const masks = [QUERY_MASK, VALUE_MASK].map(({ shape }) =>
      input({ shape: shape.slice(1), dtype: 'int32' }),
    );
    const layer = make(scored);
    const network = (inputs: SymbolicTensor[], options: AttentionApplyOptions) =>
      new Network({
        inputs,
        outputs: layer.apply<SymbolicTensor[]>(starts, options),
        device: reference,
        seed: 3,
      });
    const carried = await outcome(network(starts, {}), [query, value, key], {
      masks: [QUERY_MASK, VALUE_MASK, VALUE_MASK],
    });
    const explicit = network([...starts, ...masks], { mask: [masks[0], masks[1], masks[1]] });
    // What inputs carry does not count beside what is given.
    const ones = ints([B, V], 0, 1, 1, 0, 0, 1, 1, 0);
    const given = await outcome(explicit, [query, value, key, QUERY_MASK, VALUE_MASK], {
      masks: [null, ones, ones],
    });
    expectOutcome(given, carried, TIGHT);
  });

  it('sees pairs of steps as an attention mask says', async () => {
    const starts = [query, value, key].map(({ shape }) => input({ shape: shape.slice(1) }));
    const pairs = input({ shape: [Q, V], dtype: 'int32' });
    const network = (
      inputs: SymbolicTensor[],
      layer: AttentionLayer,
      attentionMask?: SymbolicTensor,
    ) =>
      // prettier-ignore
      new Network({
        inputs,
        outputs: layer.apply<SymbolicTensor[]>(starts, { attentionMask }),
        device: reference,
        seed: 3,
      });
    const causal = network(starts, make({ ...scored, useCausalMask: true }));
    const explicit = network([...starts, pairs], make(scored), pairs);
    explicit.setWeights((await causal.getWeights()).map(({ data, shape }) => ({ data, shape })));
    const triangle = Array.from({ length: B * Q * V }, (_, i) =>
      Number(i % V <= Math.floor(i / V) % Q),
    );
    expectOutcome(
      await outcome(explicit, [query, value, key, ints([B, Q, V], ...triangle)]),
      await outcome(causal, [query, value, key]),
      TIGHT,
    );
  });

  it('hands the mask of the query on', () => {
    const starts = [query, value].map(({ shape }) => input({ shape: [shape[1], D] }));
    const network = new Network({
      inputs: starts,
      outputs: make(scored).apply<SymbolicTensor[]>(starts),
      device: reference,
    });
    const { masks } = network.forward(
      [query, floats([B, V, D], 5)].map((host) => place(host)),
      { masks: [QUERY_MASK, VALUE_MASK].map((host) => place(host)) },
    );
    expect(masks[0]?.shape).toEqual([B, Q]);
    expect(masks[1]).toBeNull();
  });

  it('is loaded with all that it was applied to', async () => {
    const starts = [query, value, key].map(({ shape }) => input({ shape: shape.slice(1) }));
    const mask = input({ shape: [V], dtype: 'int32' });
    const outputs = make(scored).apply<SymbolicTensor[]>(starts, { mask: [null, mask] });
    const model = graph({ inputs: [...starts, mask], outputs, device: reference, seed: 4 });
    const loaded = await loadModel(await model.save(), { device: reference });
    const hosts = [query, value, key, VALUE_MASK];
    expectOutcome(await outcome(loaded, hosts), await outcome(model, hosts));
    expect(loaded.outputs.map(({ shape }) => shape)).toEqual(model.outputs.map(({ shape }) => shape)); // prettier-ignore
  });
});

const place = ({ data, shape }: Host) => tensor(data, shape, undefined, reference);

describe('attention layers', () => {
  it('drop weights in training, the same for the same step', async () => {
    for (const [, make] of KINDS) {
      const drop = () => make({ ...scored, dropout: 0.5, seed: 7 });
      const [first, again, still] = [
        await computed(drop, { training: true }),
        await computed(drop, { training: true }),
        await computed(drop),
      ];
      expect([...first.outputs[0]]).toEqual([...again.outputs[0]]);
      expect([...first.outputs[0]]).not.toEqual([...still.outputs[0]]);
    }
  });

  it('give shapes whose steps are open', () => {
    const starts = [input({ shape: [null, D] }), input({ shape: [null, D] })];
    const [output, scores] = layers
      .multiHeadAttention(2, 3, { ...scored, outputShape: [4, 2] })
      .apply<SymbolicTensor[]>(starts);
    expect([output.shape, scores.shape]).toEqual([
      [null, null, 4, 2],
      [null, 2, null, null],
    ]);
    const [, plain] = layers.attention(scored).apply<SymbolicTensor[]>(starts);
    expect(plain.shape).toEqual([null, null, null]);
  });

  it('say what does not fit', () => {
    const [q, v] = [input({ shape: [Q, D] }), input({ shape: [V, F] })];
    const k = input({ shape: [V, D] });
    expect(() => layers.attention().apply(q)).toThrow(
      /^attention: expected float32 inputs \[query, value\] or \[query, value, key\], got float32\[null,3,5\]; apply it to a list/,
    );
    expect(() => layers.attention().apply([q, v])).toThrow(
      'attention: expected a query and a key with as many features, got 5 and 2; put a dense layer before one of them',
    );
    expect(() => layers.additiveAttention().apply([q, k, q])).toThrow(
      /the value and the key with as many steps, got \[null,3,5\], \[null,4,5\], \[null,3,5\]/,
    );
    const wrong = input({ shape: [Q], dtype: 'int32' });
    expect(() => layers.attention().apply([q, k], { mask: [null, wrong] })).toThrow(
      /^attention: expected masks int32\[null,4\] of the value and the key, .* got \[null,3\]/,
    );
    expect(() => layers.multiHeadAttention(2, 3).apply([q, v, k], { mask: [null, null, wrong] })).toThrow(
      /expected the value's mask beside the key's/,
    ); // prettier-ignore
    expect(() => layers.attention({ scoreMode: 'general' as never })).toThrow(
      "attention: expected scoreMode to be one of dot, concat, got 'general'",
    );
    expect(() => layers.attention({ dropout: 1 })).toThrow(
      /^attention: expected dropout to be a number from 0 to below 1/,
    );
    expect(() => layers.multiHeadAttention(0, 3)).toThrow(/expected numHeads to be a positive/);
    expect(() => layers.additiveAttention({ scoreMode: 'dot' } as never)).toThrow(
      /^additive_attention: expected options of .*, got 'scoreMode'/,
    );
    const shared = layers.multiHeadAttention(2, 3);
    new Network({ inputs: [q, k], outputs: shared.apply([q, k]), device: reference });
    expect(() => shared.apply([q, v])).toThrow(
      /of 5, 5, 5 features, as it was built for, got 5, 2, 2; use another layer/,
    );
  });
});
