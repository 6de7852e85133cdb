/** The table that `model.summary()` prints, as Keras draws it. */
import type { Network } from '../layers/network.ts';
import type { PartialShape } from '../layers/shapes.ts';
import type { Optimizer } from '../optimizers/index.ts';
import type { Variable } from '../tensor.ts';

/** The table of a model. A stack that does not know its input shows what it knows. */
export function summaryOf(model: Network, optimizer: Optimizer | null): string {
  const { calls } = model;
  const isChain = calls.every(
    ({ inputs }, k) => k === 0 || (inputs.length === 1 && calls[k - 1].outputs.includes(inputs[0])),
  );
  const heads = ['Layer (type)', 'Output Shape', 'Param #'];
  if (!isChain) heads.push('Connected to');
  const cells = model.layers
    // An input that takes texts is a layer of its own.
    .filter(({ className }) => !isChain || className !== 'InputLayer')
    .map((layer) => {
      const uses = calls.filter((call) => call.layer === layer);
      const given = uses.flatMap(({ inputs, mask }) => [...inputs, ...(mask ? [mask] : [])]);
      const sources = given.map(({ call }) => call.layer.name);
      return [
        `${layer.name} (${layer.className})`,
        uses[0]?.outputs.map(({ shape }) => describe(shape)).join(', ') || '?',
        layer.built ? count(layer.countParams()) : '? (unbuilt)',
        [...new Set(sources)].join(', ') || '-',
      ];
    });
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => line[column].length)),
  );
  const rule = ([left, fill, middle, right]: string): string =>
    left + widths.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const row = (line: readonly string[], edge: string): string =>
    edge +
    widths
      .map((width, k) => ` ${k === 2 ? line[k].padStart(width) : line[k].padEnd(width)} `)
      .join(edge) +
    edge;
  const trainable = sizeOfAll(model.trainableWeights);
  const still = sizeOfAll(model.nonTrainableWeights);
  const slots = optimizer ? sizeOfAll(optimizer.variables) : 0;
  return [
    `Model: "${model.name}"`,
    rule('┏━┳┓'),
    row(heads, '┃'),
    rule('┡━╇┩'),
    cells.map((line) => row(line, '│')).join(`\n${rule('├─┼┤')}\n`),
    rule('└─┴┘'),
    ` Total params: ${describeCount(trainable + still + slots)}`,
    ` Trainable params: ${describeCount(trainable)}`,
    ` Non-trainable params: ${describeCount(still)}`,
    ...(slots > 0 ? [` Optimizer params: ${describeCount(slots)}`] : []),
  ].join('\n');
}

const sizeOfAll = (variables: readonly Variable[]): number =>
  variables.reduce((sum, { size }) => sum + size, 0);

/** `(None, 20, 8)`: Keras writes an open extent as None. */
const describe = (shape: PartialShape): string =>
  `(${shape.map((extent) => extent ?? 'None').join(', ')})`;

const count = (n: number): string => n.toLocaleString('en-US');

/** A number of float32 numbers, and the bytes that they take. */
function describeCount(n: number): string {
  let [bytes, unit] = [n * 4, 0];
  for (; bytes >= 1024 && unit < 3; unit++) bytes /= 1024;
  return `${count(n)} (${bytes.toFixed(2)} ${['B', 'KB', 'MB', 'GB'][unit]})`;
}
