/** The recurrent operators of ONNX: LSTM, GRU and RNN, with the weights of one direction or of two as they want them. */
import type { Layer } from '../../../layers/base.ts';
import { floats, rows, transpose } from '../../arrays.ts';
import type { Floats } from '../../arrays.ts';
import { hasZoneout } from '../../zoneout.ts';
import { CELL_ACTIVATIONS, cellActivation } from './activations.ts';
import type { CellActivation } from './activations.ts';
import { refuse, weightOf } from './context.ts';
import type { Context } from './context.ts';
import { floats as listOfFloats, int, text, texts } from './graph.ts';
import type { OnnxGraph } from './graph.ts';
import type { Mask } from './masks.ts';

/** A cell over a sequence, in one direction. */
export interface Direction {
  /** A recurrent layer, or a cell of `rnn`. */
  readonly cell: Layer;
  readonly reverse: boolean;
  /** Whether outputs of steps that are left out are zero. */
  readonly zeroed: boolean;
  /** [batch, units] each; null for zeros. */
  readonly initial: readonly string[] | null;
}

/** What it gives. */
export interface Ran {
  /** [batch, time, units], in the order of time. */
  readonly sequence: string;
  /** [batch, units] of the last step that was processed. */
  readonly last: string;
  /** [batch, units] each. */
  readonly states: readonly string[];
}

/** What an operator is for one direction. */
interface Operator {
  readonly opType: 'LSTM' | 'GRU' | 'RNN';
  readonly units: number;
  readonly activations: readonly CellActivation[];
  /** Of both directions, where there are two. */
  readonly options: Readonly<Record<string, number>>;
  /** By input: W, R, B and P, without the axis of directions. */
  readonly weights: Readonly<Record<'W' | 'R' | 'B' | 'P', Floats | null>>;
}

/** Blocks of gates along the first axis in another order; null for one that the operator has and the cell has not, zeros. */
function gates(x: Floats, count: number, order: readonly (number | null)[]): Floats {
  const [extent, ...rest] = x.shape;
  const size = x.data.length / count;
  const found = floats([(extent / count) * order.length, ...rest]);
  order.forEach((from, k) => {
    if (from !== null) found.data.set(x.data.subarray(from * size, (from + 1) * size), k * size);
  });
  return found;
}

/** The bias of the input side, and then that of the recurrent side, zero where a layer has but one. */
function bothBiases(bias: Floats, ofGates: (x: Floats) => Floats): Floats {
  const [input, recurrent] = bias.shape.length === 2 ? rows(bias).map(ofGates) : [ofGates(bias)];
  const both = floats([2 * input.data.length]);
  both.data.set(input.data);
  if (recurrent) both.data.set(recurrent.data, input.data.length);
  return both;
}

/** By class: the operator, how many gates the cell has, and which of them, or none, the operator's gates are. */
const KINDS = {
  SimpleRNN: ['RNN', 1, [0]],
  // i f g o to i o f g
  LSTM: ['LSTM', 4, [0, 3, 1, 2]],
  PeepholeLSTM: ['LSTM', 4, [0, 3, 1, 2]],
  GRU: ['GRU', 3, [0, 1, 2]],
  // i g o
  coupled: ['LSTM', 3, [0, 2, null, 1]],
} as const;

/** Layers have the same cells as `cells` and as those of PyTorch with both biases. */
const kindOf = ({ className }: Layer): string => className.replace(/^Torch|Cell$/g, '');

/** Whether it is a cell that ONNX has. */
export const isKnownCell = (cell: Layer): boolean => Object.hasOwn(KINDS, kindOf(cell));

function operatorOf(context: Context, cell: Layer): Operator {
  const config = cell.getConfig();
  if (hasZoneout(config))
    refuse(
      cell,
      'with zoneout its states are expectations, which the operators do not compute',
      'train without zoneout, or take its weights with getWeights()',
    );
  const kind = kindOf(cell) as keyof typeof KINDS;
  const { coupled } = config;
  const [opType, count, order] = KINDS[coupled ? 'coupled' : kind];
  const [kernel, recurrent, bias, peepholes] = [
    'kernel',
    'recurrent_kernel',
    'bias',
    'peephole_kernel',
  ].map((name) => weightOf(context, cell, name));
  const ofGates = (x: Floats): Floats => gates(x, count, order);
  const named = (option: string): CellActivation => {
    const found = cellActivation(String(config[option]));
    return (
      found ??
      refuse(
        cell,
        `its operator knows no ${option} '${String(config[option])}'`,
        `use one of ${CELL_ACTIVATIONS.join(', ')}`,
      )
    );
  };
  const act = named('activation');
  const gate = opType === 'RNN' ? [] : [named('recurrentActivation')];
  return {
    opType,
    units: config.units as number,
    activations: opType === 'LSTM' ? [...gate, act, act] : [...gate, act],
    options: {
      hidden_size: config.units as number,
      ...(opType === 'GRU' && { linear_before_reset: Number(config.resetAfter) }),
      ...(coupled ? { input_forget: 1 } : {}),
    },
    weights: {
      W: ofGates(transpose(kernel!)),
      R: ofGates(transpose(recurrent!)),
      B: bias && bothBiases(bias, ofGates),
      // i f o, or i o, to i o f.
      P: peepholes && flat(gates(peepholes, coupled ? 2 : 3, coupled ? [0, 1, null] : [0, 2, 1])),
    },
  };
}

const flat = ({ data }: Floats): Floats => ({ data, shape: [data.length] });

/** Whether one operator computes both. */
const isPair = ([a, b]: readonly Operator[], [first, second]: readonly Direction[]): boolean =>
  a.opType === b.opType &&
  JSON.stringify(a.options) === JSON.stringify(b.options) &&
  !first.reverse &&
  second.reverse &&
  (['B', 'P'] as const).every((name) => (a.weights[name] === null) === (b.weights[name] === null));

/**
 * Runs one direction, or two side by side where an operator takes both.
 *
 * @param x [batch, time, features]
 */
export function runDirections(
  context: Context,
  directions: readonly Direction[],
  x: string,
  mask: Mask | null,
): Ran[] {
  const operators = directions.map(({ cell }) => operatorOf(context, cell));
  if (operators.length === 2 && !isPair(operators, directions))
    return directions.flatMap((one) => runDirections(context, [one], x, mask));
  const { graph } = context;
  const [{ opType, options }] = operators;
  const paths = directions.map(({ cell }) =>
    context.weights.get(cell)![0].name.replace(/\/[^/]*$/, ''),
  );
  const path = paths.length === 1 ? paths[0] : paths[0].replace(/\/[^/]*$/, '');
  const weights = (name: 'W' | 'R' | 'B' | 'P'): string =>
    operators[0].weights[name] === null
      ? ''
      : graph.weights(`${path}/${name}`, () =>
          joinedAlong(operators.map((one) => one.weights[name]!)),
        );
  const states = opType === 'LSTM' ? 2 : 1;
  const initial = Array.from({ length: states }, (_, s) => initialState(graph, directions, s));
  const ordered = graph.transpose(mask ? mask.gathered(x) : x, [1, 0, 2]);
  const inputs = [
    ...[ordered, weights('W'), weights('R'), weights('B'), mask ? mask.lengths : ''],
    ...initial,
    ...(opType === 'LSTM' ? [weights('P')] : []),
  ];
  while (inputs.at(-1) === '') inputs.pop();
  const activations = operators.flatMap((one) => one.activations);
  const [alpha, beta] = (['alpha', 'beta'] as const).map((key) =>
    activations.flatMap((one) => one[key]),
  );
  const outputs = graph.node(
    opType,
    inputs,
    {
      direction: text(
        directions.length === 2 ? 'bidirectional' : directions[0].reverse ? 'reverse' : 'forward',
      ),
      activations: texts(activations.map(({ name }) => name)),
      ...(alpha.length > 0 && { activation_alpha: listOfFloats(alpha) }),
      ...(beta.length > 0 && { activation_beta: listOfFloats(beta) }),
      ...Object.fromEntries(Object.entries(options).map(([key, value]) => [key, int(value)])),
    },
    1 + states,
  );
  return directions.map((direction, d) => {
    const of = (value: string, axis: number): string =>
      directions.length === 1 ? graph.squeeze(value, axis) : graph.pick(value, axis, d);
    const sequence = graph.transpose(of(outputs[0], 1), [1, 0, 2]);
    const found = outputs.slice(1).map((value) => of(value, 0));
    return mask
      ? masked(graph, direction, mask, sequence, found)
      : { sequence, last: found[0], states: found };
  });
}

/** Along a new first axis. */
function joinedAlong(parts: readonly Floats[]): Floats {
  const all = floats([parts.length, ...parts[0].shape]);
  parts.forEach(({ data }, d) => all.data.set(data, d * data.length));
  return all;
}

/** [directions, batch, units], or '' for zeros. */
function initialState(graph: OnnxGraph, directions: readonly Direction[], s: number): string {
  if (directions[0].initial === null) return '';
  const each = directions.map(({ initial }) => graph.unsqueeze(initial![s], 0));
  return each.length === 1 ? each[0] : graph.op('Concat', each, { axis: int(0) });
}

/** Steps that are left out pass the states on and give the output of the step processed before them, or zero. */
function masked(
  graph: OnnxGraph,
  { reverse, zeroed, initial }: Direction,
  mask: Mask,
  sequence: string,
  after: readonly string[],
): Ran {
  const zero = graph.number(0);
  // Of rows without any step that counts, nothing is said of what the operators give.
  const states = after.map((state, s) =>
    graph.op('Where', [mask.any, state, initial ? initial[s] : zero]),
  );
  const last = graph.op('Where', [mask.any, after[0], zero]);
  const end = graph.unsqueeze(graph.pick(mask.flags, 1, reverse ? 0 : -1), 1);
  return {
    sequence: mask.spread(sequence, last, { reverse, zeroed }),
    last: zeroed ? graph.op('Where', [end, last, zero]) : last,
    states,
  };
}
