/** Numbers in files: whatever they claim, nothing is made of a size that the file does not hold. Runs in Chromium, Node and Deno. */
import { describe, expect, it } from 'vitest';
import { decodeWav, encodeWav } from '../../src/audio/index.ts';
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { readTar } from '../../src/data/index.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  loadModel,
  layers,
  losses,
  model as graph,
  optimizers,
  sequential,
} from '../../src/index.ts';
import type { Layer, Model, Tensor } from '../../src/index.ts';
import * as cells from '../../src/layers/cells/index.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { CLASSES } from '../../src/model/layer_classes/all.generated.ts';
import { TextVectorization, Tokenizer } from '../../src/text/index.ts';
import { readWordVectors } from '../../src/vectors/index.ts';
import { gzip, pieces, tar, utf8 } from '../data/support.ts';

/** What stands in place of a number: too large for memory, for 53 bits, for a float; less than nothing, a part, and none. */
const DAMAGE: readonly unknown[] = [2 ** 31, 2 ** 53, 1e308, -1, 0.5, null, 'NaN'];
/** A second is long: each takes some milliseconds. */
const QUICKLY = 2000;

/** How something went, and whether it took long. */
async function outcome(run: () => unknown): Promise<string> {
  const began = performance.now();
  let found = 'taken';
  try {
    await run();
  } catch (error) {
    const { message, constructor } = error as Error;
    // An error of the engine would be one that nobody has thought of.
    found = constructor === Error ? 'refused' : `${constructor.name}: ${message}`;
  }
  const took = performance.now() - began;
  return took < QUICKLY ? found : `${found} after ${Math.round(took)} ms`;
}

describe('a number in the header', () => {
  const little = (bits: number) => (value: number) => {
    const bytes = new Uint8Array(bits / 8);
    for (let i = 0, rest = BigInt(value); i < bytes.length; i++, rest >>= 8n)
      bytes[i] = Number(rest & 255n);
    return bytes;
  };
  /** The bytes with those of a number in another place. */
  const at = (bytes: Uint8Array, place: number, number: Uint8Array): Uint8Array => {
    const changed = bytes.slice();
    changed.set(number, place);
    return changed;
  };
  const tensors = encodeSafetensors(new Map([['a', { shape: [2, 3], data: new Float32Array(6) }]]));
  /** With a text in its header in place of another. */
  const header = (from: string, to: string): Uint8Array => {
    const text = new TextDecoder().decode(tensors.subarray(8, tensors.length - 24)).trim();
    const changed = utf8(text.replace(from, to));
    return new Uint8Array([...little(64)(changed.length), ...changed, ...new Uint8Array(24)]);
  };
  const archive = tar([
    { path: 'pax', type: 'x', text: '12 mtime=1.\n' },
    { path: 'a', text: 'x' },
  ]);
  /** With another size of its second header, the sum of the header included. */
  const sized = (size: Uint8Array, place = 1024): Uint8Array[] => {
    const changed = at(archive, place + 124, size);
    changed.fill(0x20, place + 148, place + 156);
    const sum = changed.subarray(place, place + 512).reduce((total, byte) => total + byte, 0);
    changed.set(utf8(sum.toString(8).padStart(6, '0')), place + 148);
    return pieces(changed, 700);
  };
  const binary = (first: number, ...rest: number[]): Uint8Array => {
    const bytes = new Uint8Array(12);
    bytes.set(rest, 12 - rest.length);
    if (first === 0xff) bytes.fill(0xff, 0, 12 - rest.length);
    bytes[0] = first;
    return bytes;
  };
  const readAll = async (source: Uint8Array[]): Promise<void> => {
    for await (const file of readTar(source)) await file.bytes();
  };
  const pax = (size: string): Uint8Array[] => {
    const record = ` size=${size}\n`;
    const text = `${record.length + 2}${record}`;
    return [
      tar([
        { path: 'pax', type: 'x', text },
        { path: 'a', text: 'x' },
      ]),
    ];
  };
  const wav = encodeWav({ sampleRate: 8000, channels: [new Float32Array(50)] });
  const vectors = (text: string) => readWordVectors([utf8(`${text}\na 1 2\nb 3 4\n`)]);

  const LIST: readonly [what: string, read: () => unknown][] = [
    ...[2 ** 31, 2 ** 40, 2 ** 53].map((value): [string, () => unknown] => [
      `safetensors: the length of the header, ${value}`,
      () => decodeSafetensors(at(tensors, 0, little(64)(value))),
    ]),
    ...['2147483648', '9007199254740993', '1e308', '-1', '0.5', 'null', '"NaN"'].flatMap(
      (value): [string, () => unknown][] => [
        [
          `safetensors: an extent, ${value}`,
          () => decodeSafetensors(header('[2,3]', `[${value}]`)),
        ],
        [
          `safetensors: all but one extent, ${value}`,
          () => decodeSafetensors(header('[2,3]', `[0,${value}]`)),
        ],
        [
          `safetensors: an end, ${value}`,
          () => decodeSafetensors(header('[0,24]', `[0,${value}]`)),
        ],
        [
          `safetensors: a begin, ${value}`,
          () => decodeSafetensors(header('[0,24]', `[${value},24]`)),
        ],
      ],
    ),
    ...['77777777777', '777777777777', '-1', '0.5', 'NaN', '99', '1e9'].flatMap(
      (value): [string, () => unknown][] => [
        [`tar: a size, ${value}`, () => readAll(sized(utf8(value.padEnd(12, '\0'))))],
        [
          `tar: the size of a header, ${value}`,
          () => readAll(sized(utf8(value.padEnd(12, '\0')), 0)),
        ],
      ],
    ),
    ['tar: a size of 2^40', () => readAll(sized(binary(0x80, 1, 0, 0, 0, 0, 0)))],
    ['tar: a size of 2^94', () => readAll(sized(binary(0xbf)))],
    ['tar: a size of -1', () => readAll(sized(binary(0xff, 0xff)))],
    ['tar: a size of -2^40', () => readAll(sized(binary(0xff, 0, 0, 0, 0, 0)))],
    ...['2147483648', '1e308', '99999999999999', '-1', '0.5', 'NaN', ''].map(
      (value): [string, () => unknown] => [`tar: a long size, ${value}`, () => readAll(pax(value))],
    ),
    ...[2 ** 31, 2 ** 32 - 2].flatMap((value): [string, () => unknown][] => [
      [`wav: the size of the format, ${value}`, () => decodeWav(at(wav, 16, little(32)(value)))],
      [`wav: the size of the samples, ${value}`, () => decodeWav(at(wav, 40, little(32)(value)))],
    ]),
    ['wav: no channel', () => decodeWav(at(wav, 22, little(16)(0)))],
    ['wav: no sample rate', () => decodeWav(at(wav, 24, little(32)(0)))],
    ['wav: 65535 bits', () => decodeWav(at(wav, 34, little(16)(65535)))],
    ...['2147483648', '9'.repeat(16), '9'.repeat(400), '-1', '0.5', 'NaN', '1e9'].flatMap(
      (value): [string, () => unknown][] => [
        [`word vectors: their number, ${value}`, () => vectors(`${value} 2`)],
        [`word vectors: their dimension, ${value}`, () => vectors(`2 ${value}`)],
        [`word vectors: the dimension of none, ${value}`, () => vectors(`0 ${value}`)],
      ],
    ),
  ];

  it.each(LIST)('is refused before anything has its size: %s', async (_, read) => {
    expect(await outcome(read)).toBe('refused');
  });

  it('that sizes nothing changes nothing: channels of a sound without samples for them', async () => {
    const { channels } = decodeWav(at(wav, 22, little(16)(65535)));
    expect(new Set(channels.map(({ length }) => length))).toEqual(new Set([0]));
  });

  it('is refused at the end of gzipped data', async () => {
    const packed = await gzip(archive);
    const last = packed.length - 4;
    for (const value of [0, 2 ** 31, 2 ** 32 - 1]) {
      const changed = at(packed, last, little(32)(value));
      expect(await outcome(() => readAll(pieces(changed, 50)))).toBe('refused');
    }
  });
});

/** Layers with every option that is a number, and what they are applied to. */
function everyLayer(): readonly (readonly [
  SymbolicTensor,
  () => SymbolicTensor | SymbolicTensor[],
])[] {
  const sequence = () => layers.input({ shape: [6, 4] });
  const ids = () => layers.input({ shape: [6], dtype: 'int32' });
  const picture = () => layers.input({ shape: [6, 5, 2] });
  const one = (layer: Layer, start: SymbolicTensor = sequence()) =>
    [start, () => layer.apply<SymbolicTensor | SymbolicTensor[]>(start)] as const;
  const two = (layer: Layer, start: SymbolicTensor = sequence()) =>
    [start, () => layer.apply([start, layers.dense(4).apply(start)])] as const;
  const cell = (given: Parameters<typeof layers.rnn>[0]) => one(layers.rnn(given));
  const start = sequence();
  const scheduled = ids();
  const table = layers.embedding(7, 4);
  const labels = ids();
  return [
    one(layers.activation('gelu')),
    two(layers.add()),
    two(layers.additiveAttention({ dropout: 0.1 })),
    two(layers.attention({ scoreMode: 'concat', dropout: 0.1, seed: 3 })),
    two(layers.multiHeadAttention(2, 3, { valueDim: 4, outputShape: [5], dropout: 0.1 })),
    [
      scheduled,
      () =>
        layers
          .scheduledSampling(0.2, { rampSteps: 9, seed: 1 })
          .apply([scheduled, table.apply(scheduled)]),
    ],
    [
      start,
      () =>
        layers
          .rnn(cells.attention(cells.gru(3), { scoreMode: 'general', units: 3 }))
          .apply(start, { constants: start }),
    ],
    two(layers.average()),
    one(layers.batchNormalization({ axis: 2, momentum: 0.9, epsilon: 1e-5 })),
    one(layers.bidirectional(layers.lstm(3, { returnSequences: true, seed: 1 }))),
    one(layers.clockworkRNN(4, { periods: [1, 3] })),
    two(layers.concatenate({ axis: 1 })),
    cell(cells.carryLSTM(3)),
    cell(cells.clippedLSTM(3, { clip: 2 })),
    one(layers.rnn(cells.convLSTM1D(2, 3, { padding: 'same', strides: 2 })), picture()),
    cell(cells.gru(3, { dropout: 0.1, recurrentDropout: 0.1 })),
    cell(cells.highway(cells.lstm(4))),
    cell(cells.jordan(3, 2)),
    cell(cells.lstm(3)),
    cell(cells.residual(cells.gru(4))),
    cell(cells.scrn(4, 2, { alpha: 0.9 })),
    cell(cells.simpleRNN(3)),
    cell([cells.lstm(3), cells.gru(2)]),
    one(layers.conv1D(3, 2, { padding: 'causal', dilationRate: 2 })),
    one(layers.conv1D(3, 2, { padding: 'same', strides: 2 })),
    one(layers.conv2D(3, [2, 3], { padding: 'same', strides: 2 }), picture()),
    one(layers.dense(3)),
    one(layers.dropout(0.2, { seed: 7 })),
    one(layers.embedding(9, 4), ids()),
    one(layers.flatten()),
    one(layers.globalAveragePooling1D()),
    one(layers.globalMaxPooling1D()),
    one(layers.gru(3, { dropout: 0.1, recurrentDropout: 0.2, zoneout: 0.2, seed: 5 })),
    one(layers.indRNN(3)),
    one(layers.layerNormLSTM(3)),
    one(layers.layerNormalization({ axis: [1, 2], epsilon: 1e-5 })),
    one(layers.lru(3, { stateUnits: 4, rMin: 0.5, rMax: 0.9, maxPhase: 1, dropout: 0.1 })),
    one(layers.lstm(3, { zoneout: { output: 0.1, state: 0.5 } })),
    one(layers.masking({ maskValue: -1 })),
    two(layers.maximum()),
    one(layers.maxPooling2D([2, 3], { strides: 1, padding: 'same' }), picture()),
    one(layers.maxPooling2D(2), picture()),
    one(layers.minGRU(3)),
    one(layers.minLSTM(3)),
    one(layers.minimalGatedUnit(3)),
    two(layers.minimum()),
    two(layers.multiply()),
    one(layers.peepholeLSTM(3)),
    one(layers.projectedLSTM(5, { projectionUnits: 2 })),
    one(layers.repeatVector(4), layers.input({ shape: [3] })),
    one(layers.reshape([-1, 2])),
    [
      labels,
      () =>
        layers.sampledSoftmax(7, { numSampled: 4, seed: 3 }).apply([table.apply(labels), labels]),
    ],
    one(layers.simpleRNN(3)),
    one(layers.sLSTM(3)),
    one(layers.spatialDropout1D(0.3)),
    one(layers.sru(4)),
    two(layers.subtract()),
    one(layers.timeDistributed(layers.dense(2))),
  ];
}

type Path = readonly (string | number)[];

/** Where numbers stand in JSON. */
function numbersIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => numbersIn(part, [...path, key]));
}

/** The JSON with something else in a place. */
function withValue(json: string, path: Path, value: unknown): Record<string, unknown> {
  const changed = JSON.parse(json);
  const last = path.slice(0, -1).reduce((part, key) => part[key], changed);
  last[path.at(-1)!] = value;
  return changed;
}

/** A device that tells how large the largest tensor was that it made. */
function watched(): { device: Device; most: () => number } {
  const device = cpu();
  const { alloc } = device;
  let most = 0;
  device.alloc = (length, dtype) => {
    const storage = alloc.call(device, length, dtype);
    most = Math.max(most, length);
    return storage;
  };
  return { device, most: () => most };
}

/** Ones of the shape of an input. */
function batchFor({ inputs }: Model) {
  return inputs.map(({ shape, dtype }) => {
    const extents = [2, ...shape.slice(1).map((extent) => extent ?? 3)];
    const size = extents.reduce((product, extent) => product * extent, 1);
    const data = dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
    return { data: data.fill(1), shape: extents };
  });
}

describe('a number in the JSON of a model', () => {
  it('is tested of every layer', async () => {
    const names = new Set<string>();
    const device = cpu();
    for (const [inputs, outputs] of everyLayer()) {
      const json = JSON.stringify(graph({ inputs, outputs: outputs(), device }).getConfig());
      for (const [, name] of json.matchAll(/"className":"(\w+)"/g)) names.add(name);
    }
    expect(Object.keys(CLASSES).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(everyLayer().map((_, i) => i))(
    'sizes nothing that the file does not hold: layer %i',
    async (layer) => {
      const [inputs, outputs] = everyLayer()[layer];
      const model = graph({ inputs, outputs: outputs(), device: cpu(), seed: 1 });
      const batch = batchFor(model);
      const saved = await model.save();
      const wrong: string[] = [];
      for (const path of numbersIn(JSON.parse(saved.json)))
        for (const value of DAMAGE) {
          const { device, most } = watched();
          const json = withValue(saved.json, path, value);
          const found = await outcome(async () => {
            const loaded = await loadModel({ ...saved, json }, { device });
            if (most() > 1000) throw new RangeError(`${most()} elements before its use`);
            const results: Tensor | Tensor[] = await loaded.predict<Tensor>(batch);
            for (const one of [results].flat()) one.dispose();
          });
          if (!/^(taken|refused)$/.test(found) || most() > 1e6)
            wrong.push(`${path.join('.')} = ${String(value)}: ${found}, ${most()} elements`);
        }
      expect(wrong).toEqual([]);
    },
  );

  it('of a vocabulary sizes nothing that the file does not hold', async () => {
    const words = ['a', 'b', 'c'];
    for (const options of [
      { outputSequenceLength: 4, ngrams: 2, maxTokens: 9 },
      { outputMode: 'multiHot', ngrams: [1, 2], maxTokens: 9, padToMaxTokens: true },
      { outputMode: 'tfIdf', idfWeights: [1, 2, 3] },
    ] as const) {
      const vectorization = new TextVectorization({ ...options, vocabulary: words });
      const start = vectorization.symbolic();
      const outputs =
        vectorization.dtype === 'int32'
          ? layers.lstm(2).apply(layers.embedding(5, 3).apply(start))
          : layers.activation('relu').apply(start);
      const saved = await graph({ inputs: start, outputs, device: cpu(), seed: 1 }).save();
      const wrong: string[] = [];
      for (const path of numbersIn(JSON.parse(saved.json)))
        for (const value of DAMAGE) {
          const { device, most } = watched();
          const json = withValue(saved.json, path, value);
          const found = await outcome(async () => {
            const loaded = await loadModel({ ...saved, json }, { device });
            (await loaded.predict(['a b c b', 'c'])).dispose();
          });
          if (!/^(taken|refused)$/.test(found) || most() > 1e7)
            wrong.push(`${path.join('.')} = ${String(value)}: ${found}, ${most()} elements`);
        }
      expect(wrong).toEqual([]);
    }
  });

  it('of n-grams is refused where a text could fill the memory', async () => {
    const vectorization = new TextVectorization({ ngrams: 2, vocabulary: ['a', 'a a'] });
    const start = vectorization.symbolic();
    const model = graph({
      inputs: start,
      outputs: layers.embedding(4, 2).apply(start),
      device: cpu(),
    });
    const { json, ...bytes } = await model.save();
    const damaged = json.replace('"ngrams":2', '"ngrams":2147483648');
    await expect(loadModel({ json: damaged, ...bytes }, { device: cpu() })).rejects.toThrow(
      'load: model.json describes no model: TextVectorization: ngrams: expected a whole number of at least 1 and at most 100, got 2147483648',
    );
  });

  it('of a tokenizer is refused when it would size a matrix', () => {
    const tokenizer = new Tokenizer({ numWords: 4 });
    tokenizer.fitOnTexts(['a b c']);
    const config = { ...tokenizer.getConfig(), numWords: 2 ** 31 };
    const damaged = Tokenizer.fromConfig(config);
    expect(damaged.textsToSequences(['a b'])).toEqual([[1, 2]]);
    expect(() => damaged.textsToMatrix(['a'])).toThrow(
      'Tokenizer.sequencesToMatrix: expected at most 2^30 numbers, got 1 x 2147483648',
    );
  });

  it('of the compilation, and of the counters, is refused or does no harm', async () => {
    const model = sequential([layers.input({ shape: [2] }), layers.dense(1)], {
      device: cpu(),
      seed: 1,
    });
    const schedules = optimizers.schedules;
    const wrong: string[] = [];
    for (const learningRate of [
      0.1,
      schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.9 }),
      schedules.piecewiseConstantDecay({ boundaries: [2, 4], values: [0.1, 0.2, 0.3] }),
      schedules.polynomialDecay({ initialLearningRate: 0.1, decaySteps: 5, cycle: true }),
      schedules.cosineDecay({
        initialLearningRate: 0.1,
        decaySteps: 5,
        warmupTarget: 1,
        warmupSteps: 2,
      }),
      schedules.cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 5 }),
    ]) {
      model.compile({ optimizer: optimizers.adam({ learningRate }), loss: losses.huber() });
      await model.fit([[1, 2]], [1], { verbose: 0 });
      const saved = await model.save();
      const { tensors, metadata } = decodeSafetensors(saved.weights);
      const counters = ['epoch', 'iterations', 'seed'].map((name): Path => ['metadata', name]);
      const compiled = numbersIn(JSON.parse(saved.json).compile, ['compile']);
      for (const path of [...compiled, ...counters])
        for (const value of DAMAGE) {
          const isCounter = path[0] === 'metadata';
          const changed = isCounter ? { ...metadata, [path[1]]: String(value) } : metadata;
          const json = isCounter ? saved.json : withValue(saved.json, path, value);
          const found = await outcome(async () => {
            const file = { json, weights: encodeSafetensors(tensors, changed) };
            const loaded = await loadModel(file, { device: cpu() });
            await loaded.fit([[1, 2]], [1], { verbose: 0 });
          });
          if (!/^(taken|refused)$/.test(found))
            wrong.push(`${path.join('.')} = ${String(value)}: ${found}`);
        }
    }
    expect(wrong).toEqual([]);
  });
});
