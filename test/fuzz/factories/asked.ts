/** Layers, cells, optimizers, schedules, initializers and losses: they are asked for their options. */
import * as gatefold from '../../../src/index.ts';
import { runCode } from '../program.ts';
import type { Factory } from './factory.ts';

const { cells, initializers, layers, losses, optimizers } = gatefold;

const STEPS = '{ shape: [3, 2] }';
const SEQUENCE = '[[[0, 1], [1, 0], [1, 1]], [[1, 1], [0, 0], [0, 1]]]';
const IDS = "{ shape: [3], dtype: 'int32' }";
const TOKENS = '[[1, 2, 0], [3, 1, 1]]';
const PICTURE = '{ shape: [4, 4, 1] }';
const PIXELS =
  '[[[[1], [2], [0], [1]], [[0], [1], [2], [1]], [[1], [1], [0], [0]], [[2], [1], [0], [1]]]]';

const one = (input: string, x: string): string => `const i = layers.input(${input});
const net = model({ inputs: i, outputs: [MADE.apply(i)].flat(), seed: 1 });
await train(net, ${x});`;
const two = `const [i, j] = [layers.input(${STEPS}), layers.input(${STEPS})];
const net = model({ inputs: [i, j], outputs: [MADE.apply([i, j])].flat(), seed: 1 });
await train(net, [${SEQUENCE}, ${SEQUENCE}]);`;
const onSteps = one(STEPS, SEQUENCE);
const inRnn = one(STEPS, SEQUENCE).replace('MADE', 'layers.rnn(MADE)');

/** What stands before the options, and the use; layers with a number of units and a sequence are the rule. */
const LAYERS: Readonly<Record<string, readonly [args: string, use?: string]>> = {
  input: ['', 'MADE;'],
  embedding: ['5, 2, ', one(IDS, TOKENS)],
  bidirectional: ['layers.lstm(2, { returnSequences: true }), '],
  timeDistributed: ['layers.dense(2), '],
  masking: [''],
  activation: ["'tanh', "],
  dropout: ['0.2, '],
  spatialDropout1D: ['0.2, '],
  rnn: ['cells.lstm(2), '],
  jordanRNN: ['2, 2, '],
  scrn: ['2, 2, '],
  convLSTM1D: [
    '2, 2, ',
    one(
      '{ shape: [3, 4, 1] }',
      '[[[[1], [2], [0], [1]], [[0], [1], [2], [1]], [[2], [1], [0], [1]]]]',
    ),
  ],
  clockworkRNN: ['2, ', onSteps],
  projectedLSTM: ['3, '],
  conv1D: ['2, 2, '],
  conv2D: ['2, 2, ', one(PICTURE, PIXELS)],
  maxPooling2D: ['2, ', one(PICTURE, PIXELS)],
  sampledSoftmax: ['4, ', 'MADE;'],
  globalAveragePooling1D: [''],
  globalMaxPooling1D: [''],
  batchNormalization: [''],
  layerNormalization: [''],
  flatten: [''],
  reshape: ['[6], '],
  repeatVector: ['2, ', one('{ shape: [2] }', '[[1, 2]]')],
  concatenate: ['', two],
  add: ['', two],
  subtract: ['', two],
  multiply: ['', two],
  average: ['', two],
  maximum: ['', two],
  minimum: ['', two],
  attention: ['', two],
  additiveAttention: ['', two],
  multiHeadAttention: ['2, 2, ', two],
  scheduledSampling: ['0.2, ', 'MADE;'],
};
const GIVEN: Readonly<Record<string, string>> = {
  clockworkRNN: 'periods: [1, 2], ',
  projectedLSTM: 'projectionUnits: 2, ',
  sampledSoftmax: 'numSampled: 2, ',
  input: 'shape: [3], ',
};
const CELLS: Readonly<Record<string, readonly [args: string, use?: string]>> = {
  stacked: ['[cells.lstm(2), cells.gru(2)], '],
  residual: ['cells.gru(2), '],
  highway: ['cells.gru(2), '],
  jordan: ['2, 2, '],
  scrn: ['2, 2, '],
  convLSTM1D: ['2, 2, ', LAYERS.convLSTM1D[1]!.replace('MADE', 'layers.rnn(MADE)')],
  attention: ['cells.gru(2), ', 'MADE;'],
};

const TDNN = { kernelSize: 3, dilationRates: null, trainable: true, activation: 'relu' };

/** What a config holds, made by the very call that is tried. */
async function described(call: string, given: string, use: string, more = {}): Promise<Factory> {
  const made = (await runCode(`return ${call.replace('OPTIONS', `{ ${given} }`)};`)) as {
    getConfig?(): Record<string, unknown>;
    config?: Record<string, unknown>;
  };
  const {
    name: _,
    className: __,
    units: ___,
    ...defaults
  } = made.getConfig?.() ?? made.config ?? {};
  return { call, given, use, defaults: { ...defaults, ...more } };
}

const OPTIMIZER_USE = `const net = sequential([layers.input({ shape: [2] }), layers.dense(2), layers.dense(1)], { seed: 1 });
await train(net, [[1, 2], [0, 1]], { optimizer: MADE });`;
const RATE_USE = OPTIMIZER_USE.replace('MADE', 'optimizers.sgd({ learningRate: MADE })');

const INITIALIZER_USE = `const net = sequential([layers.input({ shape: [2] }), layers.dense(2, { kernelInitializer: MADE })], { seed: 1 });
await train(net, [[1, 2]]);`;

const RATES: Readonly<Record<string, string>> = {
  exponentialDecay: 'initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5, ',
  inverseTimeDecay: 'initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5, ',
  piecewiseConstantDecay: 'boundaries: [1, 2], values: [0.1, 0.2, 0.3], ',
  polynomialDecay: 'initialLearningRate: 0.1, decaySteps: 3, ',
  cosineDecay: 'initialLearningRate: 0.1, decaySteps: 3, ',
  cosineDecayRestarts: 'initialLearningRate: 0.1, firstDecaySteps: 3, ',
};

const functionsOf = (object: object): string[] =>
  Object.entries(object).flatMap(([name, value]) =>
    typeof value === 'function' && /^(?!(get|has|find)[A-Z])[a-z]/.test(name) ? name : [],
  );

const NO_LOSS = [
  'alignTo',
  'computeLoss',
  'reduceLoss',
  'labelsFor',
  'matchShapes',
  'sampleMixture',
];
const LOSS_DATA: Readonly<Record<string, readonly [last: string, y: string]>> = {
  binaryCrossentropy: ["layers.dense(1, { activation: 'sigmoid' })", '[[1], [0]]'],
  categoricalCrossentropy: ["layers.dense(3, { activation: 'softmax' })", '[[1, 0, 0], [0, 0, 1]]'],
  sparseCategoricalCrossentropy: ["layers.dense(3, { activation: 'softmax' })", '[1, 2]'],
  poisson: ["layers.dense(2, { activation: 'softplus' })", '[[1, 2], [0, 1]]'],
  klDivergence: ["layers.dense(2, { activation: 'softmax' })", '[[0.5, 0.5], [1, 0]]'],
  mixtureDensity: ['layers.dense(6)', '[[1, 2, 0], [0, 1, 1]]'],
};

function lossUse(name: string): string {
  if (name === 'ctc') return 'MADE;';
  const [last, y] = LOSS_DATA[name] ?? ['layers.dense(2)', '[[1, 2], [0, 1]]'];
  return `const net = sequential([layers.input({ shape: [2] }), ${last}], { seed: 1 });
net.compile({ optimizer: 'sgd', loss: MADE });
await finite(await net.fit([[1, 2], [0, 1]], ${y}, { epochs: 2, verbose: 0 }), await net.getWeights());`;
}

/** Options of losses beside the reduction: a loss shows only those that it was given. */
const LOSS_OPTIONS: Readonly<Record<string, object>> = {
  binaryCrossentropy: { fromLogits: false, labelSmoothing: 0 },
  categoricalCrossentropy: { fromLogits: false, labelSmoothing: 0 },
  sparseCategoricalCrossentropy: { fromLogits: false, labelSmoothing: 0, ignoreClass: null },
  huber: { delta: 1 },
  ctc: { blank: 0, zeroInfinity: false },
  mixtureDensity: { minScale: 1e-3 },
};

/** All that can be asked for its options. */
export const askedFactories = (): Promise<Factory[]> =>
  Promise.all([
    ...functionsOf(layers).map((name) => {
      // A model, which has no options any more.
      if (name === 'tdnn')
        return { call: 'layers.tdnn(2, OPTIONS)', use: onSteps, defaults: TDNN } satisfies Factory;
      const [args, use = onSteps] = LAYERS[name] ?? ['2, '];
      return described(`layers.${name}(${args}OPTIONS)`, GIVEN[name] ?? '', use);
    }),
    ...functionsOf(cells).map((name) => {
      const [args, use = inRnn] = CELLS[name] ?? ['2, '];
      return described(`cells.${name}(${args}OPTIONS)`, '', use);
    }),
    ...functionsOf(optimizers).map((name) =>
      described(`optimizers.${name}(OPTIONS)`, '', OPTIMIZER_USE),
    ),
    ...Object.keys(RATES).map((name) =>
      described(`schedules.${name}(OPTIONS)`, RATES[name], RATE_USE),
    ),
    ...functionsOf(initializers).map((name) =>
      described(`initializers.${name}(OPTIONS)`, '', INITIALIZER_USE),
    ),
    ...functionsOf(losses)
      .filter((name) => !NO_LOSS.includes(name))
      .map((name) => {
        const more = { reduction: 'sum', ...LOSS_OPTIONS[name] };
        return described(`losses.${name}(OPTIONS)`, '', lossUse(name), more);
      }),
  ]);
