/** Recurrent layers: their directions, what they begin with, and what they give. */
import type { Layer } from '../../../layers/base.ts';
import { refuse, result } from './context.ts';
import type { Context, Value, WriteLayer } from './context.ts';
import { int } from './graph.ts';
import type { Mask } from './masks.ts';
import { isKnownCell, runDirections } from './operators.ts';
import type { Direction, Ran } from './operators.ts';

/** What a recurrent layer's config says of its sequence. */
interface Options {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
}
const optionsOf = (layer: Layer): Options => layer.getConfig() as unknown as Options;

/** The cells of a layer, one on top of the other: itself, or those of `rnn`. */
function cellsOf(layer: Layer): readonly Layer[] {
  if (layer.className !== 'RNN') return [layer];
  const [cell] = layer.sublayers;
  const cells = cell.className === 'StackedRNNCells' ? cell.sublayers : [cell];
  const other = cells.find((one) => !isKnownCell(one));
  return other ? refuse(layer, `its cell ${other.className} is none of ONNX`, INSTEAD) : cells;
}
const INSTEAD = 'use cells.lstm, cells.gru or cells.simpleRNN';

/** States that follow an input: [batch, units] each, by cell. */
function initialStates(
  context: Context,
  layer: Layer,
  { shape: [batch] }: Value,
  given: readonly Value[],
): readonly string[] | null {
  const { graph, states } = context;
  const { stateNames } = layer;
  if (given.length > 0) {
    if (states)
      refuse(
        layer,
        'its initial states are computed in the model, and with states: true they would be given with every call',
        'make them inputs of a model of its own, or leave states out',
      );
    return given.map(({ name }) => name);
  }
  if (!states) return null;
  return stateNames.map((name, s) =>
    graph.input(stateName(layer, name), 'float32', [batch ?? 'batch', widthsOf(layer)[s]]),
  );
}

const stateName = (layer: Layer, name: string): string =>
  `${layer.name}_${name.replaceAll(/\W+/g, '_')}`;

/** Of each state. */
function widthsOf(layer: Layer): number[] {
  const { stateShapes } = layer as unknown as {
    readonly stateShapes: readonly (readonly number[])[];
  };
  return stateShapes.map(([units]) => units);
}

/** The directions of a layer, or of two, each with its cells on top of each other. */
function run(
  context: Context,
  layers: readonly Layer[],
  x: string,
  mask: Mask | null,
  initial: readonly (readonly string[] | null)[],
): Ran[] {
  const cells = layers.map(cellsOf);
  // On top of another one, a cell takes what that gave in its own direction.
  if (layers.length === 2 && cells.some((own) => own.length > 1))
    return layers.flatMap((layer, d) => run(context, [layer], x, mask, [initial[d]]));
  const states: string[][] = layers.map(() => []);
  let ran: Ran[] = [];
  cells[0].forEach((_, level) => {
    const top = level === cells[0].length - 1;
    const directions = layers.map((layer, d): Direction => {
      const { goBackwards, zeroOutputForMask } = optionsOf(layer);
      const cell = cells[d][level];
      const count = cell.stateNames.length;
      const own = initial[d]?.slice(states[d].length, states[d].length + count) ?? null;
      return { cell, reverse: goBackwards, zeroed: top && zeroOutputForMask, initial: own };
    });
    ran = runDirections(context, directions, level === 0 ? x : ran[0].sequence, mask);
    ran.forEach((one, d) => states[d].push(...one.states));
  });
  return ran.map((one, d) => ({ ...one, states: states[d] }));
}

/** As they are processed, of what is in the order of time. */
const flipped = ({ graph }: Context, x: string): string =>
  graph.op('Slice', [
    x,
    ...[[-1], [-(2 ** 62)], [1], [-1]].map((values) => graph.integers(values)),
  ]);

export const writeRecurrent: WriteLayer = (context, layer, [x, ...given]) => {
  const { returnSequences, returnState, goBackwards } = optionsOf(layer);
  const { mask } = x;
  const initial = initialStates(context, layer, x, given);
  const [{ sequence, last, states }] = run(context, [layer], x.name, mask, [initial]);
  noteStates(context, layer, states);
  const output = !returnSequences ? last : goBackwards ? flipped(context, sequence) : sequence;
  return [
    ...result(layer, [x], output, returnSequences ? mask : null),
    ...(returnState ? statesOf(layer, x, states) : []),
  ];
};

const statesOf = (layer: Layer, x: Value, states: readonly string[]): Value[] => {
  const widths = widthsOf(layer);
  return states.map((name, s) => ({
    name,
    shape: [x.shape[0], widths[s]],
    dtype: 'float32',
    mask: null,
  }));
};

function noteStates(context: Context, layer: Layer, states: readonly string[]): void {
  layer.stateNames.forEach((name, s) =>
    context.states?.push({
      name: `${stateName(layer, name)}_next`,
      value: states[s],
      units: widthsOf(layer)[s],
    }),
  );
}

const MERGES: Readonly<Record<string, string>> = { sum: 'Add', ave: 'Add', mul: 'Mul' };

export const writeBidirectional: WriteLayer = (context, layer, [x, ...given]) => {
  const { graph } = context;
  const pair = layer.sublayers;
  const [forward] = pair;
  const { returnSequences, returnState, goBackwards } = optionsOf(forward);
  const mergeMode = layer.getConfig().mergeMode as string | null;
  const other = pair.find((one) => one.className !== 'RNN' && !isKnownCell(one));
  if (other) refuse(other, 'ONNX has no such cell', INSTEAD);
  const { mask } = x;
  const count = given.length / 2;
  const initial = pair.map((_, d) =>
    count > 0 ? given.slice(d * count, (d + 1) * count).map(({ name }) => name) : null,
  );
  const ran = run(context, pair, x.name, mask, initial);
  const outputs = ran.map(({ sequence, last }) =>
    !returnSequences ? last : goBackwards ? flipped(context, sequence) : sequence,
  );
  const merged = (): string => {
    if (mergeMode === 'concat') return graph.op('Concat', outputs, { axis: int(-1) });
    const found = graph.op(MERGES[mergeMode!], outputs);
    return mergeMode === 'ave' ? graph.op('Mul', [found, graph.number(0.5)]) : found;
  };
  const shapes = layer.computeOutputShapes([x.shape]);
  const kept = returnSequences ? mask : null;
  const values = (mergeMode === null ? outputs : [merged()]).map((name, i): Value => ({
    name,
    shape: shapes[i],
    dtype: 'float32',
    mask: kept,
  }));
  return [
    ...values,
    ...(returnState ? pair.flatMap((one, d) => statesOf(one, x, ran[d].states)) : []),
  ];
};
