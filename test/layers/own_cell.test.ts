/** Cells of one's own: values and gradients, masks, states, constants, nested structures, streams, files, and what goes wrong. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Cell } from '../../src/layers/cells/cell.ts';
import * as cells from '../../src/layers/cells/index.ts';
import { registerLayer } from '../../src/layers/custom_layers.ts';
import * as layers from '../../src/layers/index.ts';
import type { CallContext, Config, LayerConfig, SymbolicTensor } from '../../src/layers/base.ts';
import type { CellStep } from '../../src/layers/nested.ts';
import { Network } from '../../src/layers/network.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import { loadModel } from '../../src/model/load.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import * as ops from '../../src/ops/index.ts';
import { adam } from '../../src/optimizers/index.ts';
import { setDevice } from '../../src/tensor.ts';
import type { Tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices, gpu, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { checkModel, expectOutcome, ints, outcome } from './support.ts';

beforeAll(() => setDevice(reference));
const { input, rnn } = layers;
const [B, T, I, H] = [3, 4, 2, 5];
const MASK = ints([B, T], 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0);
const TIGHT = { absolute: 1e-12, relative: 1e-12 };

/** Keras' example: linear, with one state. */
class MinimalCell extends Cell {
  static override readonly className: string = 'MinimalCell';
  readonly units: number;
  override readonly stateShapes: number[][];
  override readonly outputShape: number[];
  private kernel: Variable | null = null;
  private recurrent: Variable | null = null;

  constructor(config: LayerConfig & { units: number }) {
    super(config);
    this.units = config.units;
    this.stateShapes = [[config.units]];
    this.outputShape = [config.units];
  }
  protected override build([[, features]]: readonly PartialShape[]): void {
    this.kernel = this.addWeight('kernel', [features!, this.units], 'glorotUniform');
    this.recurrent = this.addWeight('recurrent_kernel', [this.units, this.units], 'orthogonal');
  }
  override project(x: Tensor): Tensor {
    return ops.matmul(x, this.kernel!);
  }
  override call(x: Tensor, [h]: Tensor[]): CellStep {
    const next = ops.add(x, ops.matmul(h, this.recurrent!));
    return [next, [next]];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), units: this.units };
  }
}

/** Two states of different shapes, an output that is neither, dropout: h' = tanh(x W + h R), S' = S / 2 + h' hᵀ; y = [h'; S' h']. */
class FastWeightsCell extends Cell {
  override readonly stateShapes = { h: [H], fast: [H, H] };
  override readonly outputShape = [2 * H];
  private kernel: Variable | null = null;
  private recurrent: Variable | null = null;
  protected override build([[, features]]: readonly PartialShape[]): void {
    this.kernel = this.addWeight('kernel', [features!, H], 'glorotUniform');
    this.recurrent = this.addWeight('recurrent_kernel', [H, H], 'orthogonal');
  }
  override call(
    x: Tensor,
    { h, fast }: { h: Tensor; fast: Tensor },
    _: Tensor[],
    { training, step, seed }: CallContext,
  ): CellStep {
    const seen = training ? ops.dropout(h, 0.2, { seed, step }) : h;
    const sum = ops.add(ops.matmul(x, this.kernel!), ops.matmul(seen, this.recurrent!));
    const next = ops.tanh(sum);
    const outer = ops.mul(ops.expandDims(next, 2), ops.expandDims(h, 1));
    const memory = ops.add(ops.mul(fast, 0.5), outer);
    const read = ops.squeeze(ops.matmul(memory, ops.expandDims(next, 2)), 2);
    return [ops.concat([next, read], 1), { h: next, fast: memory }];
  }
}

/** The cell with nested inputs, states and outputs of Keras' guide. */
class NestedCell extends Cell {
  static override readonly className: string = 'NestedCell';
  override readonly stateShapes = [[3], [2, 3]];
  override readonly outputShape = [[3], [2, 3]];
  private first: Variable | null = null;
  private second: Variable | null = null;
  protected override build([a, b]: readonly PartialShape[]): void {
    this.first = this.addWeight('kernel_1', [a[1]!, 3], 'glorotUniform');
    this.second = this.addWeight('kernel_2', [b[2]!, 3], 'glorotUniform');
  }
  override call({ a, b }: { a: Tensor; b: Tensor }, [s1, s2]: Tensor[]): CellStep {
    const one = ops.tanh(ops.add(s1, ops.matmul(a, this.first!)));
    const two = ops.tanh(ops.add(s2, ops.matmul(b, this.second!)));
    return [
      [one, two],
      [one, two],
    ];
  }
}

/** Looks at what does not change: attention over memory [batch, places, features], where its mask allows. */
class AttentionCell extends Cell {
  static override readonly className: string = 'AttentionCell';
  override readonly stateShapes = [[H]];
  override readonly outputShape = [H];
  private kernel: Variable | null = null;
  private query: Variable | null = null;
  protected override build([[, features], [, , width]]: readonly PartialShape[]): void {
    this.kernel = this.addWeight('kernel', [features! + width! + H, H], 'glorotUniform');
    this.query = this.addWeight('query', [H, width!], 'glorotUniform');
  }
  override call(
    x: Tensor,
    [h]: Tensor[],
    [memory]: Tensor[],
    { masks: [mask] }: CallContext,
  ): CellStep {
    const query = ops.expandDims(ops.matmul(h, this.query!), 2);
    const scores = ops.squeeze(ops.matmul(memory, query), 2);
    const weights = ops.softmax(mask ? ops.where(mask, scores, -1e9) : scores);
    const seen = ops.squeeze(ops.matmul(ops.expandDims(weights, 1), memory), 1);
    const next = ops.tanh(ops.matmul(ops.concat([x, seen, h], 1), this.kernel!));
    return [next, [next]];
  }
}

describe('a cell of your own', () => {
  const x = floats([B, T, I], 1);
  const h = floats([B, H], 2);

  it.each([
    {},
    { returnSequences: true },
    { returnSequences: true, goBackwards: true, zeroOutputForMask: true },
    { goBackwards: true },
  ])('has exact gradients, masked and with states: %o', async (options) => {
    const { gradients } = await checkModel(
      ([start, h0, s0]) =>
        rnn(new FastWeightsCell(), { ...options, returnState: true }).apply<SymbolicTensor[]>(
          start,
          {
            initialState: { h: h0, fast: s0 },
          },
        ),
      [x, h, floats([B, H, H], 3)],
      [MASK],
    );
    expect(gradients.every((gradient) => gradient!.some((value) => value !== 0))).toBe(true);
  });

  it('is Keras’ MinimalRNNCell: a linear recurrence', async () => {
    const own = new Network({
      layers: [input({ shape: [null, I] }), rnn(new MinimalCell({ units: H }))],
      device: reference,
    });
    const same = new Network({
      layers: [
        input({ shape: [null, I] }),
        layers.simpleRNN(H, { activation: 'linear', useBias: false }),
      ],
      device: reference,
    });
    same.setWeights((await own.getWeights()).map(({ data, shape }) => ({ data, shape })));
    expectOutcome(await outcome(own, [x]), await outcome(same, [x]), TIGHT);
  });

  it('takes and gives nested structures', async () => {
    const shapes = [
      [B, T, 2],
      [B, T, 2, 4],
    ];
    const hosts = shapes.map((shape, i) => floats(shape, 4 + i));
    const states = [floats([B, 3], 6), floats([B, 2, 3], 7)];
    const { outputs } = await checkModel(
      ([a, b, ...initialState]) =>
        rnn(new NestedCell(), { returnSequences: true, returnState: true }).apply<SymbolicTensor[]>(
          { a, b },
          { initialState },
        ),
      [...hosts, ...states],
      [MASK],
    );
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [B, T, 3],
      [B, T, 2, 3],
      [B, 3],
      [B, 2, 3],
    ]);
  });

  it('sees constants, with their masks and gradients', async () => {
    const memory = floats([B, 6, 3], 8);
    const seen = ints([B, 6], 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0);
    const attend = ([start, constant]: SymbolicTensor[]) => [
      rnn(new AttentionCell(), { returnSequences: true }).apply(start, { constants: constant }),
    ];
    const { gradients } = await checkModel(attend, [x, memory], [MASK, seen]);
    // What the mask hides gets no gradient.
    expect([...gradients[1]!.slice(3 * 6 * 2 + 3)].every((value) => value === 0)).toBe(true);
    expect(gradients[1]!.slice(0, 3).every((value) => value !== 0)).toBe(true);
  });

  it('may keep no state, and see one step, or none that counts', async () => {
    const doubled = {
      stateShapes: [],
      outputShape: [I],
      call: (now: Tensor) => [ops.mul(now, 2), []],
    };
    const make = (layer: ReturnType<typeof rnn>) =>
      new Network({ layers: [input({ shape: [null, I] }), layer], device: reference });
    const plain = await outcome(make(rnn(doubled as never, { returnSequences: true })), [x]);
    expectClose(
      plain.outputs[0],
      Array.from(x.data, (value) => 2 * value),
      'doubled',
      TIGHT,
    );

    const [start, h0, s0] = [
      input({ shape: [1, I] }),
      input({ shape: [H] }),
      input({ shape: [H, H] }),
    ];
    const layer = rnn(new FastWeightsCell(), { returnState: true });
    const outputs = layer.apply<SymbolicTensor[]>(start, { initialState: { h: h0, fast: s0 } });
    const one = new Network({ inputs: [start, h0, s0], outputs, device: reference });
    const hosts = [floats([B, 1, I], 1), h, floats([B, H, H], 3)];
    const masked = await outcome(one, hosts, { masks: [ints([B, 1], 0, 0, 0)] });
    expect([...masked.outputs[0]]).toEqual(Array<number>(B * 2 * H).fill(0));
    expect([...masked.outputs[1]]).toEqual([...h.data]);
    // The gradients of the states pass through to the initial ones.
    expect([...masked.gradients[1]!]).toEqual([...floats([B, H], 501).data]);
    expect(masked.gradients[0]!.every((value) => value === 0)).toBe(true);
  });

  it('may be an object', async () => {
    const device = await gpu();
    const layer = rnn(
      {
        name: 'leaky',
        stateShapes: [[I]],
        outputShape: [I],
        build() {
          this.leak = this.addWeight('leak', [I], 'ones');
        },
        call(x: Tensor, [h]: Tensor[]) {
          const next = ops.add(ops.mul(h, ops.mul(this.leak, 0.5)), x);
          return [next, next];
        },
      },
      { returnSequences: true },
    );
    const model = sequential([input({ shape: [null, I] }), layer], { device });
    expect(model.weights.map(({ name }) => name)).toEqual(['rnn/leaky/leak']);
    const y = await model.predict({ shape: [1, 3, I], data: Float32Array.of(1, 2, 0, 0, 0, 0) });
    expect(await y.array()).toEqual([
      [
        [1, 2],
        [0.5, 1],
        [0.25, 0.5],
      ],
    ]);
  });

  it('is trained in one submit a step, at a cost that grows with its operations', async () => {
    const device = await gpu();
    const model = sequential(
      [input({ shape: [null, I] }), rnn(new MinimalCell({ units: H })), layers.dense(1)],
      { device, seed: 1 },
    );
    model.compile({ optimizer: adam({ learningRate: 0.05 }), loss: 'meanSquaredError' });
    const data = floats([8, T, I], 1);
    const y = Array.from({ length: 8 }, (_, b) => [
      data.data[b * T * I] + data.data[b * T * I + 5],
    ]);
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) {
      const before = device.stats().submits;
      losses.push((await model.trainOnBatch(data, y)).loss);
      if (step > 0) expect(device.stats().submits - before).toBe(1);
    }
    expect(losses.at(-1)).toBeLessThan(0.1 * losses[0]);
  });
});

const LONG = 9;
const ragged = floats([B, LONG, I], 3);
const steps = (b: number, begin: number, end: number): Host => ({
  shape: [1, end - begin, I],
  data: ragged.data.slice((b * LONG + begin) * I, (b * LONG + end) * I),
});
async function predicted(model: Model, x: unknown): Promise<Float32Array> {
  const output = await model.predict(x as Host);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

describe.each(float32Devices)('a cell of your own on %s', (_, open) => {
  it('streams: slots that pause, chunks, and slots that start anew', async () => {
    const model = sequential(
      [input({ shape: [null, I] }), rnn(new FastWeightsCell(), { returnSequences: true })],
      { device: await open(), seed: 5 },
    );
    const stream = model.stream({ streams: 2 });
    const row = (values: Float32Array) => values.slice(-2 * H);
    const first = await stream.step({
      shape: [2, 2, I],
      data: Float32Array.of(...steps(0, 0, 2).data, ...steps(1, 0, 2).data),
    });
    expectClose(first.slice(0, 4 * H), await predicted(model, steps(0, 0, 2)), 'two steps');
    const pair = (a: Host, b: Host) => ({
      shape: [2, I],
      data: Float32Array.of(...a.data, ...b.data),
    });
    const nothing = { shape: [1, I], data: new Float32Array(I) };
    await stream.step(pair(nothing, steps(1, 2, 3)), { slots: [1] });
    stream.reset(1);
    const last = await stream.step(pair(steps(0, 2, 3), steps(2, 0, 1)));
    const of0 = row(await predicted(model, steps(0, 0, 3)));
    expectClose(last.slice(0, 2 * H), of0, 'a slot that paused');
    expectClose(last.slice(2 * H), await predicted(model, steps(2, 0, 1)), 'one that began anew');
    stream.dispose();
  });

  it('repeats the output of the step before where a step of a stream is masked', async () => {
    const model = sequential(
      [
        input({ shape: [null, I] }),
        layers.masking({ maskValue: 7 }),
        rnn(new FastWeightsCell(), { returnSequences: true }),
      ],
      { device: await open(), seed: 5 },
    );
    const stream = model.stream();
    const padded = steps(0, 0, 4);
    padded.data.fill(7, 2 * I, 3 * I).fill(7, 0, I);
    const expected = await predicted(model, padded);
    for (let t = 0; t < 4; t++) {
      const x = { shape: [1, I], data: padded.data.slice(t * I, (t + 1) * I) };
      expectClose(
        await stream.step<Float32Array>(x),
        expected.slice(t * 2 * H, (t + 1) * 2 * H),
        `step ${t}`,
      );
    }
    stream.dispose();
  });

  it('carries what it knows to the next batch where it is stateful', async () => {
    const device = await open();
    const make = (stateful: boolean) =>
      sequential([input({ shape: [null, I] }), rnn(new FastWeightsCell(), { stateful })], {
        device,
        seed: 5,
      });
    const [whole, parts] = [make(false), make(true)];
    for (const [begin, end] of [
      [0, 4],
      [4, 5],
      [5, LONG],
    ])
      expectClose(
        await predicted(parts, steps(0, begin, end)),
        await predicted(whole, steps(0, 0, end)),
        `steps ${begin} to ${end}`,
      );
  });
});

describe('a model with a cell of your own', () => {
  it('is loaded once the class is registered', async () => {
    const device = reference;
    const x = input({ shape: [null, I] });
    const state = input({ shape: [H] });
    const outputs = rnn([new MinimalCell({ units: H }), cells.gru(3)], { name: 'own' }).apply(x, {
      initialState: [state, input({ shape: [3], name: 'upper' })],
    });
    const inputs = [x, state, outputs.call.inputs[2]];
    const model = graph({ inputs, outputs, device });
    const hosts = [floats([B, T, I], 1), floats([B, H], 2), floats([B, 3], 3)];
    const saved = await model.save();
    await expect(loadModel(saved, { device })).rejects.toThrow(
      /got 'MinimalCell'; register your own with registerLayer/,
    );
    registerLayer('MinimalCell', (config) => new MinimalCell(config));
    const loaded = await loadModel(saved, { device });
    expectOutcome(await outcome(loaded, hosts), await outcome(model, hosts));
  });

  it('keeps its nested inputs and constants', async () => {
    registerLayer('NestedCell', () => new NestedCell());
    registerLayer('AttentionCell', () => new AttentionCell());
    const [a, b] = [input({ shape: [null, 2] }), input({ shape: [null, 2, 4] })];
    const [one] = rnn(new NestedCell(), { returnSequences: true }).apply<SymbolicTensor[]>({
      a,
      b,
    });
    const outputs = rnn(new AttentionCell()).apply(a, { constants: [one] });
    const model = graph({ inputs: [a, b], outputs, device: reference });
    const hosts = [floats([B, T, 2], 1), floats([B, T, 2, 4], 2)];
    const loaded = await loadModel(await model.save(), { device: reference });
    expectOutcome(await outcome(loaded, hosts), await outcome(model, hosts));
  });

  it('streams with constants that stay the same', async () => {
    const device = await gpu();
    const [x, still] = [input({ shape: [null, I] }), input({ shape: [3] })];
    const cell = {
      stateShapes: [[3]],
      outputShape: [3],
      call: (now: Tensor, [h]: Tensor[], [constant]: Tensor[]) => {
        const next = ops.add(ops.mul(h, constant), ops.sum(now, { axis: 1, keepDims: true }));
        return [next, [next]] as const;
      },
    };
    const outputs = rnn(cell, { returnSequences: true }).apply(x, { constants: still });
    const model = graph({ inputs: [x, still], outputs, device });
    const constant = floats([1, 3], 4);
    const expected = await predicted(model, [steps(0, 0, 4), constant]);
    const stream = model.stream();
    for (let t = 0; t < 4; t++)
      expectClose(
        await stream.step<Float32Array>([steps(0, t, t + 1), constant]),
        expected.slice(3 * t, 3 * t + 3),
        `step ${t}`,
      );
    stream.dispose();
  });
});

describe('what a cell does wrong', () => {
  const make = (call: (x: Tensor, states: Tensor[]) => unknown, own: object = {}) => {
    const cell = { name: 'mine', stateShapes: [[2], [2]], outputShape: [2], call, ...own };
    const network = new Network({
      layers: [input({ shape: [null, 2] }), rnn(cell as never)],
      device: reference,
    });
    return outcome(network, [floats([B, T, 2], 1)]);
  };
  it.each<[string, (x: Tensor, states: Tensor[]) => unknown, string | RegExp]>([
    [
      'returns no pair',
      (x) => x,
      'rnn: mine, step 0: expected call() to return [output, states], got float32[3,2]; write return [h, [h]]',
    ],
    [
      'forgets a state',
      (x, [h]) => [x, [h]],
      'rnn: mine, step 0: expected call() to return state 1 as float32[3,2], got none; return it, or change stateShapes or outputShape',
    ],
    [
      'returns more states than it has',
      (x, [h, c]) => [x, [h, c, x]],
      'rnn: mine, step 0: expected call() to return state 0, state 1, got 3 tensors; declare all of them in stateShapes and outputShape',
    ],
    [
      'returns another output',
      (x, states) => [ops.concat([x, x], 1), states],
      'rnn: mine, step 0: expected call() to return output as float32[3,2], got float32[3,4]; return it, or change stateShapes or outputShape',
    ],
    [
      'fails in an operation',
      (x, [h]) => [ops.add(x, ops.concat([h, h, h], 1)), [h, h]],
      /^rnn: mine, step 0: add: /,
    ],
  ])('%s', async (_, call, message) => {
    await expect(make(call)).rejects.toThrow(message);
  });

  it('at a later step, which is named', async () => {
    let step = 0;
    const call = (x: Tensor, [h, c]: Tensor[]) => [x, step++ === 2 ? [h] : [h, c]];
    await expect(make(call)).rejects.toThrow(
      'rnn: mine, step 2: expected call() to return state 1',
    );
  });

  it('projects away the time', async () => {
    const project = (x: Tensor) => ops.sum(x, { axis: 1 });
    await expect(make((x, states) => [x, states], { project })).rejects.toThrow(
      'rnn: mine: expected project() to return tensors of shape [3,4,...], got float32[3,2]; keep the axes of the batch and the time',
    );
  });

  it('declares what is no list of shapes', () => {
    const cell = { name: 'mine', stateShapes: [4], outputShape: [4], call: () => [[], []] };
    expect(() => rnn(cell as never)).toThrow(
      "rnn: expected stateShapes of 'mine' as a list or an object of shapes, got [4]; write [[64]] for one state of 64 numbers",
    );
    expect(() => rnn({ stateShapes: [[4]], call: () => [[], []] } as never)).toThrow(
      /^rnn: expected a cell, got an object with stateShapes, call without outputShape/,
    );
  });

  it('is applied to other inputs than before', () => {
    const [a, b] = [input({ shape: [null, 2] }), input({ shape: [null, 2, 4] })];
    const layer = rnn(new NestedCell());
    layer.apply({ a, b });
    expect(() => layer.apply(a)).toThrow(
      /^rnn: expected inputs {"a":0,"b":1} and 0 constants, as the layer was applied to before, got 0 and 0/,
    );
    const odd = input({ shape: [7, 2, 4] });
    expect(() => rnn(new NestedCell()).apply({ a: input({ shape: [6, 2] }), b: odd })).toThrow(
      'rnn: expected inputs of one batch and one time, got [null,6,2] and [null,7,2,4]; give all of them the same',
    );
  });
});
