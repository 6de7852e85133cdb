/**
 * Keras' guide "Working with RNNs" (keras.io/guides/working_with_rnns), section by section: its models with its sizes, the numbers of
 * parameters that it prints, and the values by the equations.
 */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import type { Config, Layer, LayerConfig, SymbolicTensor } from '../../src/layers/base.ts';
import { Cell } from '../../src/layers/cells/cell.ts';
import * as cells from '../../src/layers/cells/index.ts';
import type { CellStep } from '../../src/layers/nested.ts';
import type { RNNOptions } from '../../src/layers/rnn.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import * as losses from '../../src/losses/index.ts';
import { add, mul } from '../../src/ops/map.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { reshape } from '../../src/ops/shape.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { Shape, Tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { unroll } from './naive.ts';
import type { CellKind, Matrix, NaiveOptions } from './naive.ts';
import { nested } from './support.ts';

const { input } = layers;

/** Output and states of a layer by its equations, with the weights that it has. */
async function byEquations(
  cell: CellKind,
  layer: Layer,
  x: number[][][],
  options: NaiveOptions = {},
  weights = layer.getWeights(),
): Promise<{ output: any; states: Matrix[] }> {
  const [kernel, recurrent, bias] = (await weights).map(nested);
  const rows = cell === 'gru' ? bias : [bias];
  return unroll(cell, x, { kernel, recurrent, bias: rows }, options);
}

/** x · kernel + bias. */
async function dense(layer: Layer, x: Matrix): Promise<Matrix> {
  const [kernel, bias] = (await layer.getWeights()).map(nested) as [Matrix, number[]];
  return x.map((row) =>
    bias.map((start, k) => row.reduce((sum, value, i) => sum + value * kernel[i][k], start)),
  );
}

/** Rows of an embedding. */
async function embedded(layer: Layer, ids: Host): Promise<number[][][]> {
  const [table] = (await layer.getWeights()).map(nested);
  return nested(ids).map((row: number[]) => row.map((id) => table[id]));
}

/** The guide's: two inputs, outputs and states, a vector and a matrix a step. */
class NestedCell extends Cell {
  static override readonly className: string = 'NestedCell';
  readonly stateShapes: readonly Shape[];
  readonly outputShape: readonly Shape[];
  private kernel1: Variable | null = null;
  private kernel23: Variable | null = null;

  constructor({
    unit1,
    unit2,
    unit3,
    ...config
  }: LayerConfig & Record<`unit${1 | 2 | 3}`, number>) {
    super(config);
    this.stateShapes = [[unit1], [unit2, unit3]];
    this.outputShape = this.stateShapes;
  }

  protected override build([[, i1], [, i2, i3]]: readonly PartialShape[]): void {
    const [[unit1], [unit2, unit3]] = this.stateShapes;
    this.kernel1 = this.addWeight('kernel_1', [i1!, unit1], 'uniform');
    this.kernel23 = this.addWeight('kernel_2_3', [i2!, i3!, unit2, unit3], 'uniform');
  }

  override call([input1, input2]: readonly Tensor[], [s1, s2]: readonly Tensor[]): CellStep {
    const [i2, i3, unit2, unit3] = this.kernel23!.shape;
    const output1 = matmul(input1, this.kernel1!);
    // einsum('bij,ijkl->bkl')
    const rows = reshape(input2, [-1, i2 * i3]);
    const matrix = reshape(this.kernel23!, [i2 * i3, unit2 * unit3]);
    const output23 = reshape(matmul(rows, matrix), [-1, unit2, unit3]);
    return [
      [output1, output23],
      [add(s1, output1), add(s2, output23)],
    ];
  }

  override getConfig(): Config {
    const [[unit1], [unit2, unit3]] = this.stateShapes;
    return { ...super.getConfig(), unit1, unit2, unit3 };
  }
}

async function expectValues(device: Device, found: Tensor, expected: unknown, what: string) {
  const values = (expected as unknown[]).flat(Infinity) as number[];
  const tolerance = device === reference ? { absolute: 1e-9, relative: 1e-9 } : TOLERANCE.gpu;
  expectClose(await found.data(), values, what, tolerance);
  found.dispose();
}

/** By layer, as `summary()` prints it. */
function parameters(model: Model): number[] {
  return model.layers.map((layer) => layer.countParams()).filter((count) => count > 0);
}

describe.each(allDevices)('Keras’ guide to RNNs on %s', (_, open) => {
  describe('Built-in RNN layers: a simple example', () => {
    it('embeds ids, and processes the vectors with an LSTM', async () => {
      const device = await open();
      const model = sequential([], { device, seed: 1 });
      model.add(layers.embedding(1000, 64));
      model.add(layers.lstm(128));
      model.add(layers.dense(10));

      const ids = integers([3, 5], 2, 0, 1000);
      const output = await model.predict(ids);
      expect(output.shape).toEqual([3, 10]);
      expect(parameters(model)).toEqual([64_000, 98_816, 1_290]);
      expect(model.summary(() => {})).toContain('164,106');
      const [, table, lstm, last] = model.layers;
      const h = (await byEquations('lstm', lstm, await embedded(table, ids))).output;
      await expectValues(device, output, await dense(last, h), 'output');
      model.dispose();
    });

    it('processes the input in reverse with goBackwards', async () => {
      const device = await open();
      const x = floats([3, 5, 4], 3);
      const model = sequential(
        [input({ shape: [null, 4] }), layers.gru(8, { goBackwards: true })],
        {
          device,
        },
      );
      const turned = nested(x).map((row: number[][]) => [...row].reverse());
      const { output } = await byEquations('gru', model.layers[1], turned);
      await expectValues(device, await model.predict(x), output, 'output');
      model.dispose();
    });
  });

  describe('Outputs and states', () => {
    it('returns the whole sequence with returnSequences', async () => {
      const device = await open();
      const ids = integers([2, 4], 4, 0, 1000);
      const model = sequential(
        [
          input({ shape: [null], dtype: 'int32' }),
          layers.embedding(1000, 64),
          layers.gru(256, { returnSequences: true }),
          layers.simpleRNN(128),
          layers.dense(10),
        ],
        { device, seed: 2 },
      );
      expect(model.calls.map(({ outputs }) => outputs[0].shape).slice(2)).toEqual([
        [null, null, 256],
        [null, 128],
        [null, 10],
      ]);
      expect(parameters(model)).toEqual([64_000, 247_296, 49_280, 1_290]);
      expect(model.countParams()).toBe(361_866);
      const [, table, gru, rnn, last] = model.layers;
      const x = await embedded(table, ids);
      const { output } = await byEquations('gru', gru, x, { returnSequences: true });
      const h = (await byEquations('simple', rnn, output)).output;
      await expectValues(device, await model.predict(ids), await dense(last, h), 'output');
      model.dispose();
    });

    it('starts a decoder with the states of an encoder', async () => {
      const device = await open();
      const encoderInput = input({ shape: [null], dtype: 'int32' });
      const encoderEmbedded = layers.embedding(1000, 64).apply(encoderInput);
      const encoder = layers.lstm(64, { returnState: true, name: 'encoder' });
      const [, h, c] = encoder.apply<SymbolicTensor[]>(encoderEmbedded);
      const decoderInput = input({ shape: [null], dtype: 'int32' });
      const decoderEmbedded = layers.embedding(2000, 64).apply(decoderInput);
      const decoder = layers.lstm(64, { name: 'decoder' });
      const decoderOutput = decoder.apply(decoderEmbedded, { initialState: [h, c] });
      const model = graph({
        inputs: [encoderInput, decoderInput],
        outputs: layers.dense(10).apply(decoderOutput),
        device,
        seed: 3,
      });
      expect(model.countParams()).toBe(64_000 + 128_000 + 33_024 + 33_024 + 650);

      const [source, target] = [integers([3, 6], 5, 0, 1000), integers([3, 4], 6, 0, 2000)];
      const x = await embedded(model.getLayer('embedding'), source);
      const { states } = await byEquations('lstm', encoder, x);
      const y = await embedded(model.getLayer('embedding_1'), target);
      const last = (await byEquations('lstm', decoder, y, { initial: states })).output;
      const expected = await dense(model.getLayer('dense'), last);
      await expectValues(device, await model.predict([source, target]), expected, 'output');

      // And the encoder learns through the decoder's initial states.
      const before = nested((await encoder.getWeights())[1]);
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      await model.trainOnBatch([source, target], floats([3, 10], 7));
      expect(nested((await encoder.getWeights())[1])).not.toEqual(before);
      model.dispose();
    });
  });

  describe('RNN layers and RNN cells', () => {
    const x = floats([4, 6, 5], 13);

    it.each([
      ['lstm', layers.lstm(10), cells.lstm(10)],
      ['gru', layers.gru(10), cells.gru(10)],
      ['simpleRNN', layers.simpleRNN(10), cells.simpleRNN(10)],
    ] as const)('RNN(cell) gives what the layer gives: %s', async (_, layer, cell) => {
      const device = await open();
      const [a, b] = [layer.copy({}), layers.rnn(cell.copy())].map((one) =>
        sequential([input({ shape: [null, 5] }), one], { device, seed: 1 }),
      );
      b.setWeights(await a.getWeights());
      const [wanted, found] = [await a.predict(x), await b.predict(x)];
      expect(await found.array()).toEqual(await wanted.array());
      for (const one of [a, b]) one.dispose();
    });

    it('a list of cells is a stack of layers', async () => {
      const device = await open();
      const stack = layers.rnn([cells.lstm(8), cells.gru(6), cells.simpleRNN(4)], {
        returnSequences: true,
      });
      const model = sequential([input({ shape: [null, 5] }), stack], { device, seed: 2 });
      const weights = await stack.getWeights();
      let values = nested(x);
      for (const [k, cell] of (['lstm', 'gru', 'simple'] as const).entries()) {
        const own = Promise.resolve(weights.slice(3 * k, 3 * k + 3));
        const options = { returnSequences: true };
        values = (await byEquations(cell, stack, values, options, own)).output;
      }
      await expectValues(device, await model.predict(x), values, 'output');
      model.dispose();
    });

    it('a cell computes one step as a layer', async () => {
      const device = await open();
      const cell = cells.lstm(10);
      const [step, h, c] = [5, 10, 10].map((width) => input({ shape: [width] }));
      const outputs = cell.apply<SymbolicTensor[]>(step, { initialState: [h, c] });
      const model = graph({ inputs: [step, h, c], outputs, device, seed: 3 });
      const [now, ...states] = [floats([4, 5], 14), floats([4, 10], 15), floats([4, 10], 16)];
      const sequence = nested(now).map((row: number[]) => [row]);
      const options = { initial: states.map(nested) };
      const wanted = await byEquations('lstm', cell, sequence, options);
      const [output, ...after] = await model.predict<Tensor[]>([now, ...states]);
      await expectValues(device, output, wanted.output, 'output');
      for (const [i, state] of after.entries())
        await expectValues(device, state, wanted.states[i], `state ${i}`);
      model.dispose();
    });
  });

  describe('Cross-batch statefulness', () => {
    const paragraphs = [8, 9, 10].map((seed) => floats([20, 10, 50], seed));
    const joined = [0, 1].map((before) => {
      const parts = paragraphs.slice(0, before + 2).map(nested);
      return parts[0].map((_: unknown, b: number) => parts.flatMap((part) => part[b]));
    });

    it('goes on from batch to batch, until resetStates()', async () => {
      const device = await open();
      const lstm = layers.lstm(64, { stateful: true });
      const model = sequential([input({ shape: [null, 50] }), lstm], { device, seed: 4 });
      const first = await (await model.predict(paragraphs[0])).array();
      (await model.predict(paragraphs[1])).dispose();
      const { output } = await byEquations('lstm', lstm, joined[1]);
      await expectValues(device, await model.predict(paragraphs[2]), output, 'third paragraph');

      lstm.resetStates();
      const again = await model.predict(paragraphs[0]);
      expect(await again.array()).toEqual(first);
      model.resetStates();
      expect(lstm.states).toBeNull();
      model.dispose();
    });

    it('hands its states to another layer', async () => {
      const device = await open();
      const lstm = layers.lstm(64, { stateful: true });
      const model = sequential([input({ shape: [null, 50] }), lstm], { device, seed: 5 });
      for (const paragraph of paragraphs.slice(0, 2)) (await model.predict(paragraph)).dispose();
      const existing = lstm.states!;
      expect(existing.map(({ shape }) => shape)).toEqual([
        [20, 64],
        [20, 64],
      ]);

      const [x, h, c] = [
        input({ shape: [null, 50] }),
        input({ shape: [64] }),
        input({ shape: [64] }),
      ];
      const other = layers.lstm(64);
      const outputs = other.apply(x, { initialState: [h, c] });
      const next = graph({ inputs: [x, h, c], outputs, device, seed: 6 });
      const { states } = await byEquations('lstm', lstm, joined[0]);
      const wanted = await byEquations('lstm', other, nested(paragraphs[2]), { initial: states });
      const found = await next.predict([paragraphs[2], ...existing]);
      await expectValues(device, found, wanted.output, 'output');

      // Or, where that layer is stateful too, as the values that it is set to.
      const third = layers.lstm(64, { stateful: true });
      const last = sequential([input({ shape: [null, 50] }), third], { device });
      third.setWeights(await other.getWeights());
      third.resetStates(existing);
      await expectValues(device, await last.predict(paragraphs[2]), wanted.output, 'set');
      for (const one of [model, next, last]) one.dispose();
    });
  });

  describe('Bidirectional RNNs', () => {
    it('reads forwards and backwards, and joins the outputs', async () => {
      const device = await open();
      const model = sequential(
        [
          input({ shape: [5, 10] }),
          layers.bidirectional(layers.lstm(64, { returnSequences: true })),
          layers.bidirectional(layers.lstm(32)),
          layers.dense(10),
        ],
        { device, seed: 7 },
      );
      expect(parameters(model)).toEqual([38_400, 41_216, 650]);
      expect(model.countParams()).toBe(80_266);
      const x = floats([3, 5, 10], 11);
      let values: any = nested(x);
      for (const [layer, returnSequences] of [
        [model.layers[1], true],
        [model.layers[2], false],
      ] as const) {
        const weights = await layer.getWeights();
        const [ahead, back] = await Promise.all(
          [false, true].map((backwards) => {
            const own = weights.slice(backwards ? 3 : 0, backwards ? 6 : 3);
            const options = { backwards, returnSequences };
            return byEquations('lstm', layer, values, options, Promise.resolve(own));
          }),
        );
        const join = (a: any[], b: any[]) => a.map((row, i) => [...row, ...b[i]]);
        values = returnSequences
          ? ahead.output.map((rows: any[], i: number) => join(rows, [...back.output[i]].reverse()))
          : join(ahead.output, back.output);
      }
      const expected = await dense(model.layers[3], values);
      await expectValues(device, await model.predict(x), expected, 'output');
      model.dispose();
    });
  });

  describe('Performance optimization', () => {
    it('LSTM(64) and RNN(LSTMCell(64)) train alike, by the same operations', async () => {
      const device = await open();
      const [rows, labels] = [floats([96, 28, 28], 17), integers([96], 18, 0, 10)];
      const [fused, wrapped] = [layers.lstm(64), layers.rnn(cells.lstm(64))].map((layer) => {
        const model = sequential(
          [input({ shape: [null, 28] }), layer, layers.batchNormalization(), layers.dense(10)],
          { device, seed: 10 },
        );
        const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
        model.compile({ loss, optimizer: 'sgd', metrics: ['accuracy'] });
        return model;
      });
      wrapped.setWeights(await fused.getWeights());
      const train = async (model: Model) => {
        const before = device.stats().dispatches;
        const { history } = await model.fit(rows, labels, {
          batchSize: 32,
          epochs: 2,
          validationData: [rows, labels],
          seed: 1,
          verbose: 0,
          readEvery: 100,
        });
        return { history, dispatches: device.stats().dispatches - before };
      };
      const wanted = await train(fused);
      expect(await train(wrapped)).toEqual(wanted);
      expect(wanted.history.loss[1]).toBeLessThan(wanted.history.loss[0]);
      for (const one of [fused, wrapped]) one.dispose();
    });
  });

  describe('RNNs with list/dict inputs, or nested inputs', () => {
    /** Fewer than the guide's, which are [32], [64, 32], 640 sequences of 50 steps. */
    const [I1, I2, I3, SAMPLES, T] = [8, 6, 4, 12, 5];
    const [U1, U2, U3] = [10, 4, 3];
    const x1 = floats([SAMPLES, T, I1], 19);
    const x2 = floats([SAMPLES, T, I2, I3], 20);

    const make = (device: Device, options: RNNOptions = {}) => {
      const layer = layers.rnn(new NestedCell({ unit1: U1, unit2: U2, unit3: U3 }), options);
      const inputs = [input({ shape: [null, I1] }), input({ shape: [null, I2, I3] })];
      const outputs = layer.apply<SymbolicTensor[]>(inputs);
      return graph({ inputs, outputs, device, seed: 11 });
    };

    it('computes the cell of the guide', async () => {
      const device = await open();
      const model = make(device, { returnState: true });
      expect(model.outputs.map(({ shape }) => shape)).toEqual([
        [null, U1],
        [null, U2, U3],
        [null, U1],
        [null, U2, U3],
      ]);
      const [kernel1, kernel23] = (await model.getWeights()).map(nested);
      const project = (row: number[]): number[] =>
        Array.from({ length: U1 }, (_, k) =>
          row.reduce((sum, value, i) => sum + value * kernel1[i][k], 0),
        );
      /** einsum('ij,ijkl->kl') */
      const contract = (row: Matrix): number[] =>
        Array.from({ length: U2 * U3 }, (_, place) => {
          const [k, l] = [Math.floor(place / U3), place % U3];
          return row.reduce(
            (sum, values, i) =>
              values.reduce((part, value, j) => part + value * kernel23[i][j][k][l], sum),
            0,
          );
        });
      const steps = [nested(x1).map((row: Matrix) => row.map(project))];
      steps.push(nested(x2).map((row: Matrix[]) => row.map(contract)));
      const sum = (row: Matrix): number[] =>
        row.reduce((a, b) => a.map((value, k) => value + b[k]));
      const wanted = [
        ...steps.map((all: Matrix[]) => all.map((row) => row.at(-1)!)),
        ...steps.map((all: Matrix[]) => all.map(sum)),
      ];
      const found = await model.predict<Tensor[]>([x1, x2]);
      for (const [i, one] of found.entries())
        await expectValues(device, one, wanted[i], `output ${i}`);
      model.dispose();
    });

    it('trains it with random data', async () => {
      const device = await open();
      const model = make(device);
      model.compile({ optimizer: 'adam', loss: 'mse', metrics: [['accuracy'], ['accuracy']] });
      const y = [floats([SAMPLES, U1], 21), floats([SAMPLES, U2, U3], 22)];
      const options = { batchSize: 4, epochs: 3, verbose: 0 } as const;
      const { history } = await model.fit([x1, x2], y, options);
      expect(history.loss).toHaveLength(3);
      expect(history.loss[2]).toBeLessThan(history.loss[0]);
      model.dispose();
    });

    it('takes inputs by name, and a mask of their steps', async () => {
      const device = await open();
      // As of a pen: where it is, and how hard it presses.
      const cell = {
        stateShapes: { ink: [1] },
        outputShape: { drawn: [2], ink: [1] },
        call: (
          { location, pressure }: Record<string, Tensor>,
          { ink }: Record<string, Tensor>,
        ): CellStep => {
          const used = add(ink, pressure);
          return [{ drawn: mul(location, pressure), ink: used }, { ink: used }];
        },
      };
      const [location, pressure] = [2, 1].map((width) => input({ shape: [null, width] }));
      const mask = input({ shape: [null], dtype: 'int32' });
      const outputs = layers.rnn(cell).apply<SymbolicTensor[]>({ pressure, location }, { mask });
      const model = graph({ inputs: [location, pressure, mask], outputs, device });
      const data = [
        { shape: [2, 3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) },
        { shape: [2, 3, 1], data: Float32Array.of(1, 2, 3, 0.5, 0.25, 4) },
        { shape: [2, 3], data: Int32Array.of(1, 1, 0, 0, 1, 1) },
      ];
      const [drawn, ink] = await model.predict<Tensor[]>(data);
      expect(await drawn.array()).toEqual([
        [6, 8],
        [44, 48],
      ]);
      expect(await ink.array()).toEqual([[3], [4.25]]);
      model.dispose();
    });
  });

  describe('Masking', () => {
    const padded = { shape: [2, 5], data: Int32Array.of(7, 3, 9, 0, 0, 4, 4, 2, 8, 1) };

    it('leaves padding out, made by an embedding or given to apply', async () => {
      const device = await open();
      const ids = input({ shape: [null], dtype: 'int32' });
      const mask = input({ shape: [null], dtype: 'int32' });
      const [table, masking] = [
        layers.embedding(10, 6),
        layers.embedding(10, 6, { maskZero: true }),
      ];
      const lstm = layers.lstm(8);
      const outputs = [lstm.apply(masking.apply(ids)), lstm.apply(table.apply(ids), { mask })];
      const model = graph({ inputs: [ids, mask], outputs, device, seed: 8 });
      table.setWeights(await masking.getWeights());
      const flags = padded.data.map((id) => Number(id > 0)) as Int32Array;
      const found = await model.predict<Tensor[]>([padded, { ...padded, data: flags }]);
      const x = await embedded(table, padded);
      const alone = await byEquations('lstm', lstm, [x[0].slice(0, 3)]);
      const whole = await byEquations('lstm', lstm, [x[1]]);
      for (const [i, one] of found.entries())
        await expectValues(device, one, [alone.output, whole.output], `output ${i}`);
      model.dispose();
    });

    it('goes on to the next layer and to the loss, as in Keras 3.15', async () => {
      const device = await open();
      const model = sequential(
        [
          input({ shape: [null], dtype: 'int32' }),
          layers.embedding(10, 6, { maskZero: true }),
          layers.gru(4, { returnSequences: true }),
          layers.dense(1),
        ],
        { device, seed: 9 },
      );
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const output = await model.predict(padded);
      const values = Array.from(await output.data());
      const y = floats([2, 5, 1], 12);
      const real = [0, 1, 2, 5, 6, 7, 8, 9];
      const expected = real.reduce((sum, i) => sum + (values[i] - y.data[i]) ** 2, 0) / real.length;
      const { loss } = await model.evaluate(padded, y, { verbose: 0 });
      expectClose([loss], [expected], 'loss', TOLERANCE.gpu);
      output.dispose();
      model.dispose();
    });
  });
});
