/** Models, devices, callbacks and metrics. */
import { on } from './factory.ts';
import type { Factory } from './factory.ts';

const NET = `const net = sequential([layers.input({ shape: [3, 2] }), layers.lstm(2), layers.dense(1)], { seed: 1 });
const x = [[[0, 1], [1, 0], [1, 1]], [[1, 1], [0, 0], [0, 1]]];
const y = [[1], [0]];
`;
const COMPILED = `${NET}net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
await net.trainOnBatch(x, y);
`;
const NUMBERS_STAY = 'await finite(await net.getWeights());';

const DEVICE_USE = `const device = MADE;
setDevice(device);
await train(sequential([layers.input({ shape: [3, 2] }), layers.lstm(2)]), [[[0, 1], [1, 0], [1, 1]]]);
device.destroy();`;

const FIT = {
  batchSize: 32,
  epochs: 1,
  initialEpoch: 0,
  verbose: 0,
  validationSplit: 0,
  validationData: null,
  validationBatchSize: 32,
  validationSteps: 1,
  shuffle: true,
  seed: 1,
  classWeight: null,
  sampleWeight: null,
  stepsPerEpoch: 1,
  signal: null,
  readEvery: 1,
  output: null,
  callbacks: null,
};

const LANGUAGE = `const net = sequential([layers.input({ shape: [null], dtype: 'int32' }), layers.embedding(5, 2), layers.lstm(3, { returnSequences: true }), layers.dense(5)], { seed: 1 });
`;

const trained = (metric: string): string =>
  `${NET}net.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [MADE] });
await finite(await net.fit(x, y, { verbose: 0 }));`.replace('MADE', metric);
const calledBack = `${COMPILED}await net.fit(x, y, { epochs: 3, verbose: 0, validationData: [x, y], callbacks: [MADE] });
${NUMBERS_STAY}`;

export const MODEL_FACTORIES: readonly Factory[] = [
  on(
    NET,
    'net.compile(OPTIONS)',
    { optimizer: 'rmsprop', loss: null, metrics: null, weightedMetrics: null, lossWeights: null },
    {
      given: "loss: 'meanSquaredError', ",
      use: `MADE;\nawait finite(await net.fit(x, y, { verbose: 0 }), await net.getWeights());`,
    },
  ),
  on(COMPILED, 'unchanged(net, (given) => net.fit(x, y, given), OPTIONS)', FIT, {
    given:
      'verbose: 0, callbacks: [{ onEpochEnd: (epoch) => { net.stopTraining = epoch > 3; } }], ',
    use: `await MADE;\n${NUMBERS_STAY}`,
  }),
  on(
    COMPILED,
    'net.evaluate(x, y, OPTIONS)',
    {
      batchSize: 32,
      sampleWeight: null,
      classWeight: null,
      steps: 1,
      verbose: 0,
      signal: null,
      output: null,
    },
    { given: 'verbose: 0, ' },
  ),
  on(COMPILED, 'net.predict(x, OPTIONS)', { batchSize: 32 }),
  on(
    COMPILED,
    'unchanged(net, (given) => net.trainOnBatch(x, y, given), OPTIONS)',
    { sampleWeight: null, classWeight: null },
    { use: `await finite(await MADE);\n${NUMBERS_STAY}` },
  ),
  on(COMPILED, 'net.testOnBatch(x, y, OPTIONS)', { sampleWeight: null, classWeight: null }),
  on(
    COMPILED,
    'net.stream(OPTIONS)',
    { streams: 1, joined: 1 },
    {
      use: 'const s = MADE;\nif (s.streams < 100) await finite(await s.step(Array.from({ length: s.streams }, () => [0, 1])));',
    },
  ),
  on(
    LANGUAGE,
    'generate.generate(net, OPTIONS)',
    {
      prefix: null,
      inputs: null,
      initialState: null,
      maxNewTokens: 3,
      doSample: false,
      temperature: 1,
      topK: 0,
      topP: 1,
      numBeams: 1,
      numReturnSequences: 1,
      lengthPenalty: 1,
      stopTokens: null,
      forbiddenTokens: null,
      forcedTokens: null,
      seed: 1,
      signal: null,
      fromLogits: true,
    },
    {
      given: 'prefix: [[1]], maxNewTokens: 3, signal: AbortSignal.timeout(2000), ',
      use: 'await finite(await MADE);',
    },
  ),
  on(
    '',
    'sequential([layers.input({ shape: [2] }), layers.dense(1)], OPTIONS)',
    { name: 'model', seed: 1, device: null },
    { use: 'await train(MADE, [[1, 2]]);' },
  ),
  on(
    'const i = layers.input({ shape: [2] });\n',
    'model(OPTIONS)',
    { name: 'model', seed: 1, device: null, inputs: null, outputs: null },
    {
      given: 'inputs: i, outputs: layers.dense(1).apply(i), ',
      use: 'await train(MADE, [[1, 2]]);',
    },
  ),
  on('', 'cpu(OPTIONS)', { precision: 'float32', sequence: null }, { use: DEVICE_USE }),
  on(
    '',
    'await wasm(OPTIONS)',
    { build: 'plain', threads: 1, sequence: null, poison: false },
    { use: DEVICE_USE },
  ),
  on(
    '',
    'layers.lstm(2).apply(layers.input({ shape: [3, 2] }), OPTIONS)',
    { mask: null, initialState: null },
    {
      use: 'const o = MADE;\nawait train(model({ inputs: [o.call.inputs[0]], outputs: o }), [[[0, 1], [1, 0], [1, 1]]]);',
    },
  ),
  on(
    COMPILED,
    'loadModel(await net.save(), OPTIONS)',
    { device: null, compile: null },
    { use: 'await finite(await (await MADE).predict(x));' },
  ),
  // ---- callbacks ----
  on(
    '',
    'callbacks.earlyStopping(OPTIONS)',
    {
      monitor: 'valLoss',
      mode: 'auto',
      minDelta: 0,
      patience: 0,
      baseline: null,
      restoreBestWeights: false,
      startFromEpoch: 0,
    },
    { use: calledBack },
  ),
  on(
    '',
    'callbacks.reduceLROnPlateau(OPTIONS)',
    {
      monitor: 'valLoss',
      mode: 'auto',
      minDelta: 1e-4,
      factor: 0.1,
      patience: 10,
      cooldown: 0,
      minLearningRate: 0,
    },
    { use: calledBack, given: 'patience: 1, ' },
  ),
  on(
    '',
    'callbacks.modelCheckpoint(OPTIONS)',
    {
      monitor: 'valLoss',
      mode: 'auto',
      minDelta: 0,
      save: null,
      saveBestOnly: false,
      initialValueThreshold: null,
    },
    { use: calledBack, given: 'save: () => undefined, ' },
  ),
  // ---- metrics ----
  ...['binaryAccuracy', 'precision', 'recall'].map((name) =>
    on('', `metrics.${name}(OPTIONS)`, { name: 'm', threshold: 0.5 }, { use: trained('MADE') }),
  ),
  ...['topKCategoricalAccuracy', 'sparseTopKCategoricalAccuracy'].map((name) =>
    on(
      '',
      `metrics.${name}(OPTIONS)`,
      { name: 'm', k: 5 },
      { use: trained('MADE'), given: 'k: 1, ' },
    ),
  ),
  on(
    '',
    'metrics.perplexity(OPTIONS)',
    { name: 'm', fromLogits: false, maskTokenId: null },
    { use: 'MADE;' },
  ),
  on('', 'metrics.labelErrorRate(OPTIONS)', { name: 'm', blank: 0 }, { use: 'MADE;' }),
];
