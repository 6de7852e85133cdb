/** Saved models and other files that hold a part of one: changed anywhere, loaded, and used where loading accepts them. */
import { asView, damages } from '../bytes.ts';
import type { Draw } from '../draw.ts';
import { changes, JSON_VALUES, placesIn } from '../json.ts';
import type { Place } from '../json.ts';
import type { Kind } from '../kind.ts';
import { runCode } from '../program.ts';

export const models: Kind = {
  cases: 350,
  make: (draw) =>
    draw.pick([
      part,
      part,
      part,
      part,
      letters,
      letters,
      weights,
      metadata,
      existing,
      source,
      textParts,
      textParts,
    ])(draw),
};

/** Models with what `predict` takes: between them they have every sort of thing that model.json holds. */
const MODELS: readonly (readonly [make: string, x: string])[] = [
  [
    `const net = sequential([layers.input({ shape: [3, 2] }), layers.lstm(2), layers.dense(1)], { seed: 1 });`,
    '[[[0, 1], [1, 0], [1, 1]]]',
  ],
  [
    `const net = sequential([layers.input({ shape: [null], dtype: 'int32' }), layers.embedding(5, 2, { maskZero: true }), layers.bidirectional(layers.gru(2, { kernelInitializer: initializers.orthogonal({ gain: 2 }) })), layers.dropout(0.1), layers.dense(2, { activation: 'softmax' })], { seed: 1 });`,
    '[[1, 2, 0]]',
  ],
  [
    `const i = layers.input({ shape: [3, 2] });
const [all_, h, c] = layers.lstm(2, { returnSequences: true, returnState: true, name: 'first' }).apply(i);
const o = layers.lstm(2).apply(all_, { initialState: [h, c] });
const net = model({ inputs: i, outputs: [layers.concatenate().apply([o, h]), layers.timeDistributed(layers.dense(1)).apply(all_)], seed: 1 });`,
    '[[[0, 1], [1, 0], [1, 1]]]',
  ],
  [
    `const net = sequential([layers.input({ shape: [4, 2] }), layers.conv1D(2, 2), layers.batchNormalization(), layers.rnn(cells.stacked([cells.lstm(2), cells.gru(2)]), { returnSequences: true }), layers.globalMaxPooling1D(), layers.layerNormalization(), layers.reshape([2, 1]), layers.flatten(), layers.dense(1)], { seed: 1 });`,
    '[[[0, 1], [1, 0], [1, 1], [0, 0]]]',
  ],
  [
    `const net = sequential([layers.input({ shape: [3, 4] }), layers.clockworkRNN(4, { periods: [1, 2], returnSequences: true }), layers.lru(3, { returnSequences: true }), layers.projectedLSTM(4, { projectionUnits: 2, zoneout: { output: 0.1, state: 0.2 } }), layers.dense(1)], { seed: 1 });`,
    '[[[0, 1, 2, 3], [1, 0, 1, 0], [1, 1, 1, 1]]]',
  ],
  [
    `const words = new text.TextVectorization({ vocabulary: ['a', 'b'], ngrams: 2, outputSequenceLength: 3 });
const net = sequential([words, layers.embedding(4, 2), layers.simpleRNN(2), layers.dense(1)], { seed: 1 });`,
    "['a b', 'b']",
  ],
];

const COMPILE = [
  "net.compile({ optimizer: optimizers.adam({ learningRate: optimizers.schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }), clipNorm: 1 }), loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });",
  'net.compile({ optimizer: optimizers.sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.1 }), loss: losses.huber({ delta: 2 }) });',
  "net.compile({ optimizer: 'rmsprop', loss: 'meanSquaredError', lossWeights: [1] });",
];

/** What a line of a program makes: a model, trained a step so that its optimizer has slots. */
function made(draw: Draw): { make: string; x: string } {
  const [make, x] = draw.pick(MODELS);
  const compiled =
    draw.chance(0.7) && !make.includes('outputs: [') ? `\n${draw.pick(COMPILE)}` : '';
  const trained =
    compiled && draw.chance(0.5) ? `\nawait net.trainOnBatch(${x}, ${targets(make)});` : '';
  return { make: `${make}${compiled}${trained}\nlet { json, weights } = await net.save();`, x };
}

const targets = (make: string): string =>
  make.includes('softmax')
    ? '[[0, 1]]'
    : make.includes('TextVectorization')
      ? '[[1], [0]]'
      : '[[1]]';

/** What loading gives must compute; its numbers are what the file holds, so only then may there be a NaN. */
const use = (
  x: string,
  given: string,
  sane: boolean,
): string => `const loaded = await loadModel(${given});
const out = await loaded.predict(${x});
${sane ? 'await finite(out);' : ''}
await loaded.save();`;

const known = new Map<string, Place[]>();
/** The places in an object that a program makes. */
async function placesOf(make: string, object: string): Promise<Place[]> {
  const before = known.get(make);
  if (before) return before;
  const places = placesIn(await runCode(`${make}\nreturn ${object};`));
  known.set(make, places);
  return places;
}

/** A value, a list or an object anywhere in model.json becomes another. */
async function part(draw: Draw): Promise<string> {
  const { make, x } = made(draw);
  const places = await placesOf(make, 'JSON.parse(json)');
  return `${make}
const file = JSON.parse(json);
${changes(draw, places, 'file')}
${use(x, `{ json: ${draw.chance(0.8) ? 'JSON.stringify(file)' : 'file'}, weights }`, true)}`;
}

/** The text of model.json, with letters changed or lost. */
function letters(draw: Draw): string {
  const { make, x } = made(draw);
  const change = draw.chance(0.6)
    ? `let bytes = new TextEncoder().encode(json);\n${damages(draw, 900)}\njson = new TextDecoder().decode(bytes);`
    : `json = json.replace(${draw.pick(['/"units":\\d+/', '/\\d+/', '/"name":"\\w+"/', '/null/', '/true/', '/\\{/', '/\\[/', '/"config":/'])}, '${draw.pick(['"units":1e999', '-0', '"units":2,"units":3', '[[[[', '"__proto__":{"x":1},"name":"y"', '{"a":1}', '', '"\\\\ud800"', '1e999', ' '])}');`;
  return `${make}\n${change}\n${use(x, '{ json, weights }', true)}`;
}

function weights(draw: Draw): string {
  const { make, x } = made(draw);
  const view = draw.chance(0.8) ? 'bytes' : asView(draw);
  return `${make}
let bytes = weights.slice();
${damages(draw, 1200)}
${use(x, `{ json, weights: ${view} }`, false)}`;
}

const TEXTS = [
  "'1e9'",
  "'-1'",
  "'NaN'",
  "''",
  "'9007199254740993'",
  "'1.5'",
  "'Infinity'",
  "'abc'",
  "'{}'",
  "'null'",
  "'[1]'",
  '\'{"__proto__":"x"}\'',
  '\'{"matmul":"abc"}\'',
  '3',
  'null',
  'undefined',
];

/** Counters and choices that the weights' file holds as texts; names and shapes of its tensors. */
function metadata(draw: Draw): string {
  const { make, x } = made(draw);
  const name = draw.pick([
    'epoch',
    'iterations',
    'seed',
    'choices',
    'device',
    'format',
    '__proto__',
    'unknown',
  ]);
  const change = draw.pick([
    `metadata['${name}'] = ${draw.pick(TEXTS)};`,
    `metadata['${name}'] = ${draw.pick(TEXTS)}; metadata.device = getDevice().description; metadata.choices = ${draw.pick(TEXTS)};`,
    `const [first] = tensors.keys(); tensors.delete(first);`,
    `tensors.set('weights/${draw.pick(['unknown', '__proto__', 'lstm/kernel', ''])}', { shape: [1], data: new Float32Array(1) });`,
    `const [[name, { data }]] = tensors; tensors.set(name, { shape: [data.length], data });`,
    `const [[name, { data, shape }]] = tensors; tensors.set(name, { shape, data: Int32Array.from(data) });`,
    `const [[name, { data, shape }]] = tensors; tensors.set(name, { shape, data: Float64Array.from(data) });`,
    `tensors.set('optimizer/${draw.pick(['0/x', '9/kernel_momentum', '__proto__'])}', { shape: [1], data: new Float32Array(1) });`,
  ]);
  return `${make}
const decoded = decodeSafetensors(weights);
const [tensors, metadata] = [new Map(decoded.tensors), { ...decoded.metadata }];
${change}
weights = encodeSafetensors(tensors, metadata);
${use(x, '{ json, weights }', true)}`;
}

/** A model takes all of a file, or nothing. */
function existing(draw: Draw): string {
  const [make] = draw.pick(MODELS.filter(([text]) => !text.includes('outputs: [')));
  const change = draw.pick([
    `let bytes = weights.slice();\n${damages(draw, 1200)}\nweights = bytes;`,
    `let bytes = new TextEncoder().encode(json);\n${damages(draw, 900)}\njson = new TextDecoder().decode(bytes);`,
    `const { tensors, metadata } = decodeSafetensors(weights);\nweights = encodeSafetensors(tensors, { ...metadata, ${draw.pick(['epoch', 'iterations', 'seed', 'choices'])}: ${draw.pick(TEXTS.slice(0, 13))}, device: getDevice().description });`,
    `const { tensors, metadata } = decodeSafetensors(weights);\nconst last = [...tensors.keys()].at(-1);\nweights = encodeSafetensors(new Map([...tensors].filter(([name]) => name !== last)), metadata);`,
  ]);
  return `${make}
${draw.pick(COMPILE)}
await net.trainOnBatch(${MODELS.find(([text]) => text === make)![1]}, ${targets(make)});
let { json, weights } = await net.save();
await net.trainOnBatch(${MODELS.find(([text]) => text === make)![1]}, ${targets(make)});
${change}
await unchanged(net, () => net.${draw.pick(['restore', 'loadWeights'])}({ json, weights }));`;
}

/** What is given in place of a file. */
function source(draw: Draw): string {
  const { make, x } = made(draw);
  const given = draw.pick([
    `{ json, weights: ${asView(draw)} }`,
    `{ json: ${draw.pick(JSON_VALUES)}, weights }`,
    '{ json }',
    '{ weights }',
    '{}',
    'null',
    'undefined',
    '3',
    "''",
    "'/nowhere'",
    "'model.keras'",
    "new URL('file:///nowhere')",
    "'http://127.0.0.1:1/x'",
    'weights',
    'json',
    'net',
    '[json, weights]',
    'Promise.resolve({ json, weights })',
    'net.save()',
    'new Proxy({ json, weights }, {})',
  ]);
  return `${make}\nconst bytes = weights;\n${use(x, given, true)}`;
}

const CONFIGS: readonly (readonly [make: string, load: string])[] = [
  [
    "const one = new text.Tokenizer({ oovToken: 'x' }); one.fitOnTexts(['a b', 'b c']); const config = JSON.parse(JSON.stringify(one.getConfig()));",
    "const two = text.Tokenizer.fromConfig(config); two.textsToSequences(['a b']); two.textsToMatrix(['a c'], 'tfidf'); two.sequencesToTexts([[1, 2]]);",
  ],
  [
    "const one = new text.TextVectorization({ vocabulary: ['a', 'b'], idfWeights: [1, 2], outputMode: 'tfIdf', ngrams: 2 }); const config = JSON.parse(JSON.stringify(one.getConfig()));",
    "const two = text.TextVectorization.fromConfig(config); two.vectorize(['a b', '']); two.getVocabulary();",
  ],
  [
    'const config = { ...optimizers.adam({ learningRate: optimizers.schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5 }) }).getConfig() };',
    "const net = sequential([layers.input({ shape: [2] }), layers.dense(1)]); net.compile({ optimizer: config, loss: 'meanSquaredError' }); await net.trainOnBatch([[1, 2]], [[1]]); await finite(await net.getWeights());",
  ],
];

/** Configs of texts and of optimizers. */
async function textParts(draw: Draw): Promise<string> {
  const [make, load] = draw.pick(CONFIGS);
  const places = [...(await placesOf(make, 'config')), ['__proto__'], ['unknown']];
  const lines = Array.from(
    { length: draw.between(1, 3) },
    () => `set(config, ${JSON.stringify(draw.pick(places))}, ${draw.pick(JSON_VALUES)});`,
  );
  return `${make}\n${lines.join('\n')}\n${load}`;
}
