/** Public functions and methods with arguments that do not fit: of other kinds, shapes and ranges, too many, too few, odd themselves. */
import type { Draw } from '../draw.ts';
import {
  ARGUMENTS,
  BATCHES,
  METHODS,
  NET,
  NUMBER_CALLS,
  OBJECTS,
  T,
  TENSORS,
} from '../arguments.ts';
import type { Kind } from '../kind.ts';
import { NUMBERS, oddValue, OWN } from '../values.ts';

export const calls: Kind = {
  cases: 1200,
  make: (draw) =>
    draw.pick([operation, operation, operation, shaped, method, method, own, layer, numbers])(draw),
};

// ---- operations -------------------------------------------------------------------------------------------------------

const changed = (draw: Draw, args: readonly string[], values: (draw: Draw) => string): string[] => {
  const list = [...args];
  const way = draw.below(12);
  if (way === 0) list.pop();
  else if (way === 1) list.push(values(draw));
  else
    for (let i = draw.pick([1, 1, 2]); i > 0; i--)
      list[draw.below(Math.max(1, list.length))] = values(draw);
  return list;
};

const call = (name: string, args: readonly string[]): string => `const args = [${args.join(', ')}];
await settled(await ${name}(...args));`;

/** The names are asked for when the program runs, so that a new operation is tried at once. */
function operation(draw: Draw): string {
  const names = Object.keys(ARGUMENTS);
  if (draw.chance(0.3)) {
    const place = draw.below(10_000);
    return `const args = [${changed(draw, [draw.pick(TENSORS), ...(draw.chance(0.3) ? [T] : [])], oddValue).join(', ')}];
const names = Object.keys(ops).filter((name) => typeof ops[name] === 'function' && !name.startsWith('find'));
await settled(await ops[names[${place} % names.length]](...args));`;
  }
  const name = draw.pick(names);
  return `if (ops.${name}) {\n${call(`ops.${name}`, changed(draw, ARGUMENTS[name], oddValue))}\n}`;
}

/** Tensors of other shapes; gradients too, where there is a result. */
function shaped(draw: Draw): string {
  const name = draw.pick(Object.keys(ARGUMENTS));
  const args = changed(draw, ARGUMENTS[name], () => draw.pick(TENSORS));
  if (draw.chance(0.6)) return `if (ops.${name}) {\n${call(`ops.${name}`, args)}\n}`;
  return `if (ops.${name}) {
const args = [${args.join(', ')}];
for (const one of args) if (one instanceof Tensor && one.dtype === 'float32') one.tracked = true;
const y = await ops.${name}(...args);
if (y instanceof Tensor) backward(y.rank === 0 ? y : ops.sum(y));
}`;
}

// ---- models -----------------------------------------------------------------------------------------------------------

function method(draw: Draw): string {
  const name = draw.pick(Object.keys(METHODS));
  const values = (): string => (draw.chance(0.5) ? draw.pick(BATCHES) : oddValue(draw));
  const args = changed(draw, METHODS[name], values);
  const harmless = ['dispose', 'quantize', 'compile'].includes(name);
  const run = `net.${name}(...args)`;
  return `${NET}const args = [${args.join(', ')}];
if (net.${name}) await settled(${harmless ? `await ${run}` : `await unchanged(net, async () => ${run})`});`;
}

function own(draw: Draw): string {
  const make = draw.pick(Object.keys(OBJECTS));
  const [name, ...args] = draw.pick(OBJECTS[make]);
  const values = (): string =>
    draw.pick([oddValue, oddValue, () => draw.pick(TENSORS), () => draw.pick(BATCHES)])(draw);
  return `${make}
const args = [${changed(draw, args, values).join(', ')}];
if (it.${name}) await settled(await it.${name}(...args));`;
}

/** Layers applied to what they cannot take, and models of layers that do not fit. */
function layer(draw: Draw): string {
  const made = [
    'layers.lstm(2)',
    'layers.dense(2)',
    'layers.gru(2, { returnState: true })',
    'layers.bidirectional(layers.lstm(2))',
    'layers.embedding(5, 2)',
    'layers.conv1D(2, 2)',
    'layers.add()',
    'layers.concatenate()',
    'layers.attention()',
    'layers.reshape([4])',
    'layers.rnn(cells.lstm(2))',
    'layers.timeDistributed(layers.dense(1))',
    'layers.flatten()',
  ];
  const inputs = [
    'layers.input({ shape: [3, 2] })',
    'layers.input({ shape: [3] })',
    'layers.input({ shape: [] })',
    'layers.input({ shape: [null, null] })',
    "layers.input({ shape: [3], dtype: 'int32' })",
    'layers.input({ shape: [0, 2] })',
    '[layers.input({ shape: [3, 2] }), layers.input({ shape: [2, 2] })]',
  ];
  const given = draw.chance(0.6) ? draw.pick(inputs) : oddValue(draw);
  const options = draw.chance(0.5)
    ? ''
    : `, ${draw.pick([oddValue(draw), `{ initialState: ${oddValue(draw)} }`, `{ mask: ${oddValue(draw)} }`])}`;
  if (draw.chance(0.3)) {
    const list = Array.from({ length: draw.between(1, 4) }, () =>
      draw.chance(0.75) ? draw.pick(made) : oddValue(draw),
    );
    return `const net = sequential([${[...(draw.chance(0.6) ? [draw.pick(inputs)] : []), ...list].join(', ')}]);
await settled(await net.predict(${draw.pick(BATCHES)}));`;
  }
  if (draw.chance(0.3))
    return `const i = ${draw.pick(inputs)};
const net = model({ inputs: ${draw.chance(0.5) ? 'i' : oddValue(draw)}, outputs: ${draw.chance(0.5) ? `${draw.pick(made)}.apply(i)` : oddValue(draw)} });
await settled(await net.predict(${draw.pick(BATCHES)}));`;
  return `const given = ${given};\n${draw.pick(made)}.apply(given${options});`;
}

/** Functions of numbers, lists and texts. */
function numbers(draw: Draw): string {
  const [name, ...args] = draw.pick(NUMBER_CALLS);
  const values = (): string =>
    draw.pick([oddValue, () => draw.pick(NUMBERS), () => draw.pick(OWN)])(draw);
  const head = name.includes('.') ? `${name.split('.')[0]}?.${name.split('.')[1]}` : name;
  return `const args = [${changed(draw, args, values).join(', ')}];
if (${head}) await settled(await ${name}(...args));`;
}
