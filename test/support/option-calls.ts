/** Every public function that takes options, called with those of the test beside what it needs. */
import * as audio from '../../src/audio/index.ts';
import * as data from '../../src/data/index.ts';
import * as generate from '../../src/generate/index.ts';
import * as gatefold from '../../src/index.ts';
import type { Device, Model } from '../../src/index.ts';
import * as profile from '../../src/profile/index.ts';
import * as stepper from '../../src/stepper/index.ts';
import * as text from '../../src/text/index.ts';
import * as trace from '../../src/trace/index.ts';
import * as vectors from '../../src/vectors/index.ts';

const { layers, losses, ops, tensor } = gatefold;
const { Dataset } = data;

/** By the name of a namespace of the index, or of another entry; '' is the index. */
export const ENTRIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '': gatefold,
  ...Object.fromEntries(
    ('losses metrics optimizers schedules initializers layers cells ops callbacks' as const)
      .split(' ')
      .map((name) => [name, (gatefold as unknown as Record<string, object>)[name]]),
  ),
  ...{ audio, data, generate, profile, stepper, text, trace, vectors },
};

/** Places of a function's name in these tables are the namespace, a dot, and the name. */
type Options = Record<string, unknown>;
export type Call = (options: Options) => unknown;

/** What `sizes` come first, and what options must be there. */
const made = (make: unknown, ...first: unknown[]): Call => {
  return (options) => (make as (...given: unknown[]) => unknown)(...first, options);
};

const FIRST: Readonly<Record<string, readonly unknown[]>> = {
  ...Object.fromEntries(
    'simpleRNN lstm gru dense peepholeLSTM layerNormLSTM indRNN minimalGatedUnit sLSTM minGRU minLSTM sru lru tdnn repeatVector'
      .split(' ')
      .map((name) => [`layers.${name}`, [4]]),
  ),
  'layers.clockworkRNN': [4],
  'layers.projectedLSTM': [4],
  'layers.jordanRNN': [3, 2],
  'layers.scrn': [3, 2],
  'layers.carryLSTM': [3],
  'layers.clippedLSTM': [3],
  'layers.convLSTM1D': [2, 3],
  'layers.conv1D': [2, 3],
  'layers.conv2D': [2, 3],
  'layers.maxPooling2D': [2],
  'layers.embedding': [9, 4],
  'layers.activation': ['relu'],
  'layers.dropout': [0.5],
  'layers.spatialDropout1D': [0.5],
  'layers.reshape': [[1, -1]],
  'layers.multiHeadAttention': [2, 3],
  'layers.scheduledSampling': [0.5],
  'layers.sampledSoftmax': [9],
  'cells.lstm': [3],
  'cells.gru': [3],
  'cells.simpleRNN': [3],
  'cells.jordan': [3, 2],
  'cells.scrn': [3, 2],
  'cells.carryLSTM': [3],
  'cells.clippedLSTM': [3],
  'cells.convLSTM1D': [2, 3],
};
/** Made anew for each call: a layer takes them over. */
const MADE: Readonly<Record<string, () => unknown>> = {
  'layers.bidirectional': () => layers.lstm(3),
  'layers.timeDistributed': () => layers.dense(3),
  'layers.rnn': () => gatefold.cells.gru(3),
  'cells.stacked': () => [gatefold.cells.gru(3)],
  'cells.residual': () => gatefold.cells.gru(3),
  'cells.highway': () => gatefold.cells.gru(3),
  'cells.attention': () => gatefold.cells.gru(3),
};
const NEEDED: Readonly<Record<string, Options>> = {
  'layers.projectedLSTM': { projectionUnits: 2 },
  'layers.sampledSoftmax': { numSampled: 3 },
  'layers.input': { shape: [3] },
  'schedules.exponentialDecay': { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 },
  'schedules.inverseTimeDecay': { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 },
  'schedules.piecewiseConstantDecay': { boundaries: [3], values: [0.1, 0.01] },
  'schedules.polynomialDecay': { initialLearningRate: 0.1, decaySteps: 10 },
  'schedules.cosineDecay': { initialLearningRate: 0.1, decaySteps: 10 },
  'schedules.cosineDecayRestarts': { initialLearningRate: 0.1, firstDecaySteps: 10 },
  'callbacks.modelCheckpoint': { path: 'somewhere' },
};

/** In these namespaces every function takes options but the ones named here. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  losses: ['findLoss', 'getLoss', 'hasLoss', 'alignTo', 'labelsFor', 'matchShapes'],
  metrics: ['getMetric', 'editDistance', 'lossMetric'],
  optimizers: ['getOptimizer', 'Optimizer', 'StepGuard'],
  schedules: ['getSchedule'],
  initializers: ['getInitializer'],
  layers: [],
  cells: [],
  callbacks: ['learningRateScheduler'],
};

/** A model to call the functions of, built and compiled. */
export function someModel(device: Device = gatefold.cpu()): Model {
  const model = gatefold.sequential(
    [layers.input({ shape: [null, 2] }), layers.lstm(3, { name: 'lstm' }), layers.dense(1)],
    { device, seed: 1 },
  );
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

/** Ids to logits. */
function languageModel(): Model {
  const first = layers.input({ shape: [null], dtype: 'int32' });
  const parts = [
    layers.embedding(5, 3),
    layers.lstm(3, { returnSequences: true }),
    layers.dense(5),
  ];
  return gatefold.sequential([first, ...parts], { device: gatefold.cpu(), seed: 1 });
}

const X = [[[1, 2], [3, 4]]]; // prettier-ignore
const [Y, LINES, SAMPLES] = [
  [1],
  'a,b\n1,2\n',
  Float32Array.from({ length: 64 }, (_, i) => 1.5 + Math.sin(i)),
];
/** Where tensors of operations are made. */
const onDevice = gatefold.cpu();
const numbers = (...shape: number[]) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tensor(Float32Array.from({ length: size }, (_, i) => (i + 1) / (size + 1)), shape, 'float32', onDevice); // prettier-ignore
};
const ids = (...values: number[]) => tensor(Int32Array.from(values), [values.length], 'int32', onDevice); // prettier-ignore
const texts = () => new text.TextVectorization({ vocabulary: ['a', 'b'] });
const words = new vectors.WordVectors(['a', 'b'], 1, Float32Array.of(1, 2));
const bytes = [new TextEncoder().encode(LINES)];
const mel = { sampleRate: 100, nFft: 16, hopLength: 8, nMels: 4 };
const frames = { data: SAMPLES, shape: [16, 4] as const };
const first = <T>(all: AsyncIterable<T>): unknown => all[Symbol.asyncIterator]().next();
const reductions = 'sum mean sumSquares max min logSumExp variance norm'.split(' ');
const crossEntropies = 'softmax categorical sigmoid binary'.split(' ');

export const CALLS: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    Object.entries(ALL).flatMap(([space, others]) =>
      Object.entries(ENTRIES[space])
        .filter(([name, value]) => typeof value === 'function' && !others.includes(name))
        .map(([name, make]) => {
          const key = `${space}.${name}`;
          const call: Call = (options) => {
            const sizes = MADE[key] ? [MADE[key]()] : (FIRST[key] ?? []);
            return made(make, ...sizes)({ ...NEEDED[key], ...options });
          };
          return [key, call];
        }),
    ),
  ),
  'losses.sampleMixture': (o) =>
    losses.sampleMixture(new Float32Array(7), { random: new gatefold.Random(1), ...o }),
  'losses.reduceLoss': (o) => losses.reduceLoss(numbers(2), o),
  'losses.computeLoss': (o) =>
    losses.computeLoss(losses.meanSquaredError(), numbers(2, 1), numbers(2, 1), o),
  'metrics.meanMetric': (o) => gatefold.metrics.meanMetric('own', (y) => y, o),

  // ---- operations
  ...Object.fromEntries(
    reductions.map((name) => [
      `ops.${name}`,
      made((ops as unknown as Options)[name], numbers(2, 3)),
    ]),
  ),
  ...Object.fromEntries(
    crossEntropies.map((name) => [
      `ops.${name}CrossEntropy`,
      made((ops as unknown as Options)[`${name}CrossEntropy`], numbers(2, 3), numbers(2, 3)),
    ]),
  ),
  'ops.matmul': (o) => ops.matmul(numbers(2, 3), numbers(3, 2), o),
  'ops.scan': (o) => ops.scan(numbers(1, 2, 4), numbers(1, 2, 4), o),
  'ops.embedding': (o) => ops.embedding(numbers(3, 2), ids(0, 2), o),
  'ops.dropout': (o) => ops.dropout(numbers(4), 0.5, { seed: 1, step: 0, ...o }),
  'ops.dropoutMask': (o) => ops.dropoutMask(onDevice, [4], 0.5, { seed: 1, step: 0, ...o }),
  'ops.ctcLoss': (o) => ops.ctcLoss(numbers(1, 3, 4), [[1]], o),
  'ops.ctcDecode': (o) => ops.ctcDecode(numbers(1, 3, 4), o),
  'ops.sampledSoftmaxLoss': (o) =>
    ops.sampledSoftmaxLoss(numbers(5, 2), null, ids(0, 2), numbers(2, 2), {
      ...{ numSampled: 2, seed: 1, ...o },
    }),
  'ops.recurrent': (o) =>
    ops.recurrent(
      numbers(1, 2, 3),
      [
        {
          ...{ kernel: numbers(3, 2), recurrentKernel: numbers(2, 2), bias: null },
          ...{ initialState: null, reverse: false, recurrentDropout: null },
        },
      ],
      { cell: 'simple', ...o },
    ),

  // ---- devices and tensors
  cpu: (o) => gatefold.cpu(o),
  webgpu: (o) => gatefold.webgpu(o),
  wasm: (o) => gatefold.wasm(o),
  best: (o) => gatefold.best(o),
  variable: (o) => gatefold.variable([1, 2], { device: onDevice, ...o }),

  // ---- models
  input: (o) => gatefold.input({ shape: [3], ...o }),
  'Layer.apply': (o) => layers.lstm(3).apply(layers.input({ shape: [null, 2] }), o),
  sequential: (o) => gatefold.sequential([layers.dense(1)], o),
  model: (o) => {
    const inputs = layers.input({ shape: [2] });
    const outputs = layers.dense(1).apply(inputs);
    return gatefold.model({ inputs, outputs, device: gatefold.cpu(), ...o });
  },
  'Model.compile': (o) => someModel().compile({ loss: 'meanSquaredError', ...o }),
  'Model.fit': (o) => someModel().fit(X, Y, { verbose: 0, ...o }),
  'Model.evaluate': (o) => someModel().evaluate(X, Y, { verbose: 0, ...o }),
  'Model.predict': (o) => someModel().predict(X, o),
  'Model.call': (o) => someModel().call(X, o),
  'Model.trainOnBatch': (o) => someModel().trainOnBatch(X, Y, o),
  'Model.testOnBatch': (o) => someModel().testOnBatch(X, Y, o),
  'Model.stream': (o) => someModel().stream(o),
  'Stream.step': (o) =>
    someModel()
      .stream()
      .step([[1, 2]], o),
  'Stream.join': (o) => someModel().stream({ joined: 0 }).join(o),
  'Stream.reset': (o) => someModel().stream().reset(0, o),
  loadModel: async (o) => {
    const saved = await someModel().save();
    return gatefold.loadModel(saved, { device: gatefold.cpu(), ...o });
  },
  'generate.generate': (o) =>
    generate.generate(languageModel(), { prefix: [[1]], maxNewTokens: 2, ...o }).then((all) => all),

  // ---- gatefold/data
  'data.Dataset.fromGenerator': (o) => Dataset.fromGenerator(() => [1], o),
  'data.Dataset.shuffle': (o) => Dataset.of([1, 2]).shuffle(1, o).toArray(),
  'data.Dataset.batch': (o) => Dataset.of([1, 2]).batch(2, o).toArray(),
  'data.Dataset.paddedBatch': (o) =>
    Dataset.of([[1], [1, 2]])
      .paddedBatch(2, o)
      .toArray(),
  'data.Dataset.bucketByLength': (o) =>
    Dataset.of([[1], [1, 2]]).bucketByLength({ width: 2, batchSize: 1, ...o }).toArray(), // prettier-ignore
  'data.Dataset.split': (o) => Dataset.of([1, 2]).split(0.5, o).map((one) => one.toArray()), // prettier-ignore
  'data.readAclImdb': (o) => data.readAclImdb('nowhere', { subset: 'train', ...o }),
  'data.readLines': (o) => data.readLines(bytes, o).toArray(),
  'data.readCsv': (o) => data.readCsv(bytes, o),
  'data.readTsv': (o) => data.readTsv(bytes, o).toArray(),
  'data.readTar': (o) => first(data.readTar(bytes, o)),
  'data.textStreams': (o) =>
    data.textStreams([1, 2, 3, 4, 5], { batchSize: 2, sequenceLength: 2, ...o }).toArray(),

  // ---- gatefold/text
  'text.wordHashing': (o) => text.wordHashing(['ab'], o),
  'text.padSequences': (o) => text.padSequences([[1], [1, 2]], o),
  'text.TextVectorization': (o) => new text.TextVectorization(o),
  'text.TextVectorization.adapt': (o) => new text.TextVectorization().adapt(['a b'], o),
  'text.TextVectorization.vectorizeAll': (o) => first(texts().vectorizeAll(['a'], o)),
  'text.TextVectorization.fromConfig': (o) =>
    text.TextVectorization.fromConfig(texts().getConfig(), o),
  'text.SubwordEncoder.buildFromCorpus': (o) =>
    text.SubwordEncoder.buildFromCorpus(['ab ab ac'], 260, o),
  'text.hashingTrick': (o) => text.hashingTrick('a b', 7, o),
  'text.hashCollisions': (o) => text.hashCollisions(['a', 'b'], 7, o),
  'text.oneHotHashing': (o) => text.oneHotHashing('a b', 7, o),
  'text.oneHot': (o) => text.oneHot(['a'], ['a', 'b'], o),
  'text.skipGrams': (o) => text.skipGrams([1, 2, 3], 4, o),
  'text.Tokenizer': (o) => new text.Tokenizer(o),
  'text.textToWordSequence': (o) => text.textToWordSequence('a b', o),
  'text.teacherForcing': (o) => text.teacherForcing([[5]], { startToken: 1, stopToken: 2, ...o }),

  // ---- gatefold/vectors
  'vectors.readWordVectors': (o) => vectors.readWordVectors(bytes, o),
  'vectors.trainWordVectors': (o) =>
    vectors.trainWordVectors([['a', 'b', 'a', 'b']], {
      ...{ minCount: 1, dimension: 4, epochs: 1, device: onDevice, ...o },
    }),
  'vectors.WordVectors.toText': (o) => words.toText(o),
  'vectors.WordVectors.save': (o) => words.save('/dev/null/at/all', o),

  // ---- gatefold/audio
  'audio.encodeWav': (o) => audio.encodeWav({ sampleRate: 100, channels: [SAMPLES] }, o),
  'audio.encodeMidi': (o) => audio.encodeMidi([{ notes: [] }], o),
  'audio.getWindow': (o) => audio.getWindow('hann', 8, o),
  'audio.stft': (o) => audio.stft(SAMPLES, { nFft: 16, ...o }),
  'audio.melFilterbank': (o) => audio.melFilterbank({ ...mel, ...o }),
  'audio.melSpectrogram': (o) => audio.melSpectrogram(SAMPLES, { ...mel, ...o }),
  'audio.logMelSpectrogram': (o) => audio.logMelSpectrogram(SAMPLES, { ...mel, ...o }),
  'audio.powerToDb': (o) => audio.powerToDb(frames, o),
  'audio.mfcc': (o) => audio.mfcc(SAMPLES, { ...mel, nMfcc: 3, ...o }),
  'audio.mfccFromLogMel': (o) => audio.mfccFromLogMel(frames, { nMfcc: 3, ...o }),
  'audio.delta': (o) => audio.delta(frames, o),

  // ---- gatefold/trace
  'trace.traceModel': (o) => trace.traceModel(someModel(), 'lstm', X, o),
  'trace.traceLayer': (o) => trace.traceLayer(someModel().getLayer('lstm') as never, X, o),

  // ---- gatefold/profile
  'profile.profile': (o) => profile.profile(onDevice, () => undefined, o),
  'profile.autotune': (o) => profile.autotune(onDevice, () => undefined, o),
};
