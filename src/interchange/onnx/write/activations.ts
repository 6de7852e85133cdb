/** Activations as operators, and as what a recurrent operator is told of its own. */
import { mapFacts, mapParts } from '../../../maps.ts';
import { float, int } from './graph.ts';
import type { OnnxGraph } from './graph.ts';

/** By the name of an activation here: x and its constant to the value. */
type Write = (graph: OnnxGraph, x: string, constant: number) => string;

const times: Write = (graph, x, factor) => graph.op('Mul', [x, graph.number(factor)]);
const between = (graph: OnnxGraph, x: string, low: number, high: number): string =>
  graph.op('Clip', [x, graph.number(low), graph.number(high)]);
const plain =
  (opType: string): Write =>
  (graph, x) =>
    graph.op(opType, [x]);
const withAlpha =
  (opType: string): Write =>
  (graph, x, alpha) =>
    graph.op(opType, [x], { alpha: float(alpha) });
const shrink =
  (moved: boolean): Write =>
  (graph, x, lambd) =>
    graph.op('Shrink', [x], { lambd: float(lambd), bias: float(moved ? lambd : 0) });

/** x Φ(x) */
const gelu: Write = (graph, x) => {
  const erf = graph.op('Erf', [times(graph, x, Math.SQRT1_2)]);
  return graph.op('Mul', [times(graph, x, 0.5), graph.op('Add', [erf, graph.number(1)])]);
};

/** (x + √(x² + b)) / 2 */
const squareplus: Write = (graph, x, b) => {
  const root = graph.op('Sqrt', [graph.op('Add', [graph.op('Mul', [x, x]), graph.number(b)])]);
  return times(graph, graph.op('Add', [x, root]), 0.5);
};

const WRITERS: Readonly<Record<string, Write>> = {
  linear: (_, x) => x,
  relu: plain('Relu'),
  tanh: plain('Tanh'),
  sigmoid: plain('Sigmoid'),
  selu: plain('Selu'),
  softplus: plain('Softplus'),
  softsign: plain('Softsign'),
  exponential: plain('Exp'),
  hardSilu: plain('HardSwish'),
  elu: withAlpha('Elu'),
  celu: withAlpha('Celu'),
  leakyRelu: withAlpha('LeakyRelu'),
  hardShrink: shrink(false),
  softShrink: shrink(true),
  relu6: (graph, x) => between(graph, x, 0, 6),
  hardTanh: (graph, x) => between(graph, x, -1, 1),
  // The constant is 1 / slope.
  hardSigmoid: (graph, x, width) =>
    graph.op('HardSigmoid', [x], { alpha: float(1 / width), beta: float(0.5) }),
  silu: (graph, x) => graph.op('Mul', [x, graph.op('Sigmoid', [x])]),
  mish: (graph, x) => graph.op('Mul', [x, graph.op('Tanh', [graph.op('Softplus', [x])])]),
  tanhShrink: (graph, x) => graph.op('Sub', [x, graph.op('Tanh', [x])]),
  logSigmoid: (graph, x) => graph.op('Neg', [graph.op('Softplus', [graph.op('Neg', [x])])]),
  gelu,
  squareplus,
  softmax: (graph, x) => graph.op('Softmax', [x], { axis: int(-1) }),
  logSoftmax: (graph, x) => graph.op('LogSoftmax', [x], { axis: int(-1) }),
};

/** The constant that an activation by name has: the one behind it, or its default. */
const constantOf = (name: string): number =>
  /^(exponential|softmax|logSoftmax)$/.test(name) ? 0 : mapFacts(name).alpha;

/** The value of an activation, by its name here: `relu`, `leakyRelu(0.3)`. */
export function activate(graph: OnnxGraph, x: string, activation: string): string {
  const [name] = mapParts(activation);
  return WRITERS[name](graph, x, constantOf(activation));
}

/** An activation as an attribute of a recurrent operator has it, with the constants that it takes there. */
export interface CellActivation {
  readonly name: string;
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
}

/** By the name here, what the operators of ONNX know; with the numbers made of its constant. */
const IN_CELLS: Readonly<Record<string, readonly [string, (constant: number) => number[]]>> = {
  tanh: ['Tanh', () => []],
  sigmoid: ['Sigmoid', () => []],
  relu: ['Relu', () => []],
  softsign: ['Softsign', () => []],
  softplus: ['Softplus', () => []],
  elu: ['Elu', (alpha) => [alpha]],
  leakyRelu: ['LeakyRelu', (alpha) => [alpha]],
  linear: ['Affine', () => [1, 0]],
  hardSigmoid: ['HardSigmoid', (width) => [1 / width, 0.5]],
};

/** null where the operators know no such activation */
export function cellActivation(activation: string): CellActivation | null {
  const [name] = mapParts(activation);
  if (!Object.hasOwn(IN_CELLS, name)) return null;
  const [opName, constants] = IN_CELLS[name];
  const [alpha, beta] = constants(constantOf(activation));
  return {
    name: opName,
    alpha: alpha === undefined ? [] : [alpha],
    beta: beta === undefined ? [] : [beta],
  };
}

/** What cells can have, for errors. */
export const CELL_ACTIVATIONS = Object.keys(IN_CELLS);
