/** Operators over axes: sums and the like, softmax, normalisations and pooling. */
import * as ops from '../../../ops/index.ts';
import { normalize } from '../../../ops/normalize.ts';
import { windows } from '../../../ops/windows.ts';
import { sizeOf } from '../../../tensor.ts';
import type { Tensor } from '../../../tensor.ts';
import { stridesOf } from '../../arrays.ts';
import { asFloats, axisIn, checkKnownSize, isKnown, known, likeIn } from '../values.ts';
import type { Known, Value } from '../values.ts';
import type { Operator } from './given.ts';
import { spanOf } from './products.ts';

type Axes = { readonly axis: readonly number[]; readonly keepDims: boolean };

/** @param onHost what joins two numbers of those that are known: how many elements a shape has */
const reduction =
  (
    compute: (x: Tensor, over: Axes) => Tensor,
    onHost: ((a: number, b: number) => number) | null = null,
  ): Operator =>
  (given) => {
    const x = given.value(0);
    const named = given.listOr('axes', 1) ?? [];
    const keepDims = given.attribute('keepdims', 1) !== 0;
    if (named.length === 0 && given.flag('noop_with_empty_axes')) return x;
    const axis =
      named.length === 0
        ? x.shape.map((_, k) => k)
        : named.map((one) => axisIn(one, x.shape.length));
    if (onHost && isKnown(x) && x.data.length > 0) return joined(x, { axis, keepDims }, onHost);
    return likeIn(x, compute(given.floats(0), { axis, keepDims }));
  };

function joined(
  { data, shape, type }: Known,
  { axis, keepDims }: Axes,
  join: (a: number, b: number) => number,
): Known {
  const kept = shape.map((extent, k) => (axis.includes(k) ? 1 : extent));
  const [from, to] = [stridesOf(shape), stridesOf(kept)];
  const found: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const place = kept.reduce(
      (sum, extent, k) => sum + (extent === 1 ? 0 : (Math.floor(i / from[k]) % extent) * to[k]),
      0,
    );
    found[place] = place in found ? join(found[place], data[i]) : data[i];
  }
  return known(found, keepDims ? kept : kept.filter((_, k) => !axis.includes(k)), type);
}

const product = (): never => {
  throw new Error('expected the product of numbers that follow from shapes, got another one');
};

const REDUCTIONS = {
  ReduceSum: reduction(ops.sum, (a, b) => a + b),
  ReduceMean: reduction(ops.mean),
  ReduceMax: reduction(ops.max, Math.max),
  ReduceMin: reduction(ops.min, Math.min),
  ReduceSumSquare: reduction(ops.sumSquares),
  ReduceL1: reduction((x, over) => ops.sum(ops.abs(x), over)),
  ReduceL2: reduction(ops.norm),
  ReduceLogSum: reduction((x, over) => ops.log(ops.sum(x, over))),
  ReduceLogSumExp: reduction(ops.logSumExp),
  ReduceProd: reduction(product, (a, b) => a * b),
};

const extreme =
  (sign: 1 | -1): Operator =>
  (given) => {
    const x = given.floats(0);
    const axis = axisIn(given.attribute('axis', 0), x.rank);
    if (given.flag('select_last_index'))
      throw new Error('expected the first of equal ones, got the last');
    const places = ops.argMax(sign === 1 ? x : ops.neg(x), axis);
    return given.attribute('keepdims', 1) ? ops.expandDims(places, axis) : places;
  };

// ---- softmax ----------------------------------------------------------------------------------------------------------

/** Before version 13 over all axes from `axis` on. */
const soft =
  (compute: (x: Tensor, axis: number) => Tensor): Operator =>
  (given) => {
    const x = given.floats(0);
    const axis = axisIn(given.attribute('axis', given.opset < 13 ? 1 : -1), x.rank);
    if (given.opset >= 13 || axis === x.rank - 1) return compute(x, axis);
    const rows = ops.reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
    return ops.reshape(compute(rows, 1), x.shape);
  };

// ---- normalisation ----------------------------------------------------------------------------------------------------

const LayerNormalization: Operator = (given) => {
  const x = given.floats(0);
  const first = axisIn(given.attribute('axis', -1), x.rank);
  const axes = x.shape.map((_, k) => k).filter((k) => k >= first);
  const epsilon = given.attribute('epsilon', 1e-5);
  const scaled = ops.mul(normalize(x, axes, epsilon), given.floats(1));
  const bias = given.optionalFloats(2);
  const y = bias ? ops.add(scaled, bias) : scaled;
  if (given.node.outputs.slice(1).every((value) => value === null)) return y;
  const over = { axis: axes, keepDims: true };
  const mean = ops.mean(x, over);
  const variance = ops.mean(ops.square(ops.sub(x, mean)), over);
  return [y, mean, ops.rsqrt(ops.add(variance, epsilon))];
};

/** A number for each channel, axis 1, against all others. */
const byChannel = (values: Tensor, x: Tensor): Tensor =>
  ops.reshape(
    values,
    x.shape.map((extent, axis) => (axis === 1 ? extent : 1)),
  );

/** With the statistics of the file, when it is trained too. */
const BatchNormalization: Operator = (given) => {
  const x = given.floats(0);
  if (given.flag('training_mode'))
    throw new Error(
      'expected statistics of the file, got training_mode 1, those of the batch; export the model for inference',
    );
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((at) => given.floats(at));
  const root = ops.rsqrt(ops.add(variance, given.attribute('epsilon', 1e-5)));
  const factor = ops.mul(scale, root);
  const shift = ops.sub(bias, ops.mul(mean, factor));
  return ops.add(ops.mul(x, byChannel(factor, x)), byChannel(shift, x));
};

const InstanceNormalization: Operator = (given) => {
  const x = given.floats(0);
  const axes = x.shape.map((_, k) => k).slice(2);
  const y = normalize(x, axes, given.attribute('epsilon', 1e-5));
  return ops.add(ops.mul(y, byChannel(given.floats(1), x)), byChannel(given.floats(2), x));
};

// ---- pooling ----------------------------------------------------------------------------------------------------------

const pooled =
  (compute: (x: Tensor, over: Axes) => Tensor, filler: number): Operator =>
  (given) => {
    const x = given.floats(0);
    const [size] = given.list('kernel_shape') ?? [];
    if (x.rank !== 3 || size === undefined)
      throw new Error(`expected pooling over one axis, of [batch, channels, length], got ${x}`);
    if (given.flag('ceil_mode')) throw new Error('expected ceil_mode 0, got 1');
    const span = spanOf(given, size, x.shape[2]);
    const { before, after } = span;
    if (filler === 0 && before + after > 0 && !given.flag('count_include_pad'))
      throw new Error('expected an average without padding, got one with some that does not count');
    const padded = ops.pad(
      x,
      [
        [0, 0],
        [0, 0],
        [before, after],
      ],
      filler,
    );
    const seen = windows(ops.transpose(padded, [0, 2, 1]), size, span.stride, span.dilation);
    return ops.transpose(compute(seen, { axis: [2], keepDims: false }), [0, 2, 1]);
  };

const global =
  (compute: (x: Tensor, over: Axes) => Tensor): Operator =>
  (given) => {
    const x = given.floats(0);
    return compute(x, { axis: x.shape.map((_, k) => k).slice(2), keepDims: true });
  };

const CumSum: Operator = (given) => {
  const x = given.floats(0);
  const axis = axisIn(given.number(1, 'axis') ?? 0, x.rank);
  const turned = (one: Tensor): Tensor => (given.flag('reverse') ? ops.flip(one, axis) : one);
  const sums = turned(ops.cumsum(turned(x), axis));
  return likeIn(given.value(0), given.flag('exclusive') ? ops.sub(sums, x) : sums);
};

/** float32 of one place: 1 there and 0 elsewhere, or the two numbers that are given. */
const OneHot: Operator = (given) => {
  const [indices, depth] = [given.floats(0), given.number(1, 'depth')!];
  const [off, on] = given.numbers(2, 'values')!;
  checkKnownSize([depth]);
  const rank = indices.rank + 1;
  const at = axisIn(given.attribute('axis', -1), rank);
  const places = Float32Array.from({ length: depth }, (_, k) => k);
  const along = ops.reshape(
    asFloats(known(places, [depth]), given.device),
    Array.from({ length: rank }, (_, axis) => (axis === at ? depth : 1)),
  );
  // Places may count from the end.
  const wanted = ops.expandDims(
    ops.where(ops.less(indices, 0), ops.add(indices, depth), indices),
    at,
  );
  const hits = ops.cast(ops.equal(wanted, along), 'float32');
  const result: Value = ops.add(ops.mul(hits, on - off), off);
  return result;
};

export const REDUCTION_OPERATORS: Record<string, Operator> = {
  ...REDUCTIONS,
  ArgMax: extreme(1),
  ArgMin: extreme(-1),
  Softmax: soft(ops.softmax),
  LogSoftmax: soft(ops.logSoftmax),
  ...{ LayerNormalization, BatchNormalization, InstanceNormalization, CumSum, OneHot },
  MaxPool: pooled(ops.max, -3.4e38),
  AveragePool: pooled(ops.mean, 0),
  GlobalAveragePool: global(ops.mean),
  GlobalMaxPool: global(ops.max),
};
