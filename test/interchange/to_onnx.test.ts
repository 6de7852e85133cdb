/** Models as ONNX files: ONNX Runtime computes with them what they compute here. */
import { describe, expect, it } from 'vitest';
import { cells, layers, model, sequential, setSeed } from '../../src/index.ts';
import type { Layer, Model, SymbolicTensor } from '../../src/index.ts';
import type { SequenceLayer, SequenceLayerOptions } from '../../src/layers/sequence_layer.ts';
import { toOnnx } from '../../src/interchange/index.ts';
import type { ToOnnxOptions } from '../../src/interchange/index.ts';
import type { Tensor } from '../../src/tensor.ts';
import { testedDevices } from '../support/devices.ts';
import { modelsOn } from '../support/onnx-models.ts';
import { OnnxFile } from '../support/onnx-runtime.ts';
import type { Numbers } from '../support/onnx-runtime.ts';
import { floats, integers } from '../support/random.ts';

setSeed(11);
// The last one is WebAssembly, the same in a browser and in Node.
const device = await testedDevices.at(-1)!.open();
/** Biases that are not zero, so that one in the wrong place shows. */
const noisy = { biasInitializer: 'glorotUniform' } as const;
const all = { ...noisy, returnSequences: true } as const;

/** Batch and time: all of one file. */
const SIZES = [
  [1, 3],
  [5, 7],
  [2, 12],
] as const;

const features = (batch: number, time: number): Numbers => floats([batch, time, 4], batch + time);

/** Ids of which 0 is padding: behind, before, between, everywhere, nowhere. */
function ids(batch: number, time: number, post = false): Numbers {
  const { shape, data } = integers([batch, time], batch + time, 1, 6);
  const isPadding = [
    (t: number) => t >= time - 2,
    (t: number) => t < 2,
    (t: number) => t % 3 === 1,
    () => true,
    () => false,
  ];
  const padded = data.map((id, i) => {
    const row = Math.floor(i / time);
    const t = i % time;
    const off = post ? t >= Math.max(time - 2 * row, 0) : isPadding[(row + batch) % 5](t);
    return off ? 0 : id;
  });
  return { shape, data: padded };
}

const { features: sequence, words } = modelsOn(device);

function expectClose(found: Numbers, wanted: Numbers, what: string): void {
  expect(found.shape, what).toEqual(wanted.shape);
  const limit = 1e-5 * Math.max(1, ...Array.from(wanted.data, Math.abs));
  const worst = Array.from(wanted.data).findIndex(
    (value, i) => !(Math.abs(value - found.data[i]) <= limit),
  );
  expect(
    worst < 0 ? null : `[${worst}]: expected ${wanted.data[worst]}, got ${found.data[worst]}`,
    what,
  ).toBeNull();
}

async function answers(net: Model, inputs: Readonly<Record<string, Numbers>>): Promise<Numbers[]> {
  const given = net.inputs.map(({ name }) => ({ ...inputs[name], shape: [...inputs[name].shape] }));
  const found = await net.predict<Tensor | Tensor[]>(given.length > 1 ? given : given[0]);
  return Promise.all(
    [found].flat().map(async (one) => {
      const data = (await one.data()) as Float32Array;
      one.dispose();
      return { shape: one.shape, data };
    }),
  );
}

/** ONNX Runtime gives for each of the inputs what the model gives. */
async function agrees(
  net: Model,
  each: readonly Readonly<Record<string, Numbers>>[],
  options?: ToOnnxOptions,
): Promise<void> {
  const file = await OnnxFile.open(await toOnnx(net, options));
  expect(file.inputs).toEqual(net.inputs.map(({ name }) => name));
  for (const inputs of each) {
    const wanted = await answers(net, inputs);
    const found = Object.values(await file.run(inputs));
    expect(found).toHaveLength(wanted.length);
    wanted.forEach((one, i) =>
      expectClose(found[i], one, `${file.outputs[i]} of ${Object.values(inputs)[0].shape.join()}`),
    );
  }
}

const ofSizes = (make: (batch: number, time: number) => Numbers) =>
  SIZES.map(([batch, time]) => ({ x: make(batch, time) }));

const RECURRENT: [
  string,
  (options?: SequenceLayerOptions & { useBias?: boolean }) => SequenceLayer,
][] = [
  ['simpleRNN', (options) => layers.simpleRNN(3, { ...noisy, ...options })],
  ['lstm', (options) => layers.lstm(3, { ...noisy, ...options })],
  ['gru', (options) => layers.gru(3, { ...noisy, ...options })],
  ['gru, reset before', (options) => layers.gru(3, { ...noisy, resetAfter: false, ...options })],
  ['peepholeLSTM', (options) => layers.peepholeLSTM(3, { ...noisy, ...options })],
  ['coupled', (options) => layers.peepholeLSTM(3, { ...noisy, coupled: true, ...options })],
  [
    'rnn',
    ({ useBias = true, ...options } = {}) =>
      layers.rnn(
        [cells.lstm(5, { ...noisy, useBias }), cells.gru(3, { ...noisy, useBias })],
        options,
      ),
  ],
];

describe.each(RECURRENT)('toOnnx of %s', (_, make) => {
  it('computes the same for any batch and time', async () => {
    for (const options of [
      { returnSequences: true },
      { returnSequences: false },
      { returnSequences: true, goBackwards: true },
      { returnSequences: false, goBackwards: true },
      { returnSequences: true, useBias: false },
    ])
      await agrees(sequence(make(options)), ofSizes(features));
  });

  it('leaves out masked steps, wherever they are', async () => {
    for (const options of [
      { returnSequences: true },
      { returnSequences: false },
      { returnSequences: true, goBackwards: true },
      { returnSequences: false, goBackwards: true },
      { returnSequences: true, zeroOutputForMask: true },
      { returnSequences: false, zeroOutputForMask: true },
      { returnSequences: true, goBackwards: true, zeroOutputForMask: true },
      { returnSequences: false, goBackwards: true, zeroOutputForMask: true },
    ])
      await agrees(words(make(options)), ofSizes(ids));
  });

  it('leaves out steps at the end in a simpler way', async () => {
    const options = { padding: 'post' } as const;
    const post = ofSizes((batch, time) => ids(batch, time, true));
    for (const returnSequences of [true, false])
      for (const goBackwards of [true, false])
        await agrees(words(make({ returnSequences, goBackwards })), post, options);
    await agrees(words(make({ returnSequences: true, zeroOutputForMask: true })), post, options);
    const text = new TextDecoder('latin1').decode(
      await toOnnx(words(make({ returnSequences: true })), options),
    );
    expect(/CumSum|ScatterElements|GatherElements/.test(text)).toBe(false);
  });

  it('goes both ways', async () => {
    for (const mergeMode of ['concat', 'sum', 'mul', 'ave'] as const)
      for (const returnSequences of [true, false]) {
        const both = (): Layer => layers.bidirectional(make({ returnSequences }), { mergeMode });
        await agrees(sequence(both()), ofSizes(features));
        await agrees(words(both()), ofSizes(ids));
      }
  });
});

describe('toOnnx', () => {
  it('takes activations that the operators have', async () => {
    const each = [
      'relu',
      'softsign',
      'softplus',
      'elu',
      'leakyRelu(0.3)',
      'linear',
      'hardSigmoid(5)',
    ];
    for (const activation of each as 'relu'[]) {
      await agrees(sequence(layers.simpleRNN(3, { ...all, activation })), ofSizes(features));
      const options = { ...all, activation, recurrentActivation: 'hardSigmoid' } as const;
      await agrees(
        sequence(layers.bidirectional(layers.lstm(3, options)), layers.gru(3, options)),
        ofSizes(features),
      );
    }
  });

  it('goes both ways with two layers', async () => {
    const backwardLayer = layers.gru(3, { ...all, goBackwards: true });
    const both = (mergeMode: 'concat' | 'sum'): Layer =>
      layers.bidirectional(layers.lstm(3, all), { backwardLayer, mergeMode });
    await agrees(words(both('concat')), ofSizes(ids));
    const backwards = layers.lstm(3, { ...all, goBackwards: true });
    await agrees(words(layers.bidirectional(backwards)), ofSizes(ids));
    const deep = layers.rnn([cells.lstm(5, noisy), cells.lstm(3, noisy)], {
      returnSequences: true,
    });
    await agrees(words(layers.bidirectional(deep)), ofSizes(ids));
  });

  it.each<[string, (() => Layer)[]]>([
    [
      'convolutions',
      [
        () =>
          layers.conv1D(5, 3, { ...noisy, padding: 'causal', dilationRate: 2, activation: 'relu' }),
        () => layers.conv1D(4, 3, { ...noisy, padding: 'same', strides: 2 }),
        () => layers.conv1D(4, 2, { ...noisy, padding: 'same' }),
        () => layers.globalMaxPooling1D({ keepDims: true }),
      ],
    ],
    [
      'a convolution without padding',
      [() => layers.conv1D(5, 3, { useBias: false }), () => layers.flatten()],
    ],
    ['a time-delay network', [() => layers.tdnn(3)]],
    [
      'normalization',
      [
        () =>
          layers.batchNormalization({
            gammaInitializer: 'glorotUniform',
            movingMeanInitializer: 'glorotUniform',
          }),
        () =>
          layers.layerNormalization({
            gammaInitializer: 'glorotUniform',
            betaInitializer: 'glorotUniform',
          }),
        () => layers.batchNormalization({ scale: false, center: false }),
        () => layers.layerNormalization({ scale: false }),
        () => layers.layerNormalization({ center: false }),
      ],
    ],
    ['pooling', [() => layers.dropout(0.5), () => layers.globalAveragePooling1D()]],
    [
      'repeated vectors',
      [
        () => layers.gru(4),
        () => layers.repeatVector(3),
        () => layers.spatialDropout1D(0.5),
        () => layers.flatten(),
      ],
    ],
    ['shapes', [() => layers.reshape([-1, 2, 2]), () => layers.timeDistributed(layers.flatten())]],
    [
      'steps on their own',
      [
        () => layers.timeDistributed(layers.dense(6, { ...noisy, activation: 'tanh' })),
        () => layers.reshape([-1, 2, 3]),
        () => layers.timeDistributed(layers.lstm(4, noisy)),
        () => layers.timeDistributed(sequential([layers.dense(3)])),
      ],
    ],
    [
      'many classes',
      [() => layers.sampledSoftmax(9, { numSampled: 2, biasInitializer: 'glorotUniform' })],
    ],
  ])('writes %s', async (_, list) => {
    await agrees(sequence(...list.map((make) => make())), ofSizes(features));
  });

  it('writes pictures', async () => {
    const net = sequential(
      [
        layers.input({ shape: [6, 5, 2], name: 'x' }),
        layers.conv2D(3, [3, 2], { ...noisy, padding: 'same', activation: 'relu' }),
        layers.maxPooling2D(2, { padding: 'same' }),
        layers.conv2D(3, 2, { ...noisy, strides: [2, 1] }),
        layers.layerNormalization({ axis: [1, 3] }),
        layers.batchNormalization({ axis: 1 }),
        layers.flatten(),
      ],
      { device },
    );
    await agrees(net, [{ x: floats([2, 6, 5, 2], 1) }, { x: floats([1, 6, 5, 2], 2) }]);
  });

  it.each([
    ...[
      'celu(0.7)',
      'elu',
      'exponential',
      'gelu',
      'hardShrink',
      'hardSigmoid',
      'hardSilu',
      'hardTanh',
    ],
    ...[
      'leakyRelu',
      'linear',
      'logSigmoid',
      'logSoftmax',
      'mish',
      'relu',
      'relu6',
      'selu',
      'sigmoid',
    ],
    ...[
      'silu',
      'softmax',
      'softplus',
      'softShrink(0.2)',
      'softsign',
      'squareplus',
      'tanh',
      'tanhShrink',
    ],
  ] as 'relu'[])('writes %s', async (activation) => {
    const net = sequence(layers.dense(5, { ...noisy, activation }), layers.activation(activation));
    const { shape, data } = features(5, 7);
    await agrees(net, [{ x: { shape, data: data.map((value) => 3 * value) } }]);
  });

  it('hands masks on', async () => {
    const net = words(
      layers.dense(4, noisy),
      layers.bidirectional(layers.gru(3, all)),
      layers.dropout(0.5),
      layers.layerNormalization(),
      layers.timeDistributed(layers.dense(4, noisy)),
      layers.lstm(3, all),
      layers.globalAveragePooling1D(),
    );
    await agrees(net, ofSizes(ids));
    const masked = sequence(layers.masking({ maskValue: 2 }), layers.lstm(3, all));
    const make = (batch: number, time: number): Numbers => {
      const { shape, data } = features(batch, time);
      const flags = ids(batch, time).data;
      return {
        shape,
        data: data.map((x, i) => (flags[Math.floor(i / 4)] === 0 ? 2 : x)),
      };
    };
    await agrees(masked, ofSizes(make));
  });

  it('merges branches and their masks', async () => {
    const [a, b] = ['a', 'b'].map((name) => layers.input({ shape: [null], dtype: 'int32', name }));
    const table = layers.embedding(6, 4, { maskZero: true });
    const rnn = layers.lstm(4, all);
    const [x, y] = [a, b].map((one) => rnn.apply(table.apply(one)));
    const merges = [
      layers.add,
      layers.subtract,
      layers.multiply,
      layers.average,
      layers.maximum,
      layers.minimum,
    ];
    const outputs = merges.map((merge) => layers.gru(2).apply(merge().apply([x, y])));
    const side = layers.lstm(3).apply(layers.concatenate().apply([x, y]));
    const after = layers.lstm(3).apply(layers.concatenate({ axis: 1 }).apply([x, y]));
    const open = layers.dense(4).apply(x);
    const wide = layers.add().apply([layers.lstm(4).apply(y), layers.conv1D(4, 1).apply(open)]);
    const net = model({ inputs: [a, b], outputs: [...outputs, side, after, wide], device });
    await agrees(net, [
      { a: ids(5, 7), b: ids(5, 7, true) },
      { a: ids(1, 3), b: ids(1, 3, true) },
    ]);
  });

  it('goes on from the states of an encoder, and gives states', async () => {
    const a = layers.input({ shape: [null], dtype: 'int32', name: 'a' });
    const b = layers.input({ shape: [null, 4], name: 'b' });
    const mask = layers.input({ shape: [null], dtype: 'int32', name: 'mask' });
    const read = layers.embedding(6, 4, { maskZero: true }).apply(a);
    const states = layers
      .bidirectional(layers.lstm(3, { ...noisy, returnState: true }))
      .apply<SymbolicTensor[]>(read);
    const written = layers
      .bidirectional(layers.lstm(3, { ...all, returnState: true }), { mergeMode: null })
      .apply<SymbolicTensor[]>(b, { initialState: states.slice(1), mask });
    const last = layers
      .gru(3, { ...noisy, returnState: true })
      .apply<SymbolicTensor[]>(written[1], { initialState: states[1], mask });
    const net = model({ inputs: [a, b, mask], outputs: [...written, ...last], device });
    await agrees(net, [
      { a: ids(5, 4), b: features(5, 7), mask: ids(5, 7) },
      { a: ids(1, 9), b: features(1, 3), mask: ids(1, 3) },
    ]);
  });

  it('writes models in models, and layers that are used twice, once', async () => {
    const inner = sequential(
      [
        layers.input({ shape: [null, 4] }),
        layers.lstm(4, { ...all, name: 'same' }),
        layers.dense(4, noisy),
      ],
      { device },
    );
    const x = layers.input({ shape: [null, 4], name: 'x' });
    const own = layers.lstm(4, { ...all, name: 'same' }).apply(x);
    const net = model({ inputs: x, outputs: inner.apply(inner.apply(own)), device });
    await agrees(net, ofSizes(features));
    const bytes = 4 * net.countParams();
    const file = await toOnnx(net);
    expect(file.length).toBeGreaterThan(bytes);
    expect(file.length).toBeLessThan(bytes + 3000);
  });

  it('has states as inputs and outputs for a stream', async () => {
    const net = sequence(
      layers.lstm(3, { ...all, name: 'lower' }),
      layers.layerNormalization(),
      layers.rnn([cells.gru(3, noisy), cells.lstm(2, noisy)], {
        returnSequences: true,
        name: 'upper',
      }),
      layers.dense(2, { name: 'out' }),
    );
    const file = await OnnxFile.open(await toOnnx(net, { states: true }));
    const names = file.inputs.slice(1);
    expect(names.slice(0, 2)).toEqual(['lower_h', 'lower_c']);
    expect(file.outputs).toEqual(['out', ...names.map((name) => `${name}_next`)]);
    const x = features(2, 12);
    const [wanted] = await answers(net, { x });
    const part = ({ data }: Numbers, width: number, from: number, to: number): Numbers => ({
      shape: [2, to - from, width],
      data: Float32Array.from(
        [0, 1].flatMap((row) =>
          Array.from(data.slice((12 * row + from) * width, (12 * row + to) * width)),
        ),
      ),
    });
    const units = [3, 3, 3, 2, 2];
    let states: Record<string, Numbers> = Object.fromEntries(
      names.map((name, i) => [
        name,
        { shape: [2, units[i]], data: new Float32Array(2 * units[i]) },
      ]),
    );
    for (const [from, to] of [
      [0, 1],
      [1, 5],
      [5, 12],
    ]) {
      const found = await file.run({ x: part(x, 4, from, to), ...states });
      expectClose(found.out, part(wanted, 2, from, to), `steps ${from} to ${to}`);
      states = Object.fromEntries(names.map((name) => [name, found[`${name}_next`]]));
    }
  });

  it('keeps the states of rows without a step that counts', async () => {
    const net = words(layers.gru(3, { ...noisy, name: 'gru' }));
    for (const padding of ['any', 'post'] as const) {
      const file = await OnnxFile.open(await toOnnx(net, { states: true, padding }));
      const x = { shape: [2, 3], data: Int32Array.of(0, 0, 0, 1, 2, 0) };
      const h = floats([2, 3], 5);
      const found = await file.run({ x, gru_h: h });
      expectClose(
        found.gru,
        { shape: [2, 3], data: Float32Array.of(0, 0, 0, ...found.gru.data.slice(3)) },
        'output',
      );
      expect(Array.from(found.gru_h_next.data.slice(0, 3))).toEqual(Array.from(h.data.slice(0, 3)));
      expect(Array.from(found.gru_h_next.data.slice(3))).toEqual(
        Array.from(found.gru.data.slice(3)),
      );
    }
  });

  it('takes lengths', async () => {
    const net = sequence(layers.bidirectional(layers.lstm(3, all)), layers.gru(3, noisy));
    const file = await OnnxFile.open(await toOnnx(net, { lengths: true }));
    expect(file.inputs).toEqual(['x', 'lengths']);
    const x = features(5, 7);
    const lengths = Int32Array.of(7, 3, 0, 1, 5);
    const found = (await file.run({ x, lengths: { shape: [5], data: lengths } })).gru;
    for (const [row, length] of lengths.entries()) {
      const data = (x.data as Float32Array).slice(28 * row, 28 * row + 4 * length);
      const [wanted] =
        length > 0
          ? await answers(net, { x: { shape: [1, length, 4], data } })
          : [{ shape: [1, 3], data: new Float32Array(3) }];
      expectClose(
        { shape: [1, 3], data: found.data.slice(3 * row, 3 * row + 3) },
        wanted,
        `row ${row}`,
      );
    }
  });

  it.each<[string, () => Model, ToOnnxOptions, RegExp]>([
    [
      'a layer without operators',
      () => sequence(layers.indRNN(3)),
      {},
      /got 'ind_rnn' \(IndRNN\): there are none for its kind; put other layers/,
    ],
    [
      'another cell',
      () => sequence(layers.rnn(cells.jordan(3, 3))),
      {},
      /'rnn' \(RNN\): its cell \w+ is none of ONNX; use cells\.lstm/,
    ],
    [
      'both ways of another cell',
      () => sequence(layers.bidirectional(layers.minimalGatedUnit(3))),
      {},
      /'forward_minimal_gated_unit' \(MinimalGatedUnit\)/,
    ],
    [
      'another activation',
      () => sequence(layers.lstm(3, { activation: 'gelu' })),
      {},
      /knows no activation 'gelu'; use one of tanh, sigmoid/,
    ],
    [
      'zoneout',
      () => sequence(layers.lstm(3, { zoneout: { output: 0.1 } })),
      {},
      /with zoneout its states are expectations/,
    ],
    [
      'strides and a dilation',
      () => sequence(layers.conv1D(3, 3, { padding: 'same', strides: 2, dilationRate: 2 })),
      {},
      /use padding 'valid' or 'causal'/,
    ],
    [
      'a stream both ways',
      () => sequence(layers.bidirectional(layers.lstm(3))),
      { states: true },
      /toOnnx with states: expected layers that need no later step, got 'bidirectional'/,
    ],
    [
      'a model that is not built',
      () => sequential([layers.lstm(3)]),
      {},
      /which is not built; begin it with input/,
    ],
    [
      'lengths that do not matter',
      () => sequence(layers.dense(3)),
      { lengths: true },
      /where none takes the mask of its input/,
    ],
    [
      'lengths without a time',
      () => sequential([layers.input({ shape: [3] }), layers.dense(2)], { device }),
      { lengths: true },
      /expected one input with a time axis/,
    ],
    [
      'an option that is not there',
      () => sequence(layers.dense(3)),
      { padding: 'pre' as 'any' },
      /padding to be one of any, post/,
    ],
    [
      'an option with another name',
      () => sequence(layers.dense(3)),
      { state: true } as ToOnnxOptions,
      /did you mean 'states'/,
    ],
  ])('refuses %s', async (_, make, options, problem) => {
    await expect(toOnnx(make(), options)).rejects.toThrow(problem);
  });
});
