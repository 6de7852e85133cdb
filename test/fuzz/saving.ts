/** Cases in which a model is saved: on a full disk, by a process that dies, twice at once, while it trains. */
import type { Draw } from './draw.ts';
import { AFTER, net } from './trained.ts';

/** The second model of a folder: the first one later, or another one that fits into the same file of weights. */
const second = (draw: Draw): string =>
  draw.chance(0.5)
    ? 'const other = net;\nawait net.trainOnBatch(x, y);'
    : "const other = make(2);\nother.compile({ optimizer: 'sgd', loss: 'meanAbsoluteError' });";

export function fullDisk(draw: Draw): string {
  return `${net(draw)}
const folder = temporary();
await net.save(folder);
const before = await stateOf(net);
${second(draw)}
const after = await stateOf(other);
const files = process.getBuiltinModule('node:fs').readdirSync(folder).length;
const undo = await failing(${draw.between(1, 16)}, 'full');
let thrown = null;
try { await other.save(folder); } catch (error) { thrown = error; }
undo();
await holdsOneOf(folder, thrown ? [before, after] : [after]);
if (thrown && !thrown.message.includes(folder)) found(\`expected the path in the error, got \${thrown}\`);
if (thrown && process.getBuiltinModule('node:fs').readdirSync(folder).length > files) found('a file was left after the save that failed');
await other.save(folder);
await holdsOneOf(folder, [after]);
if (thrown) throw new Error(\`expected room: \${thrown}\`);`;
}

export function dying(draw: Draw): string {
  const setup = net(draw);
  const next = second(draw);
  return `const lines = ${JSON.stringify(`${setup}\n${next}\nawait ready();\nawait other.save(folder);`)};
// As the process that dies: another device computes other bits.
setDevice(cpu());
${setup}
const folder = temporary();
await net.save(folder);
const before = await stateOf(net);
${next}
const after = await stateOf(other);
killed(${draw.between(1, 16)}, folder, lines);
await holdsOneOf(folder, [before, after]);
await other.save(folder);
await holdsOneOf(folder, [after]);`;
}

export function twoSaves(draw: Draw): string {
  const times = draw.between(2, 5);
  return `${net(draw)}
const folder = temporary();
const [before, other] = [await stateOf(net), make(2)];
const after = await stateOf(other);
await Promise.all([${Array.from({ length: times }, (_, i) => `${i % 2 ? 'other' : 'net'}.save(folder)`).join(', ')}]);
await holdsOneOf(folder, [before, after]);
if (process.getBuiltinModule('node:fs').readdirSync(folder).some((name) => /part|tmp/.test(name))) found('a file was left after the saves');`;
}

/** A save during training holds one moment: the numbers that training has had after exactly so many steps. */
export function snapshots(draw: Draw): string {
  const hook = draw.pick(['onBatchEnd', 'onBatchBegin', 'onProgress']);
  return `${net(draw)}
const steps = new Map();
const keep = ({ weights }) => {
  const { metadata, tensors } = decodeSafetensors(weights);
  return [metadata.iterations, JSON.stringify([...tensors].map(([name, { data }]) => [name, [...data]]))];
};
// Before the first step too, its slots are in the file.
net.optimizer.build(net.trainableWeights);
steps.set(...keep(await net.save()));
await net.fit(x, y, { ...often, seed: 3, callbacks: [{ onBatchEnd: async () => { steps.set(...keep(await net.save())); } }] });
const again = make();
const saves = [];
await again.fit(x, y, { ...often, seed: 3, callbacks: [{ ${hook}: () => { saves.push(again.save()); } }] });
for (const saved of await Promise.all(saves)) {
  const [step, numbers] = keep(saved);
  if (steps.get(step) !== numbers) found(\`state changed: a save of step \${step} has the numbers of another\`);
}`;
}

export function checkpoints(draw: Draw): string {
  const at = draw.between(1, 12);
  return `${net(draw)}
const folder = temporary();
const undo = await failing(${at}, 'full');
let thrown = null;
try {
  await net.fit(x, y, { ...often, epochs: 3, callbacks: [callbacks.modelCheckpoint({ path: folder${draw.chance(0.5) ? " + '/{epoch}'" : ''}, monitor: 'loss'${draw.chance(0.5) ? ', saveBestOnly: true' : ''} })] });
} catch (error) { thrown = error; }
undo();
${AFTER}
if (thrown) throw thrown.message.includes('ENOSPC') ? new Error(\`expected room: \${thrown}\`) : thrown;`;
}
