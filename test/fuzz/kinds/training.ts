/** Faults while a model trains or is saved: callbacks and data that throw, calls side by side, lost devices, full disks, processes that die. */
import type { Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { checkpoints, dying, fullDisk, snapshots, twoSaves } from '../saving.ts';
import { AFTER, net } from '../trained.ts';
import { oddValue } from '../values.ts';

export const training: Kind = {
  cases: 110,
  make: (draw) =>
    draw.pick([
      ...[
        throwing,
        aborting,
        badData,
        sideBySide,
        sideBySide,
        within,
        broken,
        broken,
        optimizerState,
      ],
      ...[fullDisk, fullDisk, twoSaves, snapshots, wordVectors, checkpoints],
      ...(draw.chance(0.5) ? [dying] : []),
    ])(draw),
};

const HOOKS = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onProgress',
];

function throwing(draw: Draw): string {
  const thrown = draw.pick([
    'new Error("from a callback")',
    "'a text'",
    'null',
    'undefined',
    'new DOMException("from a callback", "AbortError")',
  ]);
  const hook = draw.pick(HOOKS);
  const isAsync = draw.chance(0.5);
  return `${net(draw)}
const thrown = ${thrown};
let [count, caught] = [0, 'nothing'];
try {
  await net.fit(x, y, { ...often, callbacks: [{ ${hook}: ${isAsync ? 'async ' : ''}() => { if (count++ === ${draw.below(4)}) throw thrown; } }] });
} catch (error) { caught = error; }
if (caught !== 'nothing' && caught !== thrown) found(\`expected what the callback threw, got \${String(caught)}\`);
${AFTER}`;
}

function aborting(draw: Draw): string {
  const when = draw.pick([
    'controller.abort();',
    `await new Promise((resolve) => setTimeout(resolve, ${draw.below(3)})); controller.abort();`,
    'controller.abort("a text");',
    'net.stopTraining = true;',
  ]);
  const call = draw.pick(['fit', 'fit', 'evaluate']);
  return `${net(draw)}
const controller = new AbortController();
${draw.chance(0.2) ? 'controller.abort();' : ''}
const callbacks = [{ ${draw.pick(HOOKS)}: async () => { ${when} } }];
await net.${call}(x, y, { ...often, signal: controller.signal${call === 'fit' ? ', callbacks' : ''} }).catch((error) => { if (!controller.signal.aborted) throw error; });
${AFTER}`;
}

function badData(draw: Draw): string {
  const bad = draw.pick([
    `x[${draw.below(8)}][1][0] = ${draw.pick(['NaN', 'Infinity', '1e39', 'null', "'a'", '10n'])};`,
    `y[${draw.below(8)}][0] = ${draw.pick(['NaN', '-Infinity', '1e300', 'undefined', "'1'"])};`,
    `y[${draw.below(8)}] = ${oddValue(draw)};`,
    `x[${draw.below(8)}] = ${oddValue(draw)};`,
    `x.length = ${draw.pick([0, 3, 7])};`,
    `often.sampleWeight = ${draw.pick(['[1, 2]', 'y.map(() => -1)', 'y.map(() => NaN)', 'y.map(() => 1e38)', 'y.map(() => 0)', oddValue(draw)])};`,
    `often.classWeight = ${draw.pick(['{ 0: -1 }', '{ 0: NaN }', '{ a: 1 }', '[1]', oddValue(draw)])};`,
    `often.validationData = ${draw.pick(['[x]', '[x, y.slice(1)]', '[[], []]', '() => { throw new Error("from a callback"); }', oddValue(draw)])};`,
  ]);
  const batch = draw.pick([
    '[x.slice(0, 2), y.slice(0, 2)]',
    '[x.slice(0, 2)]',
    '[x.slice(0, 2), y]',
    'null',
    '3',
    '{}',
    '[[], []]',
    oddValue(draw),
  ]);
  const end = draw.pick([
    'throw new Error("from a callback");',
    'throw 3;',
    '',
    'await new Promise((resolve) => setTimeout(resolve, 1));',
  ]);
  const generator = `async function* () { for (let i = 0; i < 3; i++) yield [x.slice(0, 2), y.slice(0, 2)]; yield ${batch}; ${end} }`;
  const run = draw.chance(0.6)
    ? `${bad}\nawait net.fit(x, y, often)`
    : `await net.fit(${draw.chance(0.5) ? generator : `(${generator})()`}, { verbose: 0${draw.chance(0.5) ? ', stepsPerEpoch: 2' : ''} })`;
  return `${net(draw)}
let failed = null;
try {
  ${run};
} catch (error) { failed = error; }
await finite(await net.getWeights());
await make(2).fit([x[0]], [[1]], { verbose: 0 }).catch(() => undefined);
if (failed !== 3 && failed !== null) throw failed;`;
}

const CALLS = [
  'net.fit(x, y, often)',
  'net.fit(x, y, often)',
  'net.trainOnBatch(x, y)',
  'net.evaluate(x, y, { verbose: 0 })',
  'net.predict(x)',
  'net.save()',
  'net.getWeights()',
  'net.restore(saved)',
  'net.loadWeights(saved)',
  "net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })",
  'net.setWeights(weights)',
  'net.stream().step([x[0][0]])',
  'net.resetStates()',
  'net.getConfig()',
];

/** Calls at once: each is done or refused, and the model can be used afterwards. */
function sideBySide(draw: Draw): string {
  const calls = Array.from({ length: draw.between(2, 4) }, () => `() => ${draw.pick(CALLS)}`);
  const late = draw.chance(0.15)
    ? ["() => net.quantize('float16')"]
    : draw.chance(0.15)
      ? ['() => net.dispose()']
      : [];
  const rest = late.length > 0 ? '' : `\n${AFTER}`;
  return `${net(draw)}
const saved = await net.save();
const weights = await net.getWeights();
let refused = null;
await together(${[...calls, ...late].join(', ')}).catch((error) => { refused = error; });${rest}
if (refused) throw refused;`;
}

/** Calls from a callback, in the middle of training. */
function within(draw: Draw): string {
  const call = draw.pick([
    ...CALLS,
    'net.dispose()',
    'getDevice().destroy()',
    'setDevice(cpu())',
    'net.optimizer.dispose()',
    'net.optimizer.build(net.trainableWeights)',
  ]);
  return `${net(draw)}
const saved = await net.save();
const weights = await net.getWeights();
let [count, refused, running] = [0, null, null];
const run = async () => (count++ === ${draw.below(3)} ? ${call} : null);
try {
  await net.fit(x, y, { ...often, callbacks: [{ ${draw.pick(HOOKS)}: ${draw.chance(0.6) ? 'run' : '() => { running = run(); running.catch(() => undefined); }'} }] });
  await running;
} catch (error) { refused = error; }
${call.includes('ispose') || call.includes('destroy') ? '' : 'await finite(await net.getWeights());'}
if (refused) throw refused;`;
}

/** A device that fails in the middle: memory that runs out, or the device is lost. */
function broken(draw: Draw): string {
  const method = draw.pick(['alloc', 'alloc', 'run', 'write', 'read', 'submit', 'copy', 'zero']);
  const error = draw.pick([
    'new DeviceError("lost: expected a device")',
    'new Error("expected memory")',
  ]);
  const run = draw.pick([
    'net.trainOnBatch(x, y)',
    'net.trainOnBatch(x, y)',
    'net.fit(x, y, often)',
    'net.predict(x)',
    'net.evaluate(x, y, { verbose: 0 })',
    'net.save()',
    "net.quantize('float16')",
    'net.stream({ streams: 2 }).step([[1, 0], [0, 1]])',
  ]);
  const isWhole = !run.includes('fit') && !(run.includes('trainOnBatch') && method !== 'alloc');
  return `const machine = breakable(getDevice());
setDevice(machine.device);
${net(draw)}
await net.trainOnBatch(x, y);
const before = await stateOf(net);
machine.failAt('${method}', ${draw.between(1, 40)}, ${error});
let thrown = null;
try { await ${run}; } catch (error) { thrown = error; }
machine.mend();
${isWhole ? `if (thrown && (await stateOf(net)) !== before) found(\`weights or counters changed (\${thrown})\`);` : ''}
await finite(await net.getWeights());
await loadModel(await net.save());
if (thrown) throw thrown;`;
}

/** What a user may set on an optimizer between steps. */
function optimizerState(draw: Draw): string {
  const name = draw.pick([
    'learningRate',
    'iterations',
    'beta1',
    'beta2',
    'epsilon',
    'clipNorm',
    'clipValue',
    'weightDecay',
    'momentum',
    'rho',
  ]);
  const rate = draw.pick([
    '{ name: "mine", config: {}, call: (step) => (step > 2 ? NaN : 0.1) }',
    '{ name: "mine", config: {}, call: () => -1 }',
    '{ call: () => { throw new Error("from a callback"); } }',
    'schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 1e30 })',
  ]);
  return `${net(draw)}
await net.trainOnBatch(x, y);
net.optimizer.${name} = ${name === 'learningRate' && draw.chance(0.4) ? rate : oddValue(draw)};
let thrown = null;
try { await net.fit(x, y, often); } catch (error) { thrown = error; }
await finite(await net.getWeights());
if (thrown) throw thrown;`;
}

function wordVectors(draw: Draw): string {
  const fault = draw.pick([
    'onProgress() { throw new Error("from a callback"); }',
    'async onCheckpoint() { throw new Error("from a callback"); }',
    'onCheckpoint() { controller.abort(); }',
    `resume: ${oddValue(draw)}`,
    'resume: { epoch: 1, settings: {}, input: new Float32Array(1), output: new Float32Array(1) }',
    'resume: { ...kept, epoch: NaN }',
    'resume: { ...kept, input: kept.input.map(() => NaN) }',
    'resume: { ...kept, output: [...kept.output] }',
    'resume: { ...kept, settings: { ...kept.settings, seed: -1 } }',
  ]);
  return `const corpus = [['a', 'b', 'c', 'a', 'b'], ['b', 'a', 'c']];
const often = { minCount: 1, dimension: 4, epochs: 2, seed: 1 };
const controller = new AbortController();
let kept = null;
await vectors.trainWordVectors(corpus, { ...often, onCheckpoint(one) { kept ??= one; } });
const found_ = await vectors.trainWordVectors(corpus, { ...often, signal: controller.signal, ${fault} });
await finite(found_.vector('a'));`;
}
