/** `rnn` of built-in cells: the numbers of the built-in layers, alone, in stacks, and in stacks with a cell of one's own. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { Cell } from '../../src/layers/cells/cell.ts';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import type { CallContext, Layer, SymbolicTensor } from '../../src/layers/base.ts';
import { Network } from '../../src/layers/network.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import type { RNNOptions } from '../../src/layers/rnn.ts';
import { loadModel } from '../../src/model/load.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import { adam } from '../../src/optimizers/index.ts';
import { setDevice } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices, gpu, reference } from '../support/devices.ts';
import { pairs } from '../support/pairs.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { task } from '../training/support.ts';
import { expectCarried, expectStreamed, predicted, sequenceModel } from './streamed.ts';
import { expectOutcome, ints, outcome } from './support.ts';

beforeAll(() => setDevice(reference));
const { input, rnn } = layers;
const [B, T, I, H] = [3, 5, 2, 4];
const TIGHT = { absolute: 1e-12, relative: 1e-12 };
/** Gaps, both sides, and a row that is masked throughout. */
const MASK = ints([B, T], 1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);

/** A built-in cell that is run step by step, as one's own is. */
class OneByOne extends Cell {
  private readonly inner: Cell;
  constructor(inner: Cell) {
    super();
    this.inner = inner;
  }
  override get stateShapes() {
    return this.inner.stateShapes;
  }
  override get outputShape() {
    return this.inner.outputShape;
  }
  override get sublayers(): readonly Layer[] {
    return [this.inner];
  }
  protected override build(shapes: readonly PartialShape[]): void {
    this.inner.prepare(shapes, this.inside);
  }
  override call(x: Tensor, states: Tensor[], constants: Tensor[], context: CallContext) {
    type Call = (...step: unknown[]) => readonly [Tensor, Tensor[]];
    return (this.inner.call as unknown as Call).call(this.inner, x, states, constants, context);
  }
}

const CELLS = {
  simpleRNN: [
    (own = {}) => cells.simpleRNN(H, own),
    (options = {}) => layers.simpleRNN(H, options),
  ],
  lstm: [(own = {}) => cells.lstm(H, own), (options = {}) => layers.lstm(H, options)],
  gru: [(own = {}) => cells.gru(H, own), (options = {}) => layers.gru(H, options)],
  'gru with the reset before': [
    (own = {}) => cells.gru(H, { ...own, resetAfter: false }),
    (options = {}) => layers.gru(H, { ...options, resetAfter: false }),
  ],
} satisfies Record<string, [(own?: object) => Cell, (options?: object) => Layer]>;
type CellKind = keyof typeof CELLS;
const KINDS = Object.keys(CELLS) as CellKind[];
const statesOf = (kind: CellKind): number => (kind === 'lstm' ? 2 : 1);

/** A model of sequences and, if asked, as many initial states, with the states as outputs. */
function modelOf(layer: Layer, states: number, device: Device): Network {
  const inputs = [
    input({ shape: [null, I] }),
    ...Array.from({ length: states }, () => input({ shape: [H] })),
  ];
  return new Network({ inputs, outputs: layer.applyAll(inputs), device, seed: 4 });
}
const hosts = (states: number): Host[] => [
  floats([B, T, I], 1),
  ...Array.from({ length: states }, (_, s) => floats([B, H], 2 + s)),
];

/** Holds a layer against another one, with the same weights. */
async function same(
  device: Device,
  actual: Layer,
  expected: Layer,
  { states = 0, masked = false, tolerance = undefined as typeof TIGHT | undefined } = {},
): Promise<void> {
  const [own, other] = [actual, expected].map((layer) => modelOf(layer, states, device));
  own.setWeights((await other.getWeights()).map(({ data, shape }) => ({ data, shape })));
  const context = { masks: masked ? [MASK] : [], step: 3 };
  expectOutcome(
    await outcome(own, hosts(states), context),
    await outcome(other, hosts(states), context),
    tolerance,
  );
}

const COMBINATIONS = pairs({
  kind: KINDS,
  returnSequences: [false, true],
  goBackwards: [false, true],
  masked: [false, true],
  initial: [false, true],
  zeroOutputForMask: [false, true],
});

describe('a built-in cell', () => {
  describe.each(float32Devices)('on %s', (_, open) => {
    it.each(KINDS)('%s is its layer, to the bit', async (kind) => {
      const [cell, layer] = CELLS[kind];
      const options: RNNOptions = { returnSequences: true, returnState: true };
      const drops = { dropout: 0.3, recurrentDropout: 0.2 };
      const device = await open();
      const states = statesOf(kind);
      await same(device, rnn(cell(), options), layer(options), { states, masked: true });
      await same(device, rnn(cell(drops), options), layer({ ...options, ...drops }));
    });
  });

  it.each(COMBINATIONS)(
    '$kind is its layer: sequences $returnSequences, backwards $goBackwards, masked $masked, states $initial, zero $zeroOutputForMask',
    async ({ kind, masked, initial, ...options }) => {
      const [cell, layer] = CELLS[kind];
      const all = { ...options, returnState: true };
      const states = initial ? statesOf(kind) : 0;
      await same(reference, rnn(cell(), all), layer(all), { states, masked });
      // And step by step, through the general loop.
      const slow = rnn(new OneByOne(cell()), all);
      await same(reference, slow, layer(all), { states, masked, tolerance: TIGHT });
    },
  );

  it('takes its options, and those alone', () => {
    const cell = cells.lstm(3, { unitForgetBias: false, name: 'mine', dropout: 0.1 });
    expect(cell.getConfig()).toMatchObject({ name: 'mine', units: 3, unitForgetBias: false });
    expect(cell.getConfig()).not.toHaveProperty('returnSequences');
    expect(() => cells.gru(3, { returnSequences: true } as never)).toThrow(
      /^gru_cell: expected options of .*, got 'returnSequences'/,
    );
    expect(() => cells.simpleRNN(0)).toThrow(/^simple_rnn_cell: expected units to be a positive/);
  });

  it('is a layer of one step', async () => {
    const cell = cells.lstm(H);
    const whole = sequential([input({ shape: [null, I] }), rnn(cell, { returnSequences: true })], {
      device: reference,
    });
    const [x, h, c] = [input({ shape: [I] }), input({ shape: [H] }), input({ shape: [H] })];
    const step = new Network({
      inputs: [x, h, c],
      outputs: cell.apply<SymbolicTensor[]>(x, { initialState: [h, c] }),
      device: reference,
    });
    const sequence = floats([B, T, I], 1);
    const expected = await (await whole.predict(sequence)).data();
    let states: Host[] = [0, 1].map(() => ({ shape: [B, H], data: new Float32Array(B * H) }));
    for (let t = 0; t < T; t++) {
      const rows = Array.from({ length: B }, (_, b) => [
        ...sequence.data.slice((b * T + t) * I, (b * T + t + 1) * I),
      ]);
      const now = { shape: [B, I], data: Float32Array.from(rows.flat()) };
      const { outputs } = await outcome(step, [now, ...states]);
      const wanted = Array.from({ length: B }, (_, b) => [
        ...expected.slice((b * T + t) * H, (b * T + t + 1) * H),
      ]);
      expectClose(outputs[0], wanted.flat(), `step ${t}`, { absolute: 1e-6, relative: 1e-6 });
      states = outputs.slice(1).map((data) => ({ shape: [B, H], data: Float32Array.from(data) }));
    }
    expect(() => cell.apply(x)).toThrow(/^lstm_cell: expected initial states h, c of shape/);
  });
});

/** The layers that a stack of an LSTM and a GRU cell is. */
const asLayers = (options: RNNOptions, device: Device): Network => {
  const x = input({ shape: [null, I] });
  const { goBackwards, zeroOutputForMask, ...last } = options;
  const below = layers.lstm(H, { returnSequences: true, returnState: true, goBackwards });
  const [y, ...states] = below.apply<SymbolicTensor[]>(x);
  const outputs = layers
    .gru(H + 1, { ...last, returnState: true, zeroOutputForMask })
    .applyAll([y]);
  return new Network({ inputs: x, outputs: [outputs[0], ...states, outputs[1]], device, seed: 4 });
};

describe('a stack of cells', () => {
  const make = (options: RNNOptions = {}) =>
    rnn([cells.lstm(H), cells.gru(H + 1)], { ...options, returnState: true });

  it.each([{}, { returnSequences: true }])(
    'is a stack of layers, to the bit: %o',
    async (options) => {
      for (const [, open] of float32Devices) {
        const device = await open();
        const [own, other] = [modelOf(make(options), 0, device), asLayers(options, device)];
        own.setWeights((await other.getWeights()).map(({ data, shape }) => ({ data, shape })));
        const context = { masks: [MASK] };
        const inputs = [floats([B, T, I], 1)];
        expectOutcome(await outcome(own, inputs, context), await outcome(other, inputs, context));
      }
    },
  );

  it.each(
    pairs({
      returnSequences: [false, true],
      goBackwards: [false, true],
      masked: [false, true],
      zeroOutputForMask: [false, true],
    }),
  )('gives what it gives step by step: %o', async ({ masked, ...options }) => {
    const stacked = () => cells.stacked([cells.lstm(H), cells.simpleRNN(3), cells.gru(H)]);
    const all = { ...options, returnState: true };
    const slow = rnn(new OneByOne(stacked()), all);
    await same(reference, rnn(stacked(), all), slow, { masked, tolerance: TIGHT });
    // A cell of one's own in the middle falls back alone.
    const mixed = rnn([cells.lstm(H), new OneByOne(cells.simpleRNN(3)), cells.gru(H)], all);
    await same(reference, mixed, rnn(stacked(), all), { masked, tolerance: TIGHT });
  });

  it('asks the GPU for no more than stacked layers do', async () => {
    const device = await gpu();
    const count = async (network: Network): Promise<number[]> => {
      const before = device.stats();
      await outcome(network, [floats([B, T, I], 1)]);
      const after = device.stats();
      return [after.dispatches - before.dispatches, after.copies - before.copies];
    };
    expect(await count(modelOf(make(), 0, device))).toEqual(await count(asLayers({}, device)));
  });

  it('has the weights of its cells, with names of their own', () => {
    const network = modelOf(rnn([cells.lstm(2), cells.lstm(3)]), 0, reference);
    expect(network.weights.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      'rnn/stacked_rnn_cells/lstm_cell/kernel 2,8',
      'rnn/stacked_rnn_cells/lstm_cell/recurrent_kernel 2,8',
      'rnn/stacked_rnn_cells/lstm_cell/bias 8',
      'rnn/stacked_rnn_cells/lstm_cell_1/kernel 2,12',
      'rnn/stacked_rnn_cells/lstm_cell_1/recurrent_kernel 3,12',
      'rnn/stacked_rnn_cells/lstm_cell_1/bias 12',
    ]);
    expect(modelOf(rnn(cells.gru(2)), 0, reference).weights[0].name).toBe('rnn/gru_cell/kernel');
  });
});

const LAYERS: [string, (options?: RNNOptions) => Layer][] = [
  ['a cell', (options) => rnn(cells.lstm(8), options)],
  ['a stack', (options) => rnn([cells.gru(8), cells.lstm(6)], options)],
  ['a mixed stack', (options) => rnn([cells.gru(8), new OneByOne(cells.lstm(6))], options)],
];
describe.each(LAYERS)('%s', (_, make) => {
  describe.each(float32Devices)('on %s', (_, open) => {
    it('streams: slots that pause, chunks, and slots that start anew', async () => {
      await expectStreamed(sequenceModel(await open(), make()));
    });

    it('carries what it knows to the next batch where it is stateful', async () => {
      const device = await open();
      const parts = sequenceModel(device, make({ stateful: true }));
      await expectCarried(parts, sequenceModel(device, make()));
      const two = { shape: [2, 1, I], data: new Float32Array(2 * I) };
      await expect(parts.predict(two)).rejects.toThrow(
        /^rnn: expected a batch of 1, got 2: a stateful layer carries one state a row; call resetStates/,
      );
      parts.resetStates();
      await parts.predict(two);
    });
  });

  it('has exact gradients where it is stateful', async () => {
    const x = floats([B, T, I], 6);
    const carried = modelOf(make({ stateful: true, returnState: true }), 0, reference);
    const first = await outcome(carried, [floats([B, T, I], 5)]);
    const actual = await outcome(carried, [x]);
    const layer = make({ returnState: true });
    const start = input({ shape: [null, I] });
    const states = first.outputs.slice(1).map((values): Host => {
      const width = values.length / B;
      return { shape: [B, width], data: values as never };
    });
    const given = states.map(({ shape }) => input({ shape: shape.slice(1) }));
    const plain = new Network({
      inputs: [start, ...given],
      outputs: layer.applyAll([start, ...given]),
      device: reference,
      seed: 4,
    });
    const { outputs, gradients } = await outcome(plain, [x, ...states]);
    const weights = gradients.slice(1 + given.length);
    expectOutcome(actual, { outputs, gradients: [gradients[0], ...weights] }, TIGHT);
  });
});

describe.each(LAYERS.slice(0, 2))('%s', (_, make) => {
  it('learns, and goes on where it was saved', async () => {
    const device = await gpu();
    const model = sequential(
      [
        input({ shape: [null], dtype: 'int32' }),
        layers.embedding(8, 5, { maskZero: true }),
        make(),
        layers.dense(1, { activation: 'sigmoid' }),
      ],
      { device, seed: 3 },
    );
    model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: 'binaryCrossentropy' });
    const { x, y } = task(12, 7);
    const losses: number[] = [];
    for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)).loss);
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]);
    const loaded = await loadModel(await model.save(), { device });
    expect((await loaded.trainOnBatch(x, y)).loss).toBe((await model.trainOnBatch(x, y)).loss);
  });
});

describe('rnn', () => {
  it('takes sequences of one step, and masks of zeros', async () => {
    const device = await gpu();
    const network = modelOf(rnn([cells.lstm(H), cells.gru(H)], { returnState: true }), 3, device);
    const one = { shape: [B, 1, I], data: floats([B, 1, I], 1).data };
    const states = hosts(3).slice(1);
    const mask = ints([B, 1], 0, 0, 0);
    const { outputs, gradients } = await outcome(network, [one, ...states], { masks: [mask] });
    expect([...outputs[0]]).toEqual(Array<number>(B * H).fill(0));
    states.forEach(({ data }, i) => expect([...outputs[1 + i]]).toEqual([...data]));
    const passed = floats([B, H], 501).data;
    expect([...gradients[1]!]).toEqual([...passed]);
  });

  it('is part of a model with several uses of it', async () => {
    const x = input({ shape: [null, I] });
    const shared = rnn(cells.gru(3));
    const outputs = layers.add().apply([shared.apply(x), shared.apply(x)]);
    const model = graph({ inputs: x, outputs, device: reference });
    const once = sequential([x, shared], { device: reference });
    const host = floats([B, T, I], 1);
    const twice = Array.from(await predicted(once, host), (value) => 2 * value);
    expectClose(await predicted(model, host), twice, 'two uses');
  });

  it('names what is wrong with a cell', () => {
    expect(() => rnn(layers.lstm(3) as never)).toThrow(
      /^rnn: expected a cell, got the layer 'lstm'; give cells.lstm\(64\), a class of your own that extends Cell/,
    );
    expect(() => rnn(undefined as never)).toThrow(/^rnn: expected a cell, got undefined/);
    expect(() => rnn([])).toThrow(/^stacked_rnn_cells: expected a list of cells, got a list of 0/);
    const cell = cells.lstm(2);
    expect(() => rnn([cell, cell])).toThrow(
      /^stacked_rnn_cells: expected each cell once, got one twice/,
    );
    expect(() => rnn(cells.lstm(3), { units: 3 } as never)).toThrow(/got 'units'/);
    const layer = rnn(cells.lstm(3));
    expect(() => layer.apply(input({ shape: [3] }))).toThrow(
      'rnn: expected an input of rank 3 [batch, time, features], got float32[null,3]; use returnSequences: true before it, or reshape the input',
    );
    const states = [input({ shape: [3] }), input({ shape: [4] })];
    expect(() => layer.apply(input({ shape: [5, 2] }), { initialState: states })).toThrow(
      /^rnn: expected initial states h, c of shape \[null,3\] each, got \[null,3\], \[null,4\]/,
    );
  });

  it('takes states of its own batch alone', () => {
    const network = modelOf(rnn(cells.lstm(H)), 2, reference);
    const states = [floats([B, H], 1), floats([B + 1, H], 2)];
    return expect(outcome(network, [floats([B, T, I], 1), ...states])).rejects.toThrow(
      /^rnn: expected initial states h, c of shape \[3,4\] each, got \[3,4\], \[4,4\]/,
    );
  });
});
