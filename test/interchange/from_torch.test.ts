/** PyTorch's weights in Gatefold's layers give PyTorch's answers. */
import { describe, expect, it } from 'vitest';
import { cells, layers, model, sequential, setSeed } from '../../src/index.ts';
import type { SymbolicTensor } from '../../src/index.ts';
import { fromTorch, readStateDict } from '../../src/interchange/index.ts';
import type { StateDict } from '../../src/interchange/index.ts';
import { reference, testedDevices } from '../support/devices.ts';
import {
  expectClose,
  expectOutputs,
  formatFile,
  inputOf,
  loadFormats,
} from '../support/formats.ts';
import type { FormatTensor } from '../support/formats.ts';

setSeed(1);
const cases = await loadFormats('pytorch');
const stateOf = async (file: string): Promise<StateDict> =>
  readStateDict(await formatFile('pytorch', file), { key: cases.get(file)!.state_dict_key });
const named = (list: readonly FormatTensor[], name: string): FormatTensor =>
  list.find((one) => one.name === name)!;
const device = await testedDevices[0].open();

/** [T, B, ...] to [B, T, ...]. */
function batchMajor({ name, dtype, shape: [T, B, ...rest], data }: FormatTensor): FormatTensor {
  const size = rest.reduce((a, b) => a * b, 1);
  const place = (b: number, t: number, k: number) => data[(t * B + b) * size + k];
  const moved = Array.from({ length: data.length }, (_, i) =>
    place(Math.floor(i / size / T), Math.floor(i / size) % T, i % size),
  );
  return { name, dtype, shape: [B, T, ...rest], data: moved };
}
/** Row k of the first axis. */
const at = ({ name, dtype, shape: [, ...rest], data }: FormatTensor, k: number): FormatTensor => {
  const size = rest.reduce((a, b) => a * b, 1);
  return { name: `${name}[${k}]`, dtype, shape: rest, data: data.slice(k * size, (k + 1) * size) };
};
/** 1 for the steps of each row. */
const maskOf = ({ data }: FormatTensor, T: number) => ({
  shape: [data.length, T],
  data: Int32Array.from({ length: data.length * T }, (_, i) =>
    Number(i % T < data[Math.floor(i / T)]),
  ),
});

/** Bidirectional layers on top of each other over a masked sequence: outputs, and the last states of all. */
function pair(features: number, head: number | null) {
  const x = layers.input({ shape: [null, features], name: 'x' });
  const mask = layers.input({ shape: [null], dtype: 'int32', name: 'mask' });
  const make = (name: string) =>
    layers.bidirectional(layers.lstm(6, { returnSequences: true, returnState: true }), { name });
  const [y0, ...states0] = make('lower').apply<SymbolicTensor[]>(x, { mask });
  const [y1, ...states1] = make('upper').apply<SymbolicTensor[]>(y0);
  const y = head === null ? y1 : layers.dense(head, { name: 'head' }).apply(y1);
  return model({ inputs: [x, mask], outputs: [y, ...states0, ...states1], device });
}

describe('fromTorch fills', () => {
  it.each(['bilstm_linear.pt', 'bilstm_bf16.safetensors'])(
    'two bidirectional layers and a linear one: %s',
    async (file) => {
      const { inputs, outputs } = cases.get(file)!;
      const net = pair(5, 3);
      const two = (layer: number) => ({ module: 'lstm', layer });
      await fromTorch(
        await stateOf(file),
        { lower: two(0), upper: two(1), head: 'head' },
        { model: net },
      );
      const x = named(inputs, 'x');
      const mask = maskOf(named(inputs, 'lengths'), x.shape[1]);
      const found = await net.predict<any>([inputOf(x), mask]);
      await expectOutputs(found[0], [named(outputs, 'y')]);
      // h and c of both directions of a layer, one layer after the other.
      for (const [i, name] of ['h_n', 'c_n', 'h_n', 'c_n'].entries())
        for (const layer of [0, 1])
          await expectOutputs(found[1 + 4 * layer + i], [
            at(named(outputs, name), 2 * layer + (i >> 1)),
          ]);
    },
  );

  it.each(['gru_flat.pt', 'checkpoint.pt', 'gru_f16.safetensors'])(
    'a GRU with an initial state: %s',
    async (file) => {
      const { inputs, outputs } = cases.get(file)!;
      const x = layers.input({ shape: [null, 4] });
      const h = layers.input({ shape: [7] });
      const gru = layers.gru(7, { returnSequences: true, returnState: true, name: 'gru' });
      const net = model({
        inputs: [x, h],
        outputs: gru.apply<SymbolicTensor[]>(x, { initialState: h }),
        device,
      });
      await fromTorch(await stateOf(file), { gru: '' }, { model: net });
      const given = [inputOf(batchMajor(named(inputs, 'x'))), inputOf(at(named(inputs, 'h0'), 0))];
      await expectOutputs(await net.predict<any>(given), [
        batchMajor(named(outputs, 'y')),
        at(named(outputs, 'h_n'), 0),
      ]);
    },
  );

  it('a stack of cells, all layers at once', async () => {
    const { inputs, outputs } = cases.get('rnn_relu_strided.pt')!;
    const cell = () => cells.simpleRNN(5, { activation: 'relu', useBias: false });
    const net = sequential(
      [
        layers.input({ shape: [null, 3] }),
        layers.rnn(cells.stacked([cell(), cell()]), { returnSequences: true, name: 'both' }),
      ],
      { device },
    );
    await fromTorch(await stateOf('rnn_relu_strided.pt'), { both: '' }, { model: net });
    await expectOutputs(await net.predict(inputOf(inputs[0])), [named(outputs, 'y')]);
  });

  it('projections in both directions, with initial states and lengths', async () => {
    const { inputs, outputs } = cases.get('lstm_proj.pt')!;
    const x = layers.input({ shape: [null, 4] });
    const mask = layers.input({ shape: [null], dtype: 'int32' });
    const states = [3, 8, 3, 8, 3, 8, 3, 8].map((width) => layers.input({ shape: [width] }));
    const make = (name: string) =>
      layers.bidirectional(
        layers.projectedLSTM(8, { projectionUnits: 3, returnSequences: true, returnState: true }),
        { name },
      );
    const [y0, ...after0] = make('lower').apply<SymbolicTensor[]>(x, {
      mask,
      initialState: states.slice(0, 4),
    });
    const [y1, ...after1] = make('upper').apply<SymbolicTensor[]>(y0, {
      initialState: states.slice(4),
    });
    const net = model({
      inputs: [x, mask, ...states],
      outputs: [y1, ...after0, ...after1],
      device,
    });
    const part = (layer: number) => ({ module: '', layer });
    await fromTorch(
      await stateOf('lstm_proj.pt'),
      { lower: part(0), upper: part(1) },
      { model: net },
    );
    const order = [0, 1, 2, 3].flatMap((k) => ['h', 'c'].map((name) => [name, k] as const));
    const found = await net.predict<any>([
      inputOf(named(inputs, 'x')),
      maskOf(named(inputs, 'lengths'), 6),
      ...order.map(([name, k]) => inputOf(at(named(inputs, `${name}0`), k))),
    ]);
    await expectOutputs(found, [
      named(outputs, 'y'),
      ...order.map(([name, k]) => at(named(outputs, `${name}_n`), k)),
    ]);
  });

  it('says which layer and which module do not fit, and changes nothing', async () => {
    const state = await stateOf('bilstm_linear.pt');
    const net = pair(5, 3);
    const before = await net.getWeights();
    const fill = (modules: any) => fromTorch(state, modules, { model: net });
    await expect(fill({ lower: 'lstm' })).rejects.toThrow(
      /expected 'lower' to be all 2 layers of 'lstm', got 1; name one of them: \{ module: 'lstm', layer: 0 \}/,
    );
    await expect(fill({ lower: { module: 'lstm', layer: 2 } })).rejects.toThrow(
      /expected layer 0 to 1 of 'lstm', got 2/,
    );
    await expect(fill({ head: 'head', lower: { module: 'lstm', layer: 1 } })).rejects.toThrow(
      /expected weights \[5,24\], \[6,24\], \[24\] for 'lower', got \[12,24\], \[6,24\], \[24\] of 'lstm'/,
    );
    await expect(fill({ lowre: 'lstm' })).rejects.toThrow(
      /expected the name of a layer of the model \(x, mask, lower, upper, head\), got 'lowre'; did you mean 'lower'\?/,
    );
    await expect(fill({ head: 'lstm' })).rejects.toThrow(
      /expected 'lstm' to be a module for 'head' \(Dense\), got lstm/,
    );
    await expect(fill({ head: 'haed' })).rejects.toThrow(
      /expected tensors of a module 'haed', got lstm\.weight_ih_l0/,
    );
    await expect(fill({ head: 7 })).rejects.toThrow(/expected the name of a module for 'head'/);
    await expect(fill({})).rejects.toThrow(/expected modules by the names of layers, got none/);
    expect((await net.getWeights()).map(({ data }) => data)).toEqual(
      before.map(({ data }) => data),
    );
    const oneWay = sequential([layers.input({ shape: [null, 5] }), layers.lstm(6, { name: 'a' })], {
      device,
    });
    await expect(
      fromTorch(state, { a: { module: 'lstm', layer: 0 } }, { model: oneWay }),
    ).rejects.toThrow(/expected 'a' to go both ways, as 'lstm' does, got LSTM/);
    const before_ = sequential(
      [layers.input({ shape: [null, 4] }), layers.gru(7, { resetAfter: false, name: 'gru' })],
      { device },
    );
    await expect(
      fromTorch(await stateOf('gru_flat.pt'), { gru: '' }, { model: before_ }),
    ).rejects.toThrow(/a GRU with resetAfter: true/);
  });
});

describe('fromTorch makes', () => {
  it('a model of the modules one after the other', async () => {
    const { inputs, outputs } = cases.get('lstm_legacy.pt')!;
    const net = await fromTorch(
      await stateOf('lstm_legacy.pt'),
      { lstm: { module: 'lstm', returnSequences: false }, head: 'head' },
      { device },
    );
    expect(net.layers.map(({ className }) => className)).toEqual(['InputLayer', 'LSTM', 'Dense']);
    await expectOutputs(await net.predict(inputOf(named(inputs, 'x'))), [named(outputs, 'y')]);
    // It trains and is saved as any other.
    net.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await net.trainOnBatch(inputOf(named(inputs, 'x')), inputOf(named(outputs, 'y')));
    expect((await net.save()).weights.length).toBeGreaterThan(0);
  });

  it('layers of a module with several, in both directions', async () => {
    const { inputs, outputs } = cases.get('bilstm_linear.pt')!;
    const state = await stateOf('bilstm_linear.pt');
    const net = await fromTorch(state, { lstm: 'lstm', head: 'head' }, { device: reference });
    expect(net.layers.map(({ name }) => name)).toEqual(['input', 'lstm', 'lstm_1', 'head']);
    // The second row has no padding.
    const x = named(inputs, 'x');
    const full = at(x, 1);
    const found = await net.predict({
      shape: [1, ...full.shape],
      data: Float32Array.from(full.data),
    });
    const expected = at(named(outputs, 'y'), 1);
    expectClose({ shape: found.shape.slice(1), data: await found.data() }, expected);
  });

  it('masks, normalisation, and weights that two modules share', async () => {
    const { inputs, outputs } = cases.get('embedding_gru.pt')!;
    const net = await fromTorch(
      await stateOf('embedding_gru.pt'),
      {
        embedding: { module: 'embedding', maskZero: true },
        gru: { module: 'gru', returnSequences: false },
        norm: 'norm',
        head: 'head',
      },
      { device },
    );
    const tokens = named(inputs, 'tokens');
    const lengths = named(inputs, 'lengths').data as number[];
    const T = tokens.shape[1];
    // PyTorch goes by lengths: a 0 within them is a word.
    const isWord = tokens.data.every((id, i) => id !== 0 || i % T >= lengths[Math.floor(i / T)]);
    expect(isWord).toBe(true);
    await expectOutputs(await net.predict(inputOf(tokens)), outputs);
  });

  it('says what it cannot know', async () => {
    const matrix = { type: 'float32', shape: [2, 3], data: new Float32Array(6) } as const;
    const state = new Map([['a.weight', matrix]]);
    await expect(fromTorch(state, { a: 'a' })).rejects.toThrow(
      /expected to know what 'a' is, got a matrix without a bias, which nn\.Linear and nn\.Embedding have; write \{ a: \{ module: 'a', kind: 'embedding' \} \}/,
    );
    const dense = await fromTorch(state, { dense: 'a' }, { device });
    expect(dense.layers[1].getConfig()).toMatchObject({ units: 2, useBias: false });
    const table = await fromTorch(state, { a: { module: 'a', kind: 'embedding' } }, { device });
    expect(table.layers[1].getConfig()).toMatchObject({ inputDim: 2, outputDim: 3 });
  });

  it.each([
    ['nn.Conv1d', { weight: [4, 3, 2], bias: [4] }, { filters: 4, kernelSize: 2 }],
    ['nn.Conv2d', { weight: [4, 3, 2, 5], bias: [4] }, { filters: 4, kernelSize: [2, 5] }],
    ['nn.LayerNorm', { weight: [4], bias: [4] }, { epsilon: 1e-5 }],
    ['nn.LayerNorm without bias', { weight: [4] }, { center: false, scale: true }],
    [
      'nn.BatchNorm1d',
      { weight: [4], bias: [4], running_mean: [4], running_var: [4] },
      { momentum: 0.9 },
    ],
    [
      'nn.BatchNorm1d without weights',
      { running_mean: [4], running_var: [4] },
      { scale: false, center: false },
    ],
    [
      'nn.LSTMCell',
      { weight_ih: [8, 3], weight_hh: [8, 2], bias_ih: [8], bias_hh: [8] },
      { units: 2 },
    ],
  ])('%s', async (_, shapes, config) => {
    const state = new Map(
      Object.entries(shapes).map(([name, shape]) => {
        const data = Float32Array.from(
          { length: shape.reduce((a, b) => a * b, 1) },
          (_, i) => i + 1,
        );
        return [name, { type: 'float32', shape, data } as const];
      }),
    );
    const net = await fromTorch(state, { layer: '' }, { device });
    expect(net.layers[1].getConfig()).toMatchObject(config);
    const [kernel] = await net.getWeights();
    if (_ === 'nn.Conv1d')
      // kernel[k, in, out] is weight[out, in, k].
      expect([kernel.shape, kernel.data[(1 * 3 + 2) * 4 + 3]]).toEqual([
        [2, 3, 4],
        3 * 6 + 2 * 2 + 1 + 1,
      ]);
  });
});
