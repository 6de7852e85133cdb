/** The table that `model.summary()` prints, as Keras draws it. */
import { InputLayer } from '../layers/input.ts';
import type { Network } from '../layers/network.ts';
import type { Optimizer } from '../optimizers/index.ts';
import { sizeOf } from '../tensor.ts';

export interface SummaryRow {
  readonly name: string;
  /** The layer's class, `LSTM`. */
  readonly type: string;
  /** `null` extents are unknown until data come. */
  readonly outputShapes: readonly (readonly (number | null)[])[];
  /** Null before the layer is built. */
  readonly params: number | null;
  /** Names of the layers that it reads; null where every layer reads the one above it. */
  readonly connectedTo: readonly string[] | null;
}

export interface ParameterCounts {
  readonly trainable: number;
  readonly nonTrainable: number;
  /** Of the optimizer's slots; null before training. */
  readonly optimizer: number | null;
}

/** The table of a model. A stack that does not know its input shows what it knows. */
export function summaryOf(model: Network, optimizer: Optimizer | null): string {
  const { calls, layers } = model;
  const isChain = calls.every(
    ({ inputs }, k) => k === 0 || (inputs.length === 1 && calls[k - 1].outputs.includes(inputs[0])),
  );
  const rows = layers
    .filter((layer) => !isChain || !(layer instanceof InputLayer))
    .map((layer): SummaryRow => {
      const uses = calls.filter((call) => call.layer === layer);
      const sources = uses.flatMap(({ inputs }) => inputs.map(({ call }) => call.layer.name));
      return {
        name: layer.name,
        type: layer.className,
        outputShapes: uses[0]?.outputs.map(({ shape }) => shape) ?? [],
        params: layer.built ? layer.countParams() : null,
        connectedTo: isChain ? null : [...new Set(sources)],
      };
    });
  const count = (variables: readonly { shape: readonly number[] }[]): number =>
    variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const slots = optimizer ? count(optimizer.variables) : 0;
  return summaryTable(model.name, rows, {
    trainable: count(model.trainableWeights),
    nonTrainable: count(model.nonTrainableWeights),
    optimizer: slots > 0 ? slots : null,
  });
}

export function summaryTable(
  modelName: string,
  rows: readonly SummaryRow[],
  counts: ParameterCounts,
): string {
  const connected = rows.some((row) => row.connectedTo !== null);
  const heads = ['Layer (type)', 'Output Shape', 'Param #'];
  if (connected) heads.push('Connected to');
  const cells = rows.map((row) => {
    const line = [
      `${row.name} (${row.type})`,
      row.outputShapes.map(describe).join(', ') || '?',
      row.params === null ? '? (unbuilt)' : count(row.params),
    ];
    if (connected) line.push((row.connectedTo ?? []).join(', ') || '-');
    return line;
  });
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => line[column].length)),
  );
  const rule = (left: string, fill: string, middle: string, right: string): string =>
    left + widths.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const row = (line: readonly string[], edge: string): string =>
    edge +
    line
      .map((text, column) => {
        const width = widths[column];
        return ` ${column === 2 ? text.padStart(width) : text.padEnd(width)} `;
      })
      .join(edge) +
    edge;
  const body = cells.flatMap((line, i) =>
    i === 0 ? [row(line, '│')] : [rule('├', '─', '┼', '┤'), row(line, '│')],
  );
  const { trainable, nonTrainable, optimizer } = counts;
  const total = trainable + nonTrainable + (optimizer ?? 0);
  return [
    `Model: "${modelName}"`,
    rule('┏', '━', '┳', '┓'),
    row(heads, '┃'),
    rule('┡', '━', '╇', '┩'),
    ...body,
    rule('└', '─', '┴', '┘'),
    ` Total params: ${describeCount(total)}`,
    ` Trainable params: ${describeCount(trainable)}`,
    ` Non-trainable params: ${describeCount(nonTrainable)}`,
    ...(optimizer === null ? [] : [` Optimizer params: ${describeCount(optimizer)}`]),
  ].join('\n');
}

/** `(None, 20, 8)`: Keras writes an open extent as None. */
function describe(shape: readonly (number | null)[]): string {
  return `(${shape.map((extent) => extent ?? 'None').join(', ')})`;
}

const count = (n: number): string => n.toLocaleString('en-US');
const describeCount = (n: number): string => `${count(n)} (${describeBytes(n * 4)})`;

function describeBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(2)} ${units[unit]}`;
}
