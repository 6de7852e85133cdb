/** Models for PyTorch and Keras: what was written is read again, and the Python names what there is. */
import { describe, expect, it } from 'vitest';
import { cells, layers, model, sequential, setSeed } from '../../src/index.ts';
import type { Layer, Model, SymbolicTensor } from '../../src/index.ts';
import {
  fromTorch,
  loadKeras,
  readStateDict,
  readSafetensors,
  toKeras,
  toTorch,
} from '../../src/interchange/index.ts';
import { testedDevices } from '../support/devices.ts';
import { formatFile } from '../support/formats.ts';

setSeed(7);
const device = await testedDevices[0].open();
const noisy = { biasInitializer: 'glorotUniform' } as const;
const stack = (...list: Layer[]): Model =>
  sequential([layers.input({ shape: [null, 4] }), ...list], { device });
const valuesOf = async (net: Model) =>
  (await net.getWeights()).map(({ shape, data }) => ({ shape, data: Array.from(data) }));

describe('toTorch', () => {
  const make = (): Model =>
    stack(
      layers.bidirectional(layers.lstm(5, { ...noisy, returnSequences: true }), { name: 'both' }),
      layers.gru(6, { ...noisy, returnSequences: true, name: 'gru' }),
      layers.rnn(
        cells.stacked([
          cells.simpleRNN(3, { activation: 'relu', useBias: false }),
          cells.simpleRNN(3, { activation: 'relu', useBias: false }),
        ]),
        { returnSequences: true, name: 'two' },
      ),
      layers.projectedLSTM(7, {
        ...noisy,
        projectionUnits: 2,
        returnSequences: true,
        name: 'narrow',
      }),
      layers.conv1D(4, 3, { ...noisy, name: 'conv' }),
      layers.batchNormalization({ name: 'batch' }),
      layers.layerNormalization({ name: 'norm', epsilon: 1e-5 }),
      layers.dropout(0.5, { name: 'drop' }),
      layers.timeDistributed(layers.dense(3, { ...noisy, activation: 'softmax' }), {
        name: 'head',
      }),
    );
  const names = ['both', 'gru', 'two', 'narrow', 'conv', 'batch', 'norm', 'head'];

  it('writes what fromTorch reads', async () => {
    const net = make();
    const { weights, python } = await toTorch(net, { file: 'a.safetensors' });
    const state = await readStateDict(weights);
    const again = make();
    await fromTorch(state, Object.fromEntries(names.map((name) => [name, name])), { model: again });
    expect(await valuesOf(again)).toEqual(await valuesOf(net));
    expect(python.split('\n')).toEqual([
      '# The layers of the model by their names, with their weights. Inputs are batch first: [batch, time, features].',
      'import torch',
      'from torch import nn',
      'from safetensors.torch import load_file',
      '',
      'modules = nn.ModuleDict({',
      "    'both': nn.LSTM(4, 5, batch_first=True, bidirectional=True),",
      "    'gru': nn.GRU(10, 6, batch_first=True),",
      "    'two': nn.RNN(6, 3, num_layers=2, nonlinearity='relu', bias=False, batch_first=True),",
      "    'narrow': nn.LSTM(3, 7, batch_first=True, proj_size=2),",
      "    'conv': nn.Conv1d(2, 4, 3, stride=1, dilation=1),  # channels first, padding valid",
      "    'batch': nn.BatchNorm1d(4, eps=0.001, momentum=0.01),  # channels first",
      "    'norm': nn.LayerNorm(4, eps=0.00001),".replace('0.00001', '0.00001'),
      '    # drop: Dropout, without weights',
      "    'head': nn.Linear(4, 3),  # then softmax",
      '})',
      "modules.load_state_dict(load_file('a.safetensors'))",
      'modules.eval()',
      '',
    ]);
    expect([...state.keys()].filter((name) => name.startsWith('both')).sort()).toEqual(
      ['', '_reverse']
        .flatMap((end) =>
          ['bias_hh', 'bias_ih', 'weight_hh', 'weight_ih'].map((name) => `both.${name}_l0${end}`),
        )
        .sort(),
    );
    expect(state.get('batch.num_batches_tracked')!.type).toBe('int64');
    expect(
      Array.from(state.get('both.bias_hh_l0')!.data as Float32Array).every((value) => value === 0),
    ).toBe(true);
  });

  it.each([
    [
      'another activation',
      layers.lstm(3, { activation: 'relu' }),
      /expected 'lstm' \(LSTM\) to be a module of PyTorch, but PyTorch has not its activations \(\["relu","sigmoid"\]\)/,
    ],
    [
      'reset before',
      layers.gru(3, { resetAfter: false }),
      /PyTorch has no GRU that resets before the product/,
    ],
    [
      'another cell',
      layers.peepholeLSTM(3),
      /there is none of its kind; take its weights with getWeights\(\)/,
    ],
    ['zoneout', layers.lstm(3, { zoneout: 0.1 }), /PyTorch has no zoneout/],
    [
      'a name that Python would end',
      layers.dense(3, { name: 'a\\' }),
      /expected names of layers without dots, quotes and backslashes, got 'a\\'/,
    ],
    [
      'stacks of different cells',
      layers.rnn([cells.lstm(3), cells.gru(3)]),
      /its layers are not all RNN, LSTM or GRU with the same units/,
    ],
  ])('refuses %s', async (_, layer, problem) => {
    await expect(toTorch(stack(layer))).rejects.toThrow(problem);
  });
});

describe('toTorch of whole models', () => {
  it('tells layers of models in a model apart', async () => {
    const part = (): Model =>
      sequential([layers.conv2D(2, 1), layers.batchNormalization()], { name: 'same', device });
    const x = layers.input({ shape: [3, 3, 1] });
    const [a, b] = [part().apply(x), sequential([part()], { name: 'other', device }).apply(x)];
    const net = model({ inputs: x, outputs: layers.add().apply([a, b]), device });
    const { weights, python } = await toTorch(net);
    const names = [...(await readStateDict(weights)).keys()];
    expect(names.filter((name) => name.endsWith('running_var'))).toEqual([
      'same/batch_normalization.running_var',
      'other/same/batch_normalization.running_var',
    ]);
    expect(python).toContain("'same/batch_normalization': nn.BatchNorm2d(2,");
  });

  it('refuses to normalise another axis', async () => {
    const net = sequential(
      [layers.input({ shape: [3, 4] }), layers.batchNormalization({ axis: 1 })],
      {
        device,
      },
    );
    await expect(toTorch(net)).rejects.toThrow(/it normalises axis 1, not the last/);
  });
});

describe('toKeras', () => {
  it('writes a stack of layers', async () => {
    const net = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32', name: 'ids' }),
        layers.embedding(9, 4, { maskZero: true }),
        layers.bidirectional(layers.gru(5, { resetAfter: false, returnSequences: true }), {
          mergeMode: 'sum',
        }),
        layers.rnn([cells.lstm(3), cells.lstm(2)]),
        layers.dense(2, { activation: 'hardSigmoid', name: 'out' }),
      ],
      { device, name: 'net' },
    );
    const { weights, python } = await toKeras(net);
    expect(python).toContain("keras.Input((None,), dtype='int32', name='ids')");
    expect(python).toContain(
      "layers.Embedding(input_dim=9, output_dim=4, mask_zero=True, name='embedding')",
    );
    expect(python).toContain(
      "layers.Bidirectional(layers.GRU(units=5, activation='tanh', use_bias=True, dropout=0, recurrent_dropout=0, recurrent_activation='sigmoid', reset_after=False, return_sequences=True, ",
    );
    expect(python).toContain("name='gru'), merge_mode='sum', name='bidirectional')");
    expect(python).toContain('layers.RNN(layers.StackedRNNCells([layers.LSTMCell(units=3, ');
    expect(python).toContain(
      "layers.Dense(units=2, activation='hard_sigmoid', use_bias=True, name='out')",
    );
    expect(python).toContain("weights = load_file('model.safetensors')");
    const { tensors } = await readSafetensors(weights);
    const own = await valuesOf(net);
    expect(
      [...tensors.values()].map(({ shape, data }) => ({
        shape,
        data: Array.from(data as Float32Array),
      })),
    ).toEqual(own);
    expect([...tensors.keys()].slice(0, 3)).toEqual([
      'embedding/0',
      'bidirectional/0',
      'bidirectional/1',
    ]);
  });

  it('writes graphs: states, masks that come along, several outputs', async () => {
    const net = await loadKeras(await formatFile('keras', 'translator.keras'), { device });
    const { python } = await toKeras(net);
    expect(python).toMatch(
      /= layers\.Bidirectional\(layers\.LSTM\(units=4, .*name='lstm_1'\), merge_mode='concat', name='reader'\)/,
    );
    expect(python).toMatch(/= t\d+\(\[t\d+\[1\], t\d+\[3\]\]\)/);
    expect(python).toMatch(/= t\d+\(t\d+, initial_state=\[t\d+, t\d+\]\)/);
    expect(python).toMatch(/model = keras\.Model\(\[t\d+, t\d+\], t\d+, name='translator'\)/);
  });

  it('says in calls what is an option of attention here', async () => {
    const [a, b] = [layers.input({ shape: [null, 4] }), layers.input({ shape: [null, 4] })];
    const options = { useCausalMask: true, returnAttentionScores: true };
    const seen = layers.attention(options).apply<SymbolicTensor[]>([a, b]);
    const { python } = await toKeras(model({ inputs: [a, b], outputs: seen, device }));
    expect(python).toMatch(
      /\(\[t\d+, t\d+\], use_causal_mask=True, return_attention_scores=True\)/,
    );
    const mask = layers.input({ shape: [null], dtype: 'int32' });
    const masked = layers.attention().apply([a, b], { mask: [null, mask] });
    await expect(toKeras(model({ inputs: [a, b, mask], outputs: masked, device }))).rejects.toThrow(
      /'attention' \(Attention\).*masks that were given to it are written nowhere/,
    );
  });

  it('refuses what Keras has not', async () => {
    await expect(toKeras(stack(layers.lstm(3, { zoneout: { state: 0.1 } })))).rejects.toThrow(
      /Keras has no zoneout/,
    );
    await expect(toKeras(stack(layers.sru(3)))).rejects.toThrow(
      /toKeras: expected 'sru' \(SRU\) to be a layer of Keras, but there is none of its kind/,
    );
    const x = layers.input({ shape: [null, 4] });
    await expect(
      toKeras(model({ inputs: x, outputs: layers.lstm(3).apply(x), device }), {
        File: 'a',
      } as object),
    ).rejects.toThrow(/toKeras: expected options of file, got 'File'; did you mean 'file'\?/);
  });
});
