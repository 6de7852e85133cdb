/** Bidirectional against two folds by their equations. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { BidirectionalOptions, MergeMode } from '../../src/layers/bidirectional.ts';
import type { Layer, SymbolicTensor } from '../../src/layers/base.ts';
import { Cell } from '../../src/layers/cells/cell.ts';
import * as cells from '../../src/layers/cells/index.ts';
import { registerLayer } from '../../src/layers/custom_layers.ts';
import * as layers from '../../src/layers/index.ts';
import type { CellStep } from '../../src/layers/nested.ts';
import { Network } from '../../src/layers/network.ts';
import type { RecurrentLayer, RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import { add, mul } from '../../src/ops/map.ts';
import { setDevice } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { functions, unroll } from './naive.ts';
import type { CellKind, Matrix, NaiveWeights } from './naive.ts';
import { loadLayer, ints, networkFromConfig, numbers, reached, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, I, H] = [3, 5, 2, 3];
const MASK = ints([B, T], 1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0);
const MASK_ROWS: Matrix = [0, 1, 2].map((b) => Array.from(MASK.data.slice(b * T, (b + 1) * T)));

function rows({ data, shape: [n, m] }: Host): Matrix {
  return Array.from({ length: n }, (_, i) => Array.from(data.slice(i * m, (i + 1) * m)));
}
function sequences({ data }: Host): number[][][] {
  const steps = rows({ shape: [B * T, I], data });
  return Array.from({ length: B }, (_, b) => steps.slice(b * T, (b + 1) * T));
}

const weights = [0, 1].map((d) => ({
  hosts: [floats([I, 4 * H], 10 + d), floats([H, 4 * H], 20 + d), floats([4 * H], 30 + d)],
}));
const naive: NaiveWeights[] = weights.map(({ hosts: [kernel, recurrent, bias] }) => ({
  kernel: rows(kernel),
  recurrent: rows(recurrent),
  bias: [Array.from(bias.data)],
}));
const x = floats([B, T, I], 1);
const initial = [2, 3, 4, 5].map((seed) => floats([B, H], seed));

const MERGE: Record<string, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  mul: (a, b) => a * b,
  ave: (a, b) => (a + b) / 2,
};

/** A direction as its equations read. */
interface NaiveDirection {
  cell: CellKind;
  weights: NaiveWeights;
  initial: Host[];
  activation?: (x: number) => number;
}
const LSTMS: NaiveDirection[] = [0, 1].map((d) => ({
  cell: 'lstm',
  weights: naive[d],
  initial: initial.slice(2 * d, 2 * d + 2),
}));

/** What Keras does: two layers, the second on reversed time and turned back, masked outputs of sequences zero. */
function expected(
  options: RecurrentLayerOptions,
  mergeMode: MergeMode,
  masked: boolean,
  directions: NaiveDirection[] = LSTMS,
) {
  const { returnSequences = false, goBackwards = false } = options;
  const found = directions.map(({ cell, weights, initial, activation }, d) =>
    unroll(cell, sequences(x), weights, {
      mask: masked ? MASK_ROWS : undefined,
      initial: initial.map(rows),
      backwards: (d === 1) !== goBackwards,
      returnSequences,
      zeroOutputForMask: returnSequences,
      activation,
    }),
  );
  const [forward, backward] = found.map(({ output }) => output as number[][] | number[][][]);
  const turned = returnSequences ? backward.map((row) => [...(row as Matrix)].reverse()) : backward;
  const join = (a: any, b: any): any => {
    if (Array.isArray(a[0])) return a.map((part: any, i: number) => join(part, b[i]));
    if (mergeMode === 'concat') return [...a, ...b];
    return a.map((v: number, k: number) => MERGE[mergeMode!](v, b[k]));
  };
  const outputs = mergeMode === null ? [forward, turned] : [join(forward, turned)];
  return [...outputs, ...found.flatMap(({ states }) => states)] as never[][];
}

async function check(
  options: RecurrentLayerOptions,
  wrapper: BidirectionalOptions,
  masked: boolean,
): Promise<void> {
  const wanted = expected(
    options,
    wrapper.mergeMode === undefined ? 'concat' : wrapper.mergeMode,
    masked,
  );
  for (const device of await openAll()) {
    const layer = layers.bidirectional(layers.lstm(H, { ...options, returnState: true }), wrapper);
    const start = input({ shape: [null, I] });
    const states = initial.map(() => input({ shape: [H] }));
    const outputs = layer.applyAll([start, ...states]);
    const network = new Network({ inputs: [start, ...states], outputs, device });
    layer.setWeights(weights.flatMap(({ hosts }) => hosts));
    const ran = await run(network, device, [x, ...initial], { masks: masked ? [MASK] : [] });
    expect(ran.outputs).toHaveLength(wanted.length);
    wanted.forEach((values, i) =>
      expectClose(
        (ran.outputs[i] as never[]).flat(3),
        values.flat(3),
        `${device.kind}: output ${i}`,
        device === reference ? { absolute: 1e-9, relative: 1e-9 } : TOLERANCE.gpu,
      ),
    );
    outputs.forEach(({ shape }, i) =>
      expect(shape.at(-1)).toBe((ran.outputs[i] as never[]).flat(shape.length - 2)[0]['length']),
    );
    const sequencesOut = wrapper.mergeMode === null ? 2 : 1;
    expect(ran.masks.map((mask) => mask !== null)).toEqual(
      outputs.map((_, i) => masked && !!options.returnSequences && i < sequencesOut),
    );
  }
}

describe('Bidirectional', () => {
  const MODES = ['concat', 'sum', 'mul', 'ave', null] as const;
  it.each(MODES)('merges by %s', async (mergeMode) => {
    await check({}, { mergeMode }, false);
    await check({}, { mergeMode }, true);
    await check({ returnSequences: true }, { mergeMode }, true);
  });

  it('turns the forward layer round if told to', async () => {
    await check({ goBackwards: true }, {}, true);
    await check({ goBackwards: true, returnSequences: true }, {}, true);
  });

  it('takes a backward layer', async () => {
    const backwardLayer = layers.lstm(H, { goBackwards: true, returnState: true });
    await check({}, { backwardLayer }, true);
  });

  describe('with a backward layer of another kind', () => {
    const small = [floats([I, H], 41), floats([H, H], 42), floats([H], 43)];
    const [kernel, recurrent, bias] = small;
    const simple: NaiveDirection = {
      cell: 'simple',
      weights: {
        kernel: rows(kernel),
        recurrent: rows(recurrent),
        bias: [Array.from(bias.data)],
      },
      initial: [floats([B, H], 44)],
      activation: functions.relu,
    };
    const PAIRS: [
      string,
      (options: RecurrentLayerOptions) => RecurrentLayer,
      NaiveDirection,
      Host[],
    ][] = [
      [
        'other activations',
        (options) => layers.lstm(H, { ...options, activation: 'relu' }),
        { ...LSTMS[1], activation: functions.relu },
        weights[1].hosts,
      ],
      [
        'another cell',
        (options) => layers.simpleRNN(H, { ...options, activation: 'relu' }),
        simple,
        small,
      ],
    ];

    it.each(PAIRS)('runs one layer after the other: %s', async (_, make, backward, hosts) => {
      const directions = [LSTMS[0], backward];
      for (const returnSequences of [false, true])
        for (const goBackwards of [false, true])
          for (const mergeMode of returnSequences && !goBackwards ? MODES : MODES.slice(0, 1)) {
            const masked = returnSequences || goBackwards;
            const options = { returnSequences, goBackwards };
            const wanted = expected(options, mergeMode, masked, directions);
            const given = directions.flatMap((direction) => direction.initial);
            for (const device of await openAll()) {
              const forward = layers.lstm(H, { ...options, returnState: true });
              const backwardLayer = make({
                returnSequences,
                returnState: true,
                goBackwards: !goBackwards,
              });
              const layer = layers.bidirectional(forward, { mergeMode, backwardLayer });
              const start = input({ shape: [null, I] });
              const states = given.map(() => input({ shape: [H] }));
              const outputs = layer.apply<SymbolicTensor[]>(start, { initialState: states });
              const network = new Network({ inputs: [start, ...states], outputs, device });
              layer.setWeights([...weights[0].hosts, ...hosts]);
              const masks = masked ? [MASK] : [];
              const ran = await run(network, device, [x, ...given], { masks });
              expect(ran.outputs).toHaveLength(wanted.length);
              wanted.forEach((values, i) =>
                expectClose(
                  (ran.outputs[i] as never[]).flat(3),
                  values.flat(3),
                  `${device.kind}, ${mergeMode}: output ${i}`,
                  device === reference ? { absolute: 1e-9, relative: 1e-9 } : TOLERANCE.gpu,
                ),
              );
              expect(ran.masks.map((mask) => mask !== null)).toEqual(
                outputs.map(
                  (_, i) => masked && returnSequences && i < (mergeMode === null ? 2 : 1),
                ),
              );
            }
          }
    });

    it.each(PAIRS)('trains both, carries their states, comes back: %s', async (_, make) => {
      const stateful = { stateful: true, returnSequences: true };
      const layer = layers.bidirectional(layers.lstm(H, stateful), {
        backwardLayer: make({ ...stateful, goBackwards: true }),
      });
      const network = stack(reference, { shape: [null, I] }, [layer]);
      expect(reached(network, reference, [x])).toEqual(network.weights.map(({ name }) => name));
      network.resetStates();
      const first = await run(network, reference, [x]);
      const second = await run(network, reference, [x]);
      expect(second).not.toEqual(first);
      network.resetStates();
      expect(await run(network, reference, [x])).toEqual(first);

      const config = JSON.parse(JSON.stringify(layer.getConfig()));
      const copy = await loadLayer('Bidirectional', config);
      expect(JSON.parse(JSON.stringify(copy.getConfig()))).toEqual(config);
      const loaded = stack(reference, { shape: [null, I] }, [copy]);
      loaded.setWeights(await network.getWeights());
      expect(await run(loaded, reference, [x])).toEqual(first);
    });

    it('drops other features in each direction, as Keras does', async () => {
      const ones = { shape: [1, 1, 64], data: new Float32Array(64).fill(1) };
      const identity = {
        useBias: false,
        activation: 'linear',
        kernelInitializer: () =>
          Float32Array.from({ length: 64 * 64 }, (_, i) => Number(i % 65 === 0)),
      } as const;
      const layer = layers.bidirectional(layers.simpleRNN(64, { ...identity, dropout: 0.5 }), {
        mergeMode: null,
        backwardLayer: layers.simpleRNN(64, { ...identity, dropout: 0.4, goBackwards: true }),
      });
      const start = input({ shape: [null, 64] });
      const network = new Network({ inputs: start, outputs: layer.applyAll([start]) });
      const { outputs } = await run(network, reference, [ones], { training: true, step: 1 });
      const kept = outputs.map((output) => (output as Matrix)[0].map((value) => value !== 0));
      expect(kept[0]).not.toEqual(kept[1]);
    });
  });

  describe('of rnn', () => {
    it('is that of the layer of the same cell', async () => {
      for (const device of await openAll())
        for (const returnSequences of [false, true]) {
          const options = { returnSequences, returnState: true };
          const [wanted, found] = await Promise.all(
            [layers.lstm(H, options), layers.rnn(cells.lstm(H), options)].map(async (one) => {
              const layer = layers.bidirectional(one);
              const start = input({ shape: [null, I] });
              const states = initial.map(() => input({ shape: [H] }));
              const outputs = layer.apply<SymbolicTensor[]>(start, { initialState: states });
              const network = new Network({ inputs: [start, ...states], outputs, device });
              layer.setWeights(weights.flatMap(({ hosts }) => hosts));
              expect(reached(network, device, [x, ...initial])).toHaveLength(6);
              return run(network, device, [x, ...initial], { masks: [MASK] });
            }),
          );
          const tolerance =
            device === reference ? { absolute: 1e-9, relative: 1e-9 } : TOLERANCE.gpu;
          wanted.outputs.forEach((values, i) =>
            expectClose(
              (found.outputs[i] as never[]).flat(3),
              (values as never[]).flat(3),
              `${device.kind}: output ${i}`,
              tolerance,
            ),
          );
          expect(found.masks).toEqual(wanted.masks);
        }
    });

    /** Adds up, with two inputs, two states, two outputs and a constant. */
    class Sums extends Cell {
      static override readonly className: string = 'Sums';
      override readonly stateShapes = { sum: [2], rest: [1] };
      override readonly outputShape = [[2], [1]];
      override call(
        [a, b]: readonly Tensor[],
        { sum, rest }: Record<string, Tensor>,
        [constant]: readonly Tensor[],
      ): CellStep {
        const next = { sum: add(sum, a), rest: add(rest, mul(b, constant)) };
        return [[next.sum, next.rest], next];
      }
    }

    it('gives both directions all inputs and constants, and each its states', async () => {
      registerLayer('Sums', (config) => new Sums(config));
      const layer = layers.bidirectional(layers.rnn(new Sums(), { returnState: true }), {
        mergeMode: 'sum',
      });
      const [a, b] = [2, 1].map((width) => input({ shape: [null, width] }));
      const constant = input({ shape: [1] });
      const states = [2, 1, 2, 1].map((width) => input({ shape: [width] }));
      const outputs = layer.apply<SymbolicTensor[]>([a, b], {
        initialState: states,
        constants: constant,
      });
      expect(outputs.map(({ shape }) => shape.at(-1))).toEqual([2, 1, 2, 1, 2, 1]);
      const network = new Network({ inputs: [a, b, constant, ...states], outputs });
      const data = [
        numbers([1, 2, 2], 1, 2, 3, 4),
        numbers([1, 2, 1], 5, 6),
        numbers([1, 1], 10),
        numbers([1, 2], 100, 200),
        numbers([1, 1], 300),
        numbers([1, 2], 1000, 2000),
        numbers([1, 1], 3000),
      ];
      const wanted = [[[1108, 2212]], [[3520]], [[104, 206]], [[410]], [[1004, 2006]], [[3110]]];
      expect((await run(network, reference, data)).outputs).toEqual(wanted);
      const config = JSON.parse(JSON.stringify(network.getConfig()));
      const copy = await networkFromConfig(config);
      expect((await run(copy, reference, data)).outputs).toEqual(wanted);
    });
  });

  it.each([
    ['minGRU', layers.minGRU(H), layers.minGRU(H, { goBackwards: true })],
    ['lru', layers.lru(H), layers.lru(H, { goBackwards: true })],
    ['gru and minGRU', layers.gru(H), layers.minGRU(H, { goBackwards: true })],
  ] as const)('runs layers on the scan one after the other: %s', async (_, ahead, back) => {
    for (const device of await openAll())
      for (const returnSequences of [false, true]) {
        const options = { returnSequences, returnState: true, zeroOutputForMask: returnSequences };
        const [forward, backwardLayer] = [ahead.copy(options), back.copy(options)];
        const start = input({ shape: [null, I] });
        const layer = layers.bidirectional(forward, { backwardLayer });
        const outputs = layer.apply<SymbolicTensor[]>(start);
        const network = new Network({ inputs: start, outputs, device });
        const alone = [forward, backwardLayer].map((one) => one.apply<SymbolicTensor[]>(start));
        const apart = new Network({ inputs: start, outputs: alone.flat(), device });
        apart.setWeights(await network.getWeights());
        const found = await run(network, device, [x], { masks: [MASK] });
        const single = await run(apart, device, [x], { masks: [MASK] });
        const [y, ...states] = single.outputs as any[][];
        const z = states.splice(alone[0].length - 1, 1)[0];
        const join = (a: any[], b: any[]): any[] =>
          returnSequences && Array.isArray(a[0])
            ? a.map((step, t) => [...step, ...b[b.length - 1 - t]])
            : [...a, ...b];
        expect(found.outputs).toEqual([y.map((row, i) => join(row, z[i])), ...states]);
        expect(reached(network, device, [x])).toEqual(network.weights.map(({ name }) => name));
      }
  });

  it('computes both directions in one operation', async () => {
    const count = (make: () => Layer) => {
      const network = stack(reference, { shape: [null, I] }, [make()]);
      const before = reference.stats().dispatches;
      return run(network, reference, [x]).then(() => reference.stats().dispatches - before);
    };
    const one = await count(() => layers.lstm(H, { returnSequences: true }));
    const both = await count(() => layers.bidirectional(layers.lstm(H, { returnSequences: true })));
    // One more input product.
    expect(both - one).toBeLessThanOrEqual(1);
  });

  it('has the weights of the forward layer, then those of the backward layer', () => {
    const network = stack(reference, { shape: [null, I] }, [layers.bidirectional(layers.gru(H))]);
    expect(network.weights.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['bidirectional/forward_gru/kernel', I, 3 * H],
      ['bidirectional/forward_gru/recurrent_kernel', H, 3 * H],
      ['bidirectional/forward_gru/bias', 2, 3 * H],
      ['bidirectional/backward_gru/kernel', I, 3 * H],
      ['bidirectional/backward_gru/recurrent_kernel', H, 3 * H],
      ['bidirectional/backward_gru/bias', 2, 3 * H],
    ]);
    network.layers[1].trainable = false;
    expect(network.trainableWeights).toEqual([]);
  });

  it('begins with different weights in both directions', async () => {
    const network = stack(reference, { shape: [null, I] }, [layers.bidirectional(layers.gru(H))]);
    const values = await network.getWeights();
    expect(values[0].data).not.toEqual(values[3].data);
  });

  it('carries states', async () => {
    const layer = layers.bidirectional(layers.gru(H, { stateful: true, returnState: true }));
    const start = input({ shape: [null, I] });
    const network = new Network({ inputs: start, outputs: layer.applyAll([start]) });
    const fresh = layers.bidirectional(layers.gru(H, { returnState: true }));
    const states = [input({ shape: [H] }), input({ shape: [H] })];
    const whole = new Network({
      inputs: [start, ...states],
      outputs: fresh.applyAll([start, ...states]),
    });
    fresh.setWeights(await layer.getWeights());
    const first = await run(network, reference, [x]);
    const carried = first.outputs.slice(1).map((state) => ({
      shape: [B, H],
      data: new Float64Array((state as Matrix).flat()) as unknown as Float32Array,
    }));
    const second = await run(network, reference, [x]);
    expect(second).not.toEqual(first);
    expect(await run(whole, reference, [x, ...carried])).toEqual(second);
    network.resetStates();
    expect(await run(network, reference, [x])).toEqual(first);
  });

  it('comes back from its config', async () => {
    for (const options of [
      { mergeMode: 'sum' as const },
      { mergeMode: null, backwardLayer: layers.gru(H, { goBackwards: true, name: 'other' }) },
    ]) {
      const layer = layers.bidirectional(layers.gru(H), options);
      const config = JSON.parse(JSON.stringify(layer.getConfig()));
      const copy = await loadLayer(layer.className, config);
      expect(JSON.parse(JSON.stringify(copy.getConfig()))).toEqual(config);
    }
  });

  it('says what is wrong', () => {
    expect(() => layers.bidirectional(layers.dense(2) as never)).toThrow(
      "bidirectional: expected a recurrent layer (simpleRNN, lstm, gru), got the layer 'dense'; write bidirectional(lstm(64))",
    );
    expect(() => layers.bidirectional(layers.gru(2), { mergeMode: 'max' as never })).toThrow(
      "bidirectional: expected mergeMode to be one of concat, sum, mul, ave, got 'max'",
    );
    expect(() => layers.bidirectional(layers.gru(2), { backwardLayer: layers.gru(2) })).toThrow(
      'bidirectional: expected one of the layers to have goBackwards, got false for both',
    );
    const wide = layers.gru(3, { goBackwards: true });
    expect(() => layers.bidirectional(layers.gru(2), { backwardLayer: wide })).toThrow(
      'bidirectional: expected both layers to have the same units, got 2 and 3; change backwardLayer',
    );
    for (const option of ['returnSequences', 'returnState', 'stateful'] as const) {
      const other = layers.gru(2, { goBackwards: true, [option]: true });
      expect(() => layers.bidirectional(layers.gru(2), { backwardLayer: other })).toThrow(
        `bidirectional: expected both layers to have the same ${option}, got false and true; change backwardLayer`,
      );
    }
    const backwardLayer = layers.dense(2) as never;
    expect(() => layers.bidirectional(layers.gru(2), { backwardLayer })).toThrow(
      "bidirectional: expected a recurrent layer (simpleRNN, lstm, gru), got the layer 'dense'",
    );
    expect(() => layers.bidirectional(layers.gru(2)).apply(input({ shape: [3] }))).toThrow(
      'bidirectional: expected an input of rank 3 [batch, time, features], got float32[null,3]',
    );
    const start = input({ shape: [3, I] });
    expect(() =>
      layers.bidirectional(layers.lstm(2)).apply(start, { initialState: [input({ shape: [2] })] }),
    ).toThrow(
      'bidirectional: expected initial states forward h, forward c, backward h, backward c of shape [null,2] each, got [null,2]',
    );
  });
});
