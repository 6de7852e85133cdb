/** Zoneout: what is drawn, what follows from the draws, and the expectation outside of training. test/ops/recurrent.test.ts has the gradients. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device, SequenceOptions } from '../../src/backend.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import type { RecurrentLayer, RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import { dropoutMask } from '../../src/ops/dropout.ts';
import { foldSeed, keyOf, philox, ZONEOUT } from '../../src/random.ts';
import { setDevice } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices, openAll, openWasm, reference, testedDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { unroll } from './naive.ts';
import type { CellKind, Matrix, NaiveWeights } from './naive.ts';
import { ints, nested, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, I, H] = [5, 6, 3, 6];

type Make = (options?: RecurrentLayerOptions) => RecurrentLayer;
const CELLS: [CellKind, Make][] = [
  ['simple', (options) => layers.simpleRNN(H, options)],
  ['lstm', (options) => layers.lstm(H, options)],
  ['gru', (options) => layers.gru(H, options)],
  ['gru_reset_before', (options) => layers.gru(H, { ...options, resetAfter: false })],
];
const BLOCKS: Record<CellKind, number> = { simple: 1, lstm: 4, gru: 3, gru_reset_before: 3 };
const TIGHT = { absolute: 1e-6, relative: 1e-6 };

function weightsOf(cell: CellKind): { hosts: Host[]; naive: NaiveWeights } {
  const width = BLOCKS[cell] * H;
  const bias = floats(cell === 'gru' ? [2, width] : [width], 13);
  const [kernel, recurrent] = [floats([I, width], 11), floats([H, width], 12)];
  const rows = cell === 'gru' ? nested(bias) : [Array.from(bias.data)];
  return {
    hosts: [kernel, recurrent, bias],
    naive: { kernel: nested(kernel), recurrent: nested(recurrent), bias: rows },
  };
}

/** Whether state q of unit k keeps its value at a step of row b, in a layer with this seed. */
function drawn(
  seed: number,
  step: number,
  rates: readonly [number, number],
  backwards: boolean | undefined,
) {
  const key = keyOf(foldSeed(foldSeed(seed, 3), step));
  return (q: number, b: number, s: number, k: number): number => {
    const word = philox([k >> 2, b, s, ZONEOUT + Number(backwards ?? false)], key)[k & 3];
    const bits = q === 0 ? word % 2 ** 16 : Math.floor(word / 2 ** 16);
    return Number(bits / 2 ** 16 < Math.fround(rates[q]));
  };
}

const MASK = ints(
  [B, T],
  ...[1, 1, 1, 1, 1, 1],
  ...[1, 1, 1, 0, 0, 0],
  ...[0, 0, 1, 1, 1, 1],
  ...[1, 0, 0, 1, 1, 0],
  ...[0, 0, 0, 0, 0, 0],
);

describe.each(CELLS)('zoneout in %s', (cell, make) => {
  const rates = [0.3, cell === 'lstm' ? 0.6 : 0.3] as const;
  const zoneout = cell === 'lstm' ? { output: rates[0], state: rates[1] } : rates[0];
  const variants: [string, RecurrentLayerOptions, boolean][] = [
    ['the last output', {}, false],
    ['every output, masked', { returnSequences: true }, true],
    ['backwards, masked', { returnSequences: true, goBackwards: true }, true],
    ['with recurrent dropout', { recurrentDropout: 0.4 }, false],
  ];
  describe.each([true, false])('in training: %s', (training) => {
    it.each(variants)('%s', async (_, options, masked) => {
      const { hosts, naive } = weightsOf(cell);
      const x = floats([B, T, I], 21);
      const initial = Array.from({ length: cell === 'lstm' ? 2 : 1 }, (__, q) =>
        floats([B, H], 31 + q),
      );
      const counter = { seed: foldSeed(9, 1), step: 4 };
      const dropped =
        options.recurrentDropout && training
          ? dropoutMask(reference, [B, H], options.recurrentDropout, counter)
          : null;
      const { output, states } = unroll(cell, nested(x), naive, {
        mask: masked ? (nested(MASK) as Matrix) : undefined,
        initial: initial.map(nested),
        backwards: options.goBackwards,
        returnSequences: options.returnSequences,
        recurrentDropout: dropped ? ((await dropped.array()) as Matrix) : undefined,
        zoneout: training ? drawn(9, 4, rates, options.goBackwards) : (q) => rates[q],
      });
      const wanted = [output, ...states] as number[][][];
      for (const device of await openAll()) {
        const layer = make({ ...options, zoneout, seed: 9, returnState: true });
        const start = input({ shape: [null, I] });
        const initialState = initial.map(() => input({ shape: [H] }));
        const outputs = layer.apply<SymbolicTensor[]>(start, { initialState });
        const network = new Network({ inputs: [start, ...initialState], outputs, device });
        layer.setWeights(hosts);
        const context = { training, step: 4, masks: masked ? [MASK] : [] };
        const ran = await run(network, device, [x, ...initial], context);
        wanted.forEach((values, i) =>
          expectClose(
            (ran.outputs[i] as number[][][]).flat(3),
            values.flat(3),
            `${device.kind}: output ${i}`,
            device === reference ? TIGHT : TOLERANCE.gpu,
          ),
        );
      }
    });
  });
});

/** Of a layer whose states change at every step by what is drawn alone: by row, step and unit, whether the output is that of the step before. */
async function keptOf(
  device: Device,
  [rows, steps, units]: readonly [number, number, number],
  options: RecurrentLayerOptions,
  context: { step?: number; masks?: Host[] } = {},
): Promise<number[][][]> {
  const layer = layers.simpleRNN(units, { returnSequences: true, seed: 3, ...options });
  const network = stack(device, { shape: [null, 1] }, [layer]);
  const ramp = Float32Array.from({ length: rows * steps }, (_, i) => 0.01 * (1 + (i % steps)));
  layer.setWeights([
    { shape: [1, units], data: new Float32Array(units).fill(1) },
    { shape: [units, units], data: new Float32Array(units * units) },
    { shape: [units], data: new Float32Array(units) },
  ]);
  const x = { shape: [rows, steps, 1], data: ramp };
  const { outputs } = await run(network, device, [x], { training: true, step: 2, ...context });
  return (outputs[0] as number[][][]).map((row) =>
    row.map((step, t) => step.map((value, k) => Number(value === (t > 0 ? row[t - 1][k] : 0)))),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('what is drawn', () => {
  const sizes = [16, 40, 36] as const;

  it('is kept with the probability that was given, in every step, row and unit', async () => {
    const kept = await keptOf(reference, sizes, { zoneout: 0.3 });
    // Four standard deviations of as many draws.
    const near = (values: number[]) =>
      expect(Math.abs(mean(values) - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / values.length));
    const [rows, steps, units] = sizes;
    near(kept.flat(2));
    for (let t = 0; t < steps; t++) near(kept.map((row) => row[t]).flat());
    for (let b = 0; b < rows; b++) near(kept[b].flat());
    for (let k = 0; k < units; k++) near(kept.flatMap((row) => row.map((step) => step[k])));
    // Neighbours in time, among the rows and among the units know nothing of each other.
    const both = kept.flatMap((row, b) =>
      row.flatMap((step, t) =>
        step.flatMap((one, k) => [
          one * (row[t + 1]?.[k] ?? NaN),
          one * (kept[b + 1]?.[t][k] ?? NaN),
          one * (step[k + 1] ?? NaN),
        ]),
      ),
    );
    const pairs = both.filter((value) => !Number.isNaN(value));
    expect(Math.abs(mean(pairs) - 0.09)).toBeLessThan(0.005);
  });

  it('is another thing for the output of an LSTM than for its cell state', async () => {
    const [rows, units] = [200, 32];
    const layer = layers.lstm(units, { zoneout: { output: 0.1, state: 0.5 }, returnState: true });
    const start = input({ shape: [1, 1] });
    const initialState = [input({ shape: [units] }), input({ shape: [units] })];
    const outputs = layer.apply<SymbolicTensor[]>(start, { initialState });
    const network = new Network({ inputs: [start, ...initialState], outputs });
    const given = [floats([rows, units], 1), floats([rows, units], 2)];
    const inputs = [floats([rows, 1, 1], 3), ...given];
    const ran = await run(network, reference, inputs, { training: true, step: 1 });
    const [output, h, c] = ran.outputs.map((values) => (values as Matrix).flat());
    expect(output).toEqual(h);
    const kept = [h, c].map((state, q) => state.map((v, i) => Number(v === given[q].data[i])));
    expect(Math.abs(mean(kept[0]) - 0.1)).toBeLessThan(0.015);
    expect(Math.abs(mean(kept[1]) - 0.5)).toBeLessThan(0.025);
    expect(Math.abs(mean(kept[0].map((one, i) => one * kept[1][i])) - 0.05)).toBeLessThan(0.011);
  });

  const ways: SequenceOptions[] = [
    {},
    { variant: 'fold' },
    { variant: 'step', chunk: 7 },
    { variant: 'rows' },
    { variant: 'rows', chunk: 3 },
  ];
  describe.each(testedDevices)('on $name', ({ open }) => {
    it('is the same whatever way a sequence is run', async () => {
      const expected = await keptOf(reference, sizes, { zoneout: 0.4 });
      for (const sequence of ways)
        expect(await keptOf(await open({ sequence }), sizes, { zoneout: 0.4 })).toEqual(expected);
      // A number of units that the device pads.
      const few = [3, 9, 5] as const;
      expect(await keptOf(await open(), few, { zoneout: 0.4 })).toEqual(
        await keptOf(reference, few, { zoneout: 0.4 }),
      );
    });

    it('stays with its row where rows are put in order by their length', async () => {
      const [rows, steps] = sizes;
      const lengths = Array.from({ length: rows }, (_, b) => 1 + ((11 * b) % steps));
      const mask = ints(
        [rows, steps],
        ...lengths.flatMap((length) => Array.from({ length: steps }, (_, t) => +(t < length))),
      );
      const device = await open();
      const whole = await keptOf(device, sizes, { zoneout: 0.4 });
      const padded = await keptOf(device, sizes, { zoneout: 0.4 }, { masks: [mask] });
      for (let b = 0; b < rows; b++)
        expect(padded[b].slice(0, lengths[b])).toEqual(whole[b].slice(0, lengths[b]));
    });
  });

  it('follows from the seed and the step of the training', async () => {
    const of = (seed: number, step: number) =>
      keptOf(reference, sizes, { zoneout: 0.4, seed }, { step });
    const first = await of(3, 2);
    expect(await of(3, 2)).toEqual(first);
    for (const other of [await of(4, 2), await of(3, 3)]) {
      const agree = other.flat(2).map((one, i) => Number(one === first.flat(2)[i]));
      // 0.4² + 0.6²
      expect(Math.abs(mean(agree) - 0.52)).toBeLessThan(0.015);
    }
  });

  it.each([undefined, 5])('is another thing in each layer and direction: seed %s', async (seed) => {
    const make = () => layers.simpleRNN(H, { returnSequences: true, zoneout: 0.5, seed });
    const both = layers.bidirectional(make(), { mergeMode: null });
    const start = input({ shape: [null, I] });
    const outputs = [...both.applyAll([start]), make().apply(start)];
    const network = new Network({ inputs: start, outputs, seed: 1 });
    const { outputs: found } = await run(network, reference, [floats([B, 20, I], 4)], {
      training: true,
      step: 1,
    });
    const [forward, backward, other] = found.map((rows, i) =>
      (rows as number[][][]).flatMap((given) => {
        const row = i === 1 ? [...given].reverse() : given;
        return row.flatMap((step, s) => step.map((v, k) => Number(v === row[s - 1]?.[k])));
      }),
    );
    const agree = (a: number[], b: number[]) => mean(a.map((one, i) => Number(one === b[i])));
    expect(Math.abs(agree(forward, backward) - 0.5)).toBeLessThan(0.1);
    // Layers that were given the same seed draw the same.
    if (seed === undefined) expect(Math.abs(agree(forward, other) - 0.5)).toBeLessThan(0.1);
    else expect(agree(forward, other)).toBe(1);
  });
});

const EVERY: [string, Make][] = [
  ['SimpleRNN', (options) => layers.simpleRNN(8, options)],
  ['LSTM', (options) => layers.lstm(8, options)],
  ['GRU', (options) => layers.gru(8, options)],
  ['PeepholeLSTM', (options) => layers.peepholeLSTM(8, options)],
  ['ClockworkRNN', (options) => layers.clockworkRNN(8, { ...options, periods: [1, 3] })],
  ['ProjectedLSTM', (options) => layers.projectedLSTM(8, { ...options, projectionUnits: 3 })],
  ['LayerNormLSTM', (options) => layers.layerNormLSTM(8, options)],
];

async function predicted(model: ReturnType<typeof sequential>, x: Host): Promise<Float32Array> {
  const output = await model.predict(x);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

describe.each(EVERY)('zoneout in a %s', (_, make) => {
  const x = floats([4, 9, 2], 3);
  const y = floats([4, 1], 4);
  const modelOf = (device: Device, options: RecurrentLayerOptions, both = false) =>
    sequential(
      [
        layers.input({ shape: [null, 2] }),
        both ? layers.bidirectional(make(options)) : make(options),
        layers.dense(1),
      ],
      { device, seed: 5 },
    );

  it.each(float32Devices)('trains, and goes on where it was saved: %s', async (__, open) => {
    const device = await open();
    const model = modelOf(device, { zoneout: 0.2 }, true);
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) losses.push((await model.trainOnBatch(x, y)).loss);
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)));
    const loaded = await loadModel(await model.save(), { device });
    expect((await loaded.trainOnBatch(x, y)).loss).toBe((await model.trainOnBatch(x, y)).loss);
  });

  it.each(float32Devices)('streams, and carries states, as it predicts: %s', async (__, open) => {
    const device = await open();
    const model = modelOf(device, { zoneout: 0.4 });
    const row = (begin: number, end: number): Host => ({
      shape: [1, end - begin, 2],
      data: x.data.slice(2 * begin, 2 * end),
    });
    const plain = await predicted(modelOf(device, {}), row(0, 1));
    const stream = model.stream();
    const stateful = modelOf(device, { zoneout: 0.4, stateful: true });
    for (const [begin, end] of [
      [0, 1],
      [1, 2],
      [2, 6],
      [6, 7],
      [7, 9],
    ]) {
      const expected = await predicted(model, row(0, end));
      const { shape, data } = row(begin, end);
      const steps = { data, shape: end === begin + 1 ? [1, 2] : shape };
      const values = await stream.step<Float32Array>(steps);
      expectClose(values, expected, `stream at ${end}`);
      expectClose(await predicted(stateful, row(begin, end)), expected, `states at ${end}`);
      if (end === 1) expect(Math.abs(expected[0] - plain[0])).toBeGreaterThan(1e-3);
    }
    stream.dispose();
  });

  it.each(float32Devices)('of rate 0 gives the bits that there were: %s', async (__, open) => {
    const device = await open();
    const [plain, zero] = [{}, { zoneout: 0 }].map((options) => {
      const model = modelOf(device, options, true);
      model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      return model;
    });
    for (let step = 0; step < 3; step++)
      expect((await zero.trainOnBatch(x, y)).loss).toBe((await plain.trainOnBatch(x, y)).loss);
    expect(await predicted(zero, x)).toEqual(await predicted(plain, x));
  });
});

it('is the expectation in a stepper', async () => {
  const device = await openWasm();
  const model = sequential(
    [layers.input({ shape: [null, 2] }), layers.lstm(6, { zoneout: 0.3 }), layers.dense(1)],
    { device, seed: 2 },
  );
  const stepper = await model.stepper();
  const x = floats([1, 4, 2], 8);
  const output = new Float32Array(1);
  for (let t = 0; t < 4; t++) stepper.step(x.data.subarray(2 * t, 2 * t + 2), output);
  expectClose(output, await predicted(model, x), 'after four steps');
});

it('is drawn anew for each step of a cell that goes step by step within another one', async () => {
  const [rows, steps, units] = [20, 12, 8];
  const cell = cells.simpleRNN(units, { zoneout: 0.5 });
  // With a mask, a residual connection goes step by step.
  const layer = layers.rnn(cells.residual(cell), { returnSequences: true });
  const network = stack(reference, { shape: [null, units] }, [layer]);
  const eye = Float32Array.from({ length: units ** 2 }, (_, i) => Number(i % (units + 1) === 0));
  cell.setWeights([
    { shape: [units, units], data: eye },
    { shape: [units, units], data: new Float32Array(units ** 2) },
    { shape: [units], data: new Float32Array(units) },
  ]);
  const ramp = (i: number) => 0.05 * (1 + (Math.floor(i / units) % steps));
  const data = Float32Array.from({ length: rows * steps * units }, (_, i) => ramp(i));
  const mask = ints([rows, steps], ...Array.from({ length: rows * steps }, () => 1));
  const { outputs } = await run(network, reference, [{ shape: [rows, steps, units], data }], {
    ...{ training: true, step: 1, masks: [mask] },
  });
  const states = (outputs[0] as number[][][]).map((row, b) =>
    row.map((step, t) => step.map((v, k) => v - data[(b * steps + t) * units + k])),
  );
  const kept = states.map((row) =>
    row.slice(1).map((step, t) => step.map((v, k) => Number(Math.abs(v - row[t][k]) < 1e-6))),
  );
  expect(Math.abs(mean(kept.flat(2)) - 0.5)).toBeLessThan(0.05);
  const again = kept.flatMap((row) =>
    row.slice(1).flatMap((step, t) => step.map((one, k) => Number(one === row[t][k]))),
  );
  expect(Math.abs(mean(again) - 0.5)).toBeLessThan(0.05);
});

it('may differ between the directions of a pair', async () => {
  const backwardLayer = layers.lstm(H, { zoneout: 0.4, goBackwards: true });
  const pair = layers.bidirectional(layers.lstm(H, { zoneout: 0.1 }), { backwardLayer });
  const alone = [layers.lstm(H, { zoneout: 0.1 }), backwardLayer.copy({ name: 'alone' })];
  const start = input({ shape: [null, I] });
  const outputs = [pair, ...alone].map((layer) => layer.apply(start));
  const network = new Network({ inputs: start, outputs });
  const weights = await pair.getWeights();
  alone.forEach((layer, d) => layer.setWeights(weights.slice(3 * d, 3 * d + 3)));
  const ran = await run(network, reference, [floats([B, T, I], 4)]);
  const [both, forward, backward] = ran.outputs as Matrix[];
  expect(both).toEqual(forward.map((row, b) => [...row, ...backward[b]]));
});

describe('what is refused', () => {
  it('says what was expected', () => {
    for (const rate of [-0.1, 1, NaN, '0.5'])
      expect(() => layers.gru(2, { zoneout: rate as number })).toThrow(
        `gru: expected zoneout to be a number from 0 to below 1, got ${typeof rate === 'string' ? `'${rate}'` : rate}`,
      );
    expect(() => layers.lstm(2, { zoneout: { output: 0.1, state: 1.5 } })).toThrow(
      'lstm: expected zoneout.state to be a number from 0 to below 1, got 1.5',
    );
    expect(() => layers.lstm(2, { zoneout: { hidden: 0.1 } as never })).toThrow(
      "lstm: expected zoneout as a number or { output, state }, got 'hidden'; check its spelling",
    );
    const lonely = layers.gru(2, { zoneout: { state: 0.1 } });
    expect(() => stack(reference, { shape: [null, 1] }, [lonely])).toThrow(
      "gru: expected no zoneout.state, got 0.1: the output is this layer's only state; give zoneout.output",
    );
  });
});
