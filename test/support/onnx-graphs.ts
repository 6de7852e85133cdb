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
/** Without the outputs of all steps. */
const only = ({ graph, ...others }: OnnxExample): OnnxExample => {
  const { Y: _, ...outputs } = graph.outputs;
  const [{ outputs: given, ...one }] = graph.nodes;
  return {
    ...others,
    graph: { ...graph, nodes: [{ ...one, outputs: ['', ...given.slice(1)] }], outputs },
  };
};
/** Without an input. */
const without = ({ graph, feed, ...others }: OnnxExample, name: string): OnnxExample => {
  const left = <T>(all: Readonly<Record<string, T>> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
  const [{ inputs, ...one }] = graph.nodes;
  const nodes = [{ ...one, inputs: inputs.map((input) => (input === name ? '' : input)) }];
  return { ...others, feed: left(feed), graph: { ...graph, nodes, inputs: left(graph.inputs) } };
};
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
  'LSTM, backwards, the last alone': {
    ...only(
      recurrent('LSTM', { attributes: { direction: 'reverse' }, lengths: true, states: true }),
    ),
  },
  'GRU, the last alone': only(recurrent('GRU', { attributes: BOTH, directions: 2, lengths: true })),
  'LSTM, a cell state alone': without(recurrent('LSTM', { states: true }), 'h0'),
  'LSTM, an output alone at first': without(
    recurrent('LSTM', { states: true, peepholes: true, attributes: { direction: 'reverse' } }),
    'c0',
  ),
  'LSTM, a function for the output': recurrent('LSTM', {
    attributes: { activations: ['Sigmoid', 'Relu', 'Tanh'] },
    lengths: true,
    states: true,
  }),
  'LSTM, clipped': recurrent('LSTM', {
    attributes: { ...BOTH, clip: { float: 0.25 } },
    directions: 2,
    lengths: true,
    states: true,
  }),
  'LSTM, clipped, other functions': recurrent('LSTM', {
    attributes: {
      clip: { float: 0.35 },
      activations: ['HardSigmoid', 'Softsign', 'Affine'],
      activation_alpha: { floats: [0.25, 1] },
      activation_beta: { floats: [0.5, 0] },
    },
    peepholes: true,
  }),
  // ONNX Runtime takes 0 for numbers of an RNN that are not listed, and not those of the operators, as the standard says.
  'RNN, defaults of functions': recurrent('RNN', {
    attributes: { ...BOTH, activations: ['LeakyRelu', 'HardSigmoid'] },
    directions: 2,
    onlyHere: true,
  }),
};

// ---- all others -------------------------------------------------------------------------------------------------------

const then = (nodes: readonly OnnxNode[], rank: number) => ({
  nodes,
  outputs: { chosen: ['float32', ...Array.from({ length: rank }, (_, k) => `e${k}`)] as OnnxInfo },
});

/** `a` as whole numbers from -8 to 8, which the nodes take as `k`; of what they give, `y` is that times `a`. */
const whole = (
  nodes: readonly OnnxNode[],
  weights: OnnxGraphParts['weights'] = {},
  others: { shape?: number[]; rank?: number; opset?: number } = {},
): OnnxExample =>
  example(
    [
      node('Mul', ['a', 'ten'], ['b']),
      node('Cast', ['b'], ['k'], { to: 6 }),
      ...nodes,
      node('Cast', ['m'], ['n'], { to: 1 }),
      node('ReduceSum', ['n'], ['s'], { keepdims: 0 }),
      node('Add', ['s', 'ten'], ['t']),
      node('Mul', ['a', 't'], ['z']),
      node('Sum', ['n', 'zero'], ['n0']),
      node('ReduceSum', ['z', 'last'], ['u'], { keepdims: 0 }),
      node('ReduceSum', ['u'], ['v'], { keepdims: 0 }),
      node('Add', ['n0', 'v'], ['y']),
    ],
    { ten: single(10), zero: single(0), last: ints(-1), ...weights },
    others,
  );
const places = (shape: readonly number[], data: readonly number[]): OnnxTensor => ({
  shape,
  data,
  type: 'int64',
});

/** What specifications say of unusual values, and what older versions of operators say. */
const CORNERS: Readonly<Record<string, OnnxExample>> = {
  'Pow, of negative numbers': example(
    [
      node('Pow', ['a', 'e'], ['p']),
      node('Pow', ['a', 'f'], ['q']),
      node('Add', ['p', 'q'], ['y']),
    ],
    { e: single(2), f: single(3) },
  ),
  'Pow, by whole numbers': example([node('Pow', ['a', 'e'], ['y'])], { e: single(2, 'int64') }),
  'Mod, of whole numbers': whole([node('Mod', ['k', 'by'], ['m'])], {
    by: { shape: [4], data: [3, -3, 5, -4], type: 'int32' },
  }),
  'Mod, as in C, of whole numbers': whole([node('Mod', ['k', 'by'], ['m'], { fmod: 1 })], {
    by: { shape: [4], data: [3, -3, 5, -4], type: 'int32' },
  }),
  'Mod, as in C': example([node('Mod', ['a', 'by'], ['y'], { fmod: 1 })], {
    by: { shape: [4], data: [0.25, -0.3, 0.2, -0.15] },
  }),
  'Div, of whole numbers': whole([node('Div', ['k', 'by'], ['m'])], {
    by: { shape: [4], data: [3, -3, 2, -4], type: 'int32' },
  }),
  'Abs, Neg and Sign of whole numbers': whole([
    node('Abs', ['k'], ['k1']),
    node('Neg', ['k1'], ['k2']),
    node('Sign', ['k'], ['k3']),
    node('Sub', ['k2', 'k3'], ['m']),
  ]),
  'Clip, of whole numbers': whole(
    [node('Clip', ['k', 'low', 'high'], ['c']), node('Gather', ['table', 'c'], ['m'], { axis: 0 })],
    {
      low: single(0, 'int32'),
      high: single(3, 'int32'),
      table: { shape: [5], data: [2, 3, 5, 7, 11], type: 'int32' },
    },
  ),
  'Max and Min, of whole numbers': whole([
    node('Neg', ['k'], ['j']),
    node('Max', ['k', 'j', 'k'], ['i']),
    node('Min', ['i', 'k'], ['m']),
  ]),
  'Pad, of whole numbers': whole(
    [node('Pad', ['k', 'p', 'filler'], ['d']), node('Gather', ['table', 'd'], ['m'])],
    {
      p: ints(0, 0, 1, 0, 0, 0),
      filler: single(-2, 'int32'),
      table: { shape: [17], data: Array.from({ length: 17 }, (_, i) => i * i), type: 'int32' },
    },
  ),
  'Slice, of whole numbers': whole([node('Slice', ['k', 'from', 'to', 'axes', 'steps'], ['m'])], {
    from: ints(-1, 5),
    to: ints(-9, 0),
    axes: ints(-2, -1),
    steps: ints(-2, -1),
  }),
  'moves of whole numbers': whole(
    [
      node('Transpose', ['k'], ['k1']),
      node('Unsqueeze', ['k1', 'first'], ['k2']),
      node('Expand', ['k2', 'wide'], ['k3']),
      node('Tile', ['k3', 'twice'], ['k4']),
      node('Concat', ['k4', 'k3'], ['k5'], { axis: -1 }),
      node('Split', ['k5'], ['k6', 'k7'], { axis: 1 }),
      node('Where', ['flag', 'k6', 'k7'], ['m']),
    ],
    {
      first: ints(0),
      wide: ints(2, 1, 1, 1),
      twice: ints(1, 1, 1, 2),
      flag: { shape: [3, 1], data: [1, 0, 1], type: 'bool' },
    },
    { rank: 4 },
  ),
  'reductions of whole numbers': whole(
    [
      node('ReduceMax', ['k'], ['k1'], { axes: [1] }),
      node('ReduceMin', ['k'], ['k2'], { axes: [-1], keepdims: 1 }),
      node('ReduceSum', ['k', 'one'], ['k3']),
      node('CumSum', ['k', 'axis'], ['k4'], { reverse: 1, exclusive: 1 }),
      node('Sub', ['k1', 'k2'], ['k5']),
      node('Add', ['k5', 'k3'], ['k6']),
      node('Add', ['k6', 'k4'], ['m']),
    ],
    { one: ints(-3), axis: single(-2, 'int64') },
  ),
  'Cast, to truth': example([
    node('Floor', ['a'], ['f']),
    node('Cast', ['f'], ['flags'], { to: 9 }),
    node('Where', ['flags', 'a', 'f'], ['y']),
  ]),
  'Where, with three shapes': example(
    [node('Where', ['c', 'a', 'v'], ['y'])],
    { c: { shape: [2, 1, 3, 1], data: [1, 0, 1, 0, 0, 1], type: 'bool' }, v: numbers([4], 3) },
    { rank: 4 },
  ),
  'Where, with a number': example(
    [node('Less', ['a', 'zero'], ['flags']), node('Where', ['flags', 'zero', 'a'], ['y'])],
    { zero: single(0) },
  ),
  'GatherElements, from the end': example(
    [node('GatherElements', ['a', 'at'], ['y'], { axis: -1 })],
    { at: places([2, 3, 2], [0, -1, 2, -4, 3, 1, -2, 0, 1, 1, -3, -1]) },
  ),
  'GatherElements, of fewer rows': example(
    [node('GatherElements', ['a', 'at'], ['y'], { axis: 1 })],
    { at: places([1, 2, 3], [0, -1, 2, 2, 1, -3]) },
  ),
  'ScatterElements, from the end': example(
    [node('ScatterElements', ['a', 'at', 'v'], ['y'], { axis: -1 })],
    { at: places([2, 3, 2], [0, -1, 2, -4, 3, 1, -2, 0, 1, 2, -3, -1]), v: numbers([2, 3, 2], 5) },
  ),
  'ScatterElements, of fewer rows': example(
    [node('ScatterElements', ['a', 'at', 'v'], ['y'], { axis: 1, reduction: 'add' })],
    { at: places([1, 2, 3], [0, -1, 2, 0, 1, -3]), v: numbers([1, 2, 3], 5) },
  ),
  'Slice, from before the first': example(
    [node('Slice', ['a', 'from', 'to', 'axes', 'steps'], ['y'])],
    {
      from: ints(-9, 1),
      to: ints(-20, 9),
      axes: ints(2, 1),
      steps: ints(-1, 1),
    },
  ),
  'Slice, backwards by two': example([node('Slice', ['a', 'from', 'to', 'axes', 'steps'], ['y'])], {
    from: ints(9),
    to: ints(-4),
    axes: ints(-1),
    steps: ints(-2),
  }),
  'Slice of old': {
    ...example([node('Slice', ['a'], ['y'], { starts: [-2], ends: [99], axes: [1] })]),
    opset: 9,
  },
  'Reshape, with zeros and what is left': example(
    [node('Reshape', ['a', 's'], ['y'])],
    { s: ints(0, 2, -1, 0) },
    { shape: [2, 6, 1, 2], rank: 4 },
  ),
  'Reshape, a zero that is an extent': example(
    [
      node('Slice', ['a', 'from', 'from'], ['none']),
      node('Reshape', ['none', 's'], ['flat'], { allowzero: 1 }),
      node('Reshape', ['a', 'rows'], ['b']),
      node('Concat', ['b', 'flat'], ['y'], { axis: 0 }),
    ],
    { from: ints(0), s: ints(0, 4), rows: ints(-1, 4) },
    { rank: 2 },
  ),
  'axes as attributes': {
    ...example(
      [
        node('Unsqueeze', ['a'], ['u'], { axes: [0, -1] }),
        node('Squeeze', ['u'], ['v'], { axes: [-1] }),
        node('ReduceSum', ['v'], ['s'], { axes: [-1], keepdims: 1 }),
        node('Split', ['v'], ['p', 'q'], { axis: -1, split: [3, 1] }),
        node('Mul', ['q', 's'], ['t']),
        node('Pad', ['t', 'widths'], ['y']),
      ],
      { widths: ints(0, 0, 0, 1, 0, 0, 0, 2) },
      { rank: 4 },
    ),
    opset: 11,
  },
  'Pad and Clip of old': {
    ...example([
      node('Pad', ['a'], ['p'], { pads: [0, 0, 1, 0, 0, 2], value: { float: 0.5 } }),
      node('Clip', ['p'], ['y'], { min: { float: -0.25 }, max: { float: 0.3 } }),
    ]),
    opset: 10,
  },
  'Pad, on some axes, less than nothing': {
    ...example([node('Pad', ['a', 'p', '', 'axes'], ['y'])], {
      p: ints(-1, 2, 1, -1),
      axes: ints(-1, 0),
    }),
    opset: 18,
  },
  'ReduceMean, axes as an input': {
    ...example(
      [node('ReduceMean', ['a', 'axes'], ['y'], { keepdims: 0 })],
      { axes: ints(-2) },
      { rank: 2 },
    ),
    opset: 18,
  },
  'ReduceSum, over nothing': example([
    node('ReduceSum', ['a'], ['y'], { noop_with_empty_axes: 1 }),
  ]),
  'Split, of as many': {
    ...example(
      [
        node('Split', ['a'], ['p', 'q', 'r'], { axis: -1, num_outputs: 3 }),
        node('Concat', ['r', 'p'], ['y'], { axis: 0 }),
      ],
      {},
      { shape: [2, 3, 6] },
    ),
    opset: 18,
  },
  'Softmax of old, by default': { ...unary('Softmax'), opset: 11 },
  'LogSoftmax of old, from the end': { ...unary('LogSoftmax', { axis: -2 }), opset: 12 },
  'Softmax by default': unary('Softmax'),
  'LayerNormalization, with its statistics': example(
    [
      node('LayerNormalization', ['a', 'g'], ['n', 'mean', 'inverse'], {
        axis: 1,
        epsilon: { float: 1e-3 },
      }),
      node('Mul', ['n', 'mean'], ['o']),
      node('Mul', ['o', 'inverse'], ['y']),
    ],
    { g: numbers([3, 4], 3) },
  ),
  'CumSum, without itself': example([node('CumSum', ['a', 'axis'], ['y'], { exclusive: 1 })], {
    axis: single(-1, 'int64'),
  }),
  'CumSum, from the end': example([node('CumSum', ['a', 'axis'], ['y'], { reverse: 1 })], {
    axis: single(0, 'int32'),
  }),
  'MatMul, two vectors': example(
    [node('MatMul', ['a', 'm'], ['y'])],
    { m: numbers([4], 3) },
    { shape: [4], rank: 0 },
  ),
  'MatMul, a vector before batches': example(
    [node('MatMul', ['a', 'm'], ['y'])],
    { m: numbers([3, 4, 2], 3) },
    { shape: [4], rank: 2 },
  ),
  'Flatten, all of it': example([node('Flatten', ['a'], ['y'], { axis: 0 })], {}, { rank: 2 }),
  'Flatten, from the end': example([node('Flatten', ['a'], ['y'], { axis: -1 })], {}, { rank: 2 }),
  'Transpose by default': unary('Transpose'),
  'ArgMin, from the end': example(
    [
      node('ArgMin', ['a'], ['at'], { axis: -2, keepdims: 0 }),
      node('Cast', ['at'], ['place'], { to: 1 }),
      node('ReduceSum', ['a', 'middle'], ['sum'], { keepdims: 0 }),
      node('Mul', ['place', 'sum'], ['y']),
    ],
    { middle: ints(1) },
    { rank: 2 },
  ),
  'OneHot, from the end': example(
    [
      node('OneHot', ['at', 'depth', 'values'], ['hot'], { axis: 0 }),
      node('MatMul', ['hot', 'a'], ['y']),
    ],
    {
      at: places([3], [0, -1, 2]),
      depth: single(5, 'int64'),
      values: { shape: [2], data: [-1, 3] },
    },
    { shape: [3, 4], rank: 2 },
  ),
  'Shape, from the end': example(
    [
      node('Shape', ['a'], ['s'], { start: -2, end: -1 }),
      node('Concat', ['s', 'rest'], ['wanted'], { axis: -1 }),
      node('Reshape', ['a', 'wanted'], ['y']),
    ],
    { rest: ints(-1, 2) },
  ),
  'numbers that follow from shapes': example(
    [
      node('Shape', ['a'], ['s']),
      node('Neg', ['s'], ['n']),
      node('Mod', ['n', 'three'], ['r']),
      node('Clip', ['r', 'one'], ['c']),
      node('ReduceMax', ['s'], ['most'], { axes: [0], keepdims: 1 }),
      node('ReduceSum', ['c'], ['sum'], { keepdims: 1 }),
      node('Concat', ['most', 'left'], ['wanted'], { axis: 0 }),
      node('Reshape', ['a', 'wanted'], ['flat']),
      node('Tile', ['flat', 'sums'], ['y']),
      node('Concat', ['sum', 'ones'], ['sums'], { axis: 0 }),
    ].sort((a, b) => Number(a.op === 'Tile') - Number(b.op === 'Tile')),
    { three: ints(3), one: single(1, 'int64'), left: ints(-1), ones: ints(1) },
    { rank: 2 },
  ),
  'BatchNormalization, of rows': example(
    [node('BatchNormalization', ['a', 'g', 'b', 'm', 'v'], ['y'])],
    {
      g: numbers([4], 3),
      b: numbers([4], 4),
      m: numbers([4], 5),
      v: { shape: [4], data: [0.5, 1.5, 2, 1] },
    },
    { shape: [3, 4], rank: 2 },
  ),
  'Gather, places on two axes': example(
    [node('Gather', ['a', 'at'], ['y'], { axis: -2 })],
    { at: places([1, 2], [-3, 2]) },
    { rank: 4 },
  ),
};

export const OPERATORS: Readonly<Record<string, OnnxExample>> = {
  ...CORNERS,
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
