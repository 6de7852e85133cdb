/** Graphs of ONNX, one or more for each operator: what goes in, and the weights. ONNX Runtime computes them too, see programs/onnx_runtime.test.ts. */
import { node } from './onnx.ts';
import type { OnnxGraphParts, OnnxInfo, OnnxNode, OnnxTensor } from './onnx.ts';

export interface OnnxExample {
  readonly graph: OnnxGraphParts;
  readonly feed: Readonly<Record<string, OnnxTensor>>;
  readonly opset?: number;
  /** Whether ONNX Runtime cannot run it. */
  readonly onlyHere?: boolean;
}

/** Numbers that look random and are the same everywhere, none near 0. */
export const numbers = (shape: readonly number[], seed = 1, scale = 0.8): OnnxTensor => ({
  shape,
  data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => {
    const value = Math.sin(1.7 * k + 0.9 * seed);
    return Math.fround(scale * (value + Math.sign(value) * 0.1));
  }),
});
export const ints = (...data: number[]): OnnxTensor => ({
  shape: [data.length],
  data,
  type: 'int64',
});
const single = (value: number, type: OnnxTensor['type'] = 'float32'): OnnxTensor => ({
  shape: [],
  data: [value],
  type,
});

const infoOf = ({ shape, type = 'float32' }: OnnxTensor): OnnxInfo => [type, ...shape];

/** x [2,3,4] times w, of the same shape, goes into the nodes as `a`; they give `y`. */
function example(
  nodes: readonly OnnxNode[],
  weights: OnnxGraphParts['weights'] = {},
  {
    shape = [2, 3, 4],
    rank = 3,
    scale,
    ...others
  }: { shape?: number[]; rank?: number; scale?: number } & Partial<OnnxExample> = {},
): OnnxExample {
  const feed = { x: numbers(shape, 1, scale) };
  return {
    graph: {
      nodes: [node('Mul', ['x', 'w'], ['a']), ...nodes],
      inputs: { x: infoOf(feed.x) },
      outputs: { y: ['float32', ...Array.from({ length: rank }, (_, k) => `d${k}`)] },
      weights: { w: numbers(shape, 2), ...weights },
    },
    feed,
    ...others,
  };
}

const unary = (op: string, attributes: OnnxNode['attributes'] = {}): OnnxExample =>
  example([node(op, ['a'], ['y'], attributes)]);
const positive = (op: string): OnnxExample =>
  example([node('Mul', ['a', 'a'], ['b']), node(op, ['b'], ['y'])]);
const binary = (op: string): OnnxExample =>
  example([node(op, ['a', 'v'], ['y'])], { v: numbers([3, 1], 3) });
const compared = (op: string): OnnxExample =>
  example(
    [
      node(op, ['a', 'v'], ['flags']),
      node('Not', ['flags'], ['others']),
      node('And', ['flags', 'others'], ['none']),
      node('Or', ['flags', 'none'], ['same']),
      node('Cast', ['same'], ['floats'], { to: 1 }),
      node('Mul', ['floats', 'a'], ['y']),
    ],
    { v: numbers([4], 3) },
  );
const reduced = (op: string, attributes: OnnxNode['attributes'] = {}): OnnxExample =>
  example(
    [node(op, ['a'], ['y'], { axes: [-1, 0], ...attributes })],
    {},
    { rank: attributes.keepdims === 0 ? 1 : 3 },
  );

// ---- recurrent nodes --------------------------------------------------------------------------------------------------

const GATES = { RNN: 1, LSTM: 4, GRU: 3 } as const;
interface RecurrentParts {
  readonly attributes?: OnnxNode['attributes'];
  readonly directions?: 1 | 2;
  readonly lengths?: boolean;
  readonly states?: boolean;
  readonly peepholes?: boolean;
  readonly bias?: boolean;
  readonly batchFirst?: boolean;
  readonly onlyHere?: boolean;
}

/** 5 steps of 3 rows of 2 features, 4 units; all outputs. */
function recurrent(op: keyof typeof GATES, parts: RecurrentParts = {}): OnnxExample {
  const { attributes = {}, lengths, states, peepholes, bias = true, batchFirst, onlyHere } = parts;
  const [T, B, I, H, D, G] = [5, 3, 2, 4, parts.directions ?? 1, GATES[op]];
  const inputs = ['X', 'W', 'R', bias ? 'B' : '', lengths ? 'lens' : '', states ? 'h0' : ''];
  if (op === 'LSTM') inputs.push(states ? 'c0' : '', peepholes ? 'P' : '');
  while (inputs.at(-1) === '') inputs.pop();
  const state = batchFirst ? [B, D, H] : [D, B, H];
  const feed: Record<string, OnnxTensor> = { X: numbers(batchFirst ? [B, T, I] : [T, B, I], 4) };
  if (lengths) feed.lens = { shape: [B], data: [5, 2, 4], type: 'int32' };
  if (states) feed.h0 = numbers(state, 5);
  if (states && op === 'LSTM') feed.c0 = numbers(state, 6);
  return {
    graph: {
      nodes: [
        node(op, inputs, op === 'LSTM' ? ['Y', 'Y_h', 'Y_c'] : ['Y', 'Y_h'], {
          hidden_size: H,
          ...attributes,
        }),
      ],
      inputs: Object.fromEntries(Object.entries(feed).map(([name, one]) => [name, infoOf(one)])),
      outputs: {
        Y: ['float32', ...(batchFirst ? [B, T, D, H] : [T, D, B, H])],
        Y_h: ['float32', ...state],
        ...(op === 'LSTM' && { Y_c: ['float32', ...state] as OnnxInfo }),
      },
      weights: {
        W: numbers([D, G * H, I], 7),
        R: numbers([D, G * H, H], 8, 0.5),
        ...(bias && { B: numbers([D, 2 * G * H], 9, 0.4) }),
        ...(peepholes && { P: numbers([D, 3 * H], 10, 0.5) }),
      },
    },
    feed,
    onlyHere: onlyHere ?? batchFirst,
  };
}

const BOTH = { direction: 'bidirectional' };
export const RECURRENT: Readonly<Record<string, OnnxExample>> = {
  'RNN, defaults': recurrent('RNN', { bias: false }),
  'RNN, backwards': recurrent('RNN', { attributes: { direction: 'reverse' }, lengths: true }),
  'RNN, two functions': recurrent('RNN', {
    attributes: {
      ...BOTH,
      activations: ['Relu', 'Affine'],
      activation_alpha: { floats: [0.7] },
      activation_beta: { floats: [0.1] },
    },
    directions: 2,
    states: true,
  }),
  'RNN, clipped': recurrent('RNN', { attributes: { clip: { float: 0.3 } }, lengths: true }),
  'RNN, batch first': recurrent('RNN', {
    attributes: { layout: 1 },
    batchFirst: true,
    states: true,
  }),
  'LSTM, defaults': recurrent('LSTM', { bias: false }),
  'LSTM, both directions': recurrent('LSTM', {
    attributes: BOTH,
    directions: 2,
    lengths: true,
    states: true,
  }),
  'LSTM, peepholes': recurrent('LSTM', { peepholes: true, states: true, lengths: true }),
  'LSTM, coupled': recurrent('LSTM', { attributes: { input_forget: 1 }, states: true }),
  'LSTM, coupled, peepholes': recurrent('LSTM', {
    attributes: { input_forget: 1, direction: 'reverse' },
    peepholes: true,
  }),
  'LSTM, clipped, coupled': recurrent('LSTM', {
    attributes: { input_forget: 1, clip: { float: 0.4 } },
    states: true,
  }),
  'LSTM, clipped, peepholes': recurrent('LSTM', {
    attributes: { ...BOTH, clip: { float: 0.5 } },
    directions: 2,
    peepholes: true,
    lengths: true,
  }),
  'LSTM, other functions': recurrent('LSTM', {
    attributes: {
      activations: ['HardSigmoid', 'Softsign', 'ScaledTanh'],
      activation_alpha: { floats: [0.3, 1.2] },
      activation_beta: { floats: [0.4, 0.6] },
    },
  }),
  'LSTM, functions that a cell has': recurrent('LSTM', {
    attributes: {
      activations: ['HardSigmoid', 'Softsign', 'Softsign'],
      activation_alpha: { floats: [0.3] },
      activation_beta: { floats: [0.5] },
    },
    lengths: true,
  }),
  'LSTM, defaults of functions': recurrent('LSTM', {
    attributes: { activations: ['HardSigmoid', 'Elu', 'LeakyRelu'] },
  }),
  'LSTM, batch first': recurrent('LSTM', {
    attributes: { ...BOTH, layout: 1 },
    directions: 2,
    batchFirst: true,
    states: true,
    lengths: true,
  }),
  'GRU, defaults': recurrent('GRU', { bias: false }),
  'GRU, reset after': recurrent('GRU', {
    attributes: { ...BOTH, linear_before_reset: 1 },
    directions: 2,
    lengths: true,
    states: true,
  }),
  'GRU, reset after, no bias': recurrent('GRU', {
    attributes: { linear_before_reset: 1 },
    bias: false,
  }),
  'GRU, reset before, backwards': recurrent('GRU', {
    attributes: { direction: 'reverse' },
    lengths: true,
    states: true,
  }),
  'GRU, clipped, reset after': recurrent('GRU', {
    attributes: { clip: { float: 0.6 }, linear_before_reset: 1 },
    lengths: true,
  }),
  'GRU, clipped, reset before': recurrent('GRU', {
    attributes: { ...BOTH, clip: { float: 0.6 } },
    directions: 2,
  }),
  'GRU, other functions': recurrent('GRU', {
    attributes: {
      ...BOTH,
      activations: ['Sigmoid', 'Softplus', 'HardSigmoid', 'ThresholdedRelu'],
      activation_alpha: { floats: [0.25, 0.2] },
      activation_beta: { floats: [0.4] },
    },
    directions: 2,
  }),
  'GRU, batch first': recurrent('GRU', {
    attributes: { layout: 1, linear_before_reset: 1 },
    batchFirst: true,
    lengths: true,
  }),
};

// ---- all others -------------------------------------------------------------------------------------------------------

const then = (nodes: readonly OnnxNode[], rank: number) => ({
  nodes,
  outputs: { chosen: ['float32', ...Array.from({ length: rank }, (_, k) => `e${k}`)] as OnnxInfo },
});

export const OPERATORS: Readonly<Record<string, OnnxExample>> = {
  ...Object.fromEntries(
    [
      'Abs',
      'Neg',
      'Exp',
      'Reciprocal',
      'Sin',
      'Cos',
      'Erf',
      'Relu',
      'Tanh',
      'Sigmoid',
      'Selu',
      'Softplus',
      'Softsign',
      'HardSwish',
      'Elu',
      'Celu',
      'LeakyRelu',
      'HardSigmoid',
      'Identity',
    ].map((op) => [op, unary(op)]),
  ),
  ...Object.fromEntries(['Log', 'Sqrt'].map((op) => [op, positive(op)])),
  Mish: { ...unary('Mish'), opset: 18 },
  Gelu: { ...unary('Gelu', { approximate: 'tanh' }), opset: 20 },
  'LeakyRelu, slope': unary('LeakyRelu', { alpha: { float: 0.3 } }),
  'HardSigmoid, slope': unary('HardSigmoid', { alpha: { float: 0.3 }, beta: { float: 0.4 } }),
  ThresholdedRelu: unary('ThresholdedRelu', { alpha: { float: 0.2 } }),
  PRelu: example([node('PRelu', ['a', 'slope'], ['y'])], { slope: numbers([3, 1], 5) }),
  Clip: example([node('Clip', ['a', 'low', 'high'], ['y'])], {
    low: single(-0.3),
    high: single(0.2),
  }),
  'Clip, one side': example([node('Clip', ['a', '', 'high'], ['y'])], { high: single(0.2) }),
  ...Object.fromEntries(
    ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum', 'Mean'].map((op) => [op, binary(op)]),
  ),
  Pow: example([node('Mul', ['a', 'a'], ['b']), node('Pow', ['b', 'e'], ['y'])], {
    e: single(1.5),
  }),
  ...Object.fromEntries(
    ['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op) => [op, compared(op)]),
  ),
  Equal: example([
    node('Equal', ['a', 'a'], ['flags']),
    node('Cast', ['flags'], ['floats'], { to: 1 }),
    node('Mul', ['floats', 'a'], ['y']),
  ]),
  Where: example([node('Less', ['a', 'v'], ['flags']), node('Where', ['flags', 'a', 'v'], ['y'])], {
    v: numbers([4], 3),
  }),
  'Floor and Ceil': example([
    node('Floor', ['a'], ['f']),
    node('Ceil', ['a'], ['c']),
    node('Add', ['f', 'c'], ['s']),
    node('Add', ['s', 'a'], ['y']),
  ]),
  Sign: example([node('Sign', ['a'], ['s']), node('Mul', ['s', 'a'], ['y'])]),
  Dropout: example([node('Dropout', ['a'], ['y'])]),
  MatMul: example([node('MatMul', ['a', 'm'], ['y'])], { m: numbers([4, 2], 3) }),
  'MatMul, batches': example([node('MatMul', ['m', 'a'], ['y'])], { m: numbers([2, 5, 3], 3) }),
  'MatMul, a vector': example(
    [node('MatMul', ['a', 'm'], ['y'])],
    { m: numbers([4], 3) },
    { rank: 2 },
  ),
  Gemm: example(
    [node('Gemm', ['a', 'm', 'b'], ['y'], { transB: 1 })],
    { m: numbers([2, 4], 3), b: numbers([2], 4) },
    { shape: [3, 4], rank: 2 },
  ),
  'Gemm, scaled': example(
    [
      node('Gemm', ['a', 'm', 'b'], ['y'], {
        transA: 1,
        alpha: { float: 0.5 },
        beta: { float: 2 },
      }),
    ],
    { m: numbers([3, 2], 3), b: numbers([4, 1], 4) },
    { shape: [3, 4], rank: 2 },
  ),
  Conv: example(
    [node('Conv', ['a', 'k', 'b'], ['y'], { pads: [1, 2], strides: [2] })],
    { k: numbers([5, 3, 3], 3), b: numbers([5], 4) },
    { shape: [2, 3, 9] },
  ),
  'Conv, dilated, in groups': example(
    [node('Conv', ['a', 'k', 'b'], ['y'], { dilations: [2], group: 2 })],
    { k: numbers([6, 2, 3], 3), b: numbers([6], 4) },
    { shape: [2, 4, 9] },
  ),
  'Conv, same': example(
    [node('Conv', ['a', 'k'], ['y'], { auto_pad: 'SAME_UPPER', strides: [2] })],
    { k: numbers([5, 3, 4], 3) },
    { shape: [2, 3, 9] },
  ),
  ...Object.fromEntries(
    [
      'ReduceMean',
      'ReduceMax',
      'ReduceMin',
      'ReduceL1',
      'ReduceL2',
      'ReduceSumSquare',
      'ReduceLogSumExp',
    ].map((op) => [op, reduced(op)]),
  ),
  'ReduceMean, fewer axes': reduced('ReduceMean', { keepdims: 0 }),
  ReduceSum: example([node('ReduceSum', ['a', 'axes'], ['y'])], { axes: ints(1) }),
  ReduceLogSum: example([
    node('Mul', ['a', 'a'], ['b']),
    node('ReduceLogSum', ['b'], ['y'], { axes: [1] }),
  ]),
  Softmax: unary('Softmax', { axis: 1 }),
  'Softmax of old': { ...unary('Softmax', { axis: 1 }), opset: 11 },
  LogSoftmax: unary('LogSoftmax'),
  LayerNormalization: example([node('LayerNormalization', ['a', 'g', 'b'], ['y'], { axis: -1 })], {
    g: numbers([4], 3),
    b: numbers([4], 4),
  }),
  BatchNormalization: example([node('BatchNormalization', ['a', 'g', 'b', 'm', 'v'], ['y'])], {
    g: numbers([3], 3),
    b: numbers([3], 4),
    m: numbers([3], 5),
    v: { shape: [3], data: [0.5, 1.5, 2] },
  }),
  InstanceNormalization: example([node('InstanceNormalization', ['a', 'g', 'b'], ['y'])], {
    g: numbers([3], 3),
    b: numbers([3], 4),
  }),
  MaxPool: example(
    [node('MaxPool', ['a'], ['y'], { kernel_shape: [3], strides: [2], pads: [1, 1] })],
    {},
    { shape: [2, 3, 9] },
  ),
  AveragePool: example(
    [node('AveragePool', ['a'], ['y'], { kernel_shape: [3], strides: [2] })],
    {},
    { shape: [2, 3, 9] },
  ),
  GlobalAveragePool: unary('GlobalAveragePool'),
  GlobalMaxPool: unary('GlobalMaxPool'),
  CumSum: example([node('CumSum', ['a', 'axis'], ['y'])], { axis: single(1, 'int64') }),
  ArgMax: example([
    node('ArgMax', ['a'], ['at'], { axis: 2 }),
    node('Cast', ['at'], ['place'], { to: 1 }),
    node('Mul', ['place', 'a'], ['y']),
  ]),
  Transpose: unary('Transpose', { perm: [2, 0, 1] }),
  Reshape: example([node('Reshape', ['a', 's'], ['y'])], { s: ints(0, -1) }, { rank: 2 }),
  Flatten: example([node('Flatten', ['a'], ['y'], { axis: 2 })], {}, { rank: 2 }),
  'Squeeze and Unsqueeze': example(
    [node('Unsqueeze', ['a', 'axes'], ['u']), node('Squeeze', ['u', 'last'], ['y'])],
    { axes: ints(0, -1), last: ints(-1) },
    { rank: 4 },
  ),
  Expand: example([node('Expand', ['a', 's'], ['y'])], { s: ints(2, 1, 3, 4) }, { rank: 4 }),
  Tile: example([node('Tile', ['a', 'r'], ['y'])], { r: ints(1, 2, 3) }),
  Concat: example([node('Concat', ['a', 'v', 'a'], ['y'], { axis: -2 })], {
    v: numbers([2, 2, 4], 3),
  }),
  Gather: example(
    [node('Gather', ['a', 'at'], ['y'], { axis: 1 })],
    { at: { shape: [2, 2], data: [0, -1, 2, 0], type: 'int64' } },
    { rank: 4 },
  ),
  'Gather, one': example(
    [node('Gather', ['a', 'at'], ['y'], { axis: 1 })],
    { at: single(-1, 'int64') },
    { rank: 2 },
  ),
  Slice: example([node('Slice', ['a', 'from', 'to', 'axes', 'steps'], ['y'])], {
    from: ints(-1, 0),
    to: ints(-(2 ** 53), 2 ** 53),
    axes: ints(1, 2),
    steps: ints(-1, 2),
  }),
  'Slice, cut': example([node('Slice', ['a', 'from', 'to', 'axes'], ['y'])], {
    from: ints(1),
    to: ints(-1),
    axes: ints(-1),
  }),
  Split: example(
    [
      node('Split', ['a', 's'], ['p', 'q'], { axis: 2 }),
      node('MatMul', ['a', 'm'], ['n']),
      node('Mul', ['n', 'q'], ['y']),
    ],
    { s: ints(1, 3), m: numbers([4, 3], 3) },
  ),
  Pad: example([node('Pad', ['a', 'p', 'v'], ['y'])], {
    p: ints(0, 1, 2, 1, 0, 1),
    v: single(0.5),
  }),
  'Pad, reflected': example([node('Pad', ['a', 'p'], ['y'], { mode: 'reflect' })], {
    p: ints(0, 0, 3, 0, 0, 2),
  }),
  'Pad, edges': example([node('Pad', ['a', 'p'], ['y'], { mode: 'edge' })], {
    p: ints(0, 1, 0, 0, 2, 3),
  }),
  'shapes of shapes': example(
    [
      node('Shape', ['a'], ['s']),
      node('Gather', ['s', 'zero'], ['batch']),
      node('Slice', ['s', 'one', 'three'], ['rest']),
      node('ReduceProd', ['rest'], ['count'], { keepdims: 1 }),
      node('Concat', ['batch', 'count'], ['wanted'], { axis: 0 }),
      node('Reshape', ['a', 'wanted'], ['flat']),
      node('ConstantOfShape', ['wanted'], ['ones'], {
        value: { tensor: { shape: [1], data: [1] } },
      }),
      node('Add', ['flat', 'ones'], ['y']),
    ],
    { zero: ints(0), one: ints(1), three: ints(3) },
    { rank: 2 },
  ),
  'If on a shape': example(
    [
      node('Shape', ['a'], ['s']),
      node('Gather', ['s', 'zero'], ['batch']),
      node('Equal', ['batch', 'two'], ['pair']),
      node('If', ['pair'], ['y'], {
        then_branch: { graph: then([node('Tanh', ['a'], ['chosen'])], 3) },
        else_branch: { graph: then([node('Relu', ['a'], ['chosen'])], 3) },
      }),
    ],
    { zero: single(0, 'int64'), two: single(2, 'int64') },
  ),
};
