/** Values whose elements are moved and not changed: on the host, where they are known, and as operations with gradients. */
import type { Device } from '../../backend.ts';
import { cast, less, where } from '../../ops/compare.ts';
import { add } from '../../ops/map.ts';
import { concat, flip, reshape, slice, take, transpose } from '../../ops/shape.ts';
import { broadcastTo } from '../../ops/broadcast.ts';
import { sameShape, sizeOf } from '../../tensor.ts';
import type { Tensor } from '../../tensor.ts';
import { readStrided, stridesOf } from '../arrays.ts';
import { asTensor, checkKnownSize, isKnown, known } from './values.ts';
import type { Known, Value } from './values.ts';

/** A known value read with strides, in elements, from `offset` on. */
function readKnown(
  { data, type }: Known,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): Known {
  const out = new Array<number>(checkKnownSize(shape));
  readStrided(data, out, shape, strides, offset);
  return known(out, shape, type);
}

export function reshaped(x: Value, shape: readonly number[]): Value {
  if (!isKnown(x)) return sameShape(x.shape, shape) ? x : reshape(x, shape);
  if (sizeOf(shape) !== x.data.length)
    throw new Error(`expected a shape of ${x.data.length} elements, got [${shape}]`);
  return { ...x, shape };
}

/** @param order output axis k is input axis `order[k]` */
export function transposed(x: Value, order: readonly number[]): Value {
  const isOrder =
    order.length === x.shape.length &&
    new Set(order).size === order.length &&
    order.every((axis) => axis in x.shape);
  if (!isOrder)
    throw new Error(`expected an order of ${x.shape.length} axes for [${x.shape}], got [${order}]`);
  if (order.every((axis, k) => axis === k)) return x;
  if (!isKnown(x)) {
    // Nothing moves where the axes of more than one element keep their order.
    const moved = order.filter((axis) => x.shape[axis] !== 1);
    const shape = order.map((axis) => x.shape[axis]);
    const isStill = moved.every((axis, k) => k === 0 || axis > moved[k - 1]);
    return isStill ? reshape(x, shape) : transpose(x, order);
  }
  const strides = stridesOf(x.shape);
  return readKnown(
    x,
    order.map((axis) => x.shape[axis]),
    order.map((axis) => strides[axis]),
  );
}

export function broadcasted(x: Value, shape: readonly number[]): Value {
  if (!isKnown(x)) return sameShape(x.shape, shape) ? x : broadcastTo(x, shape);
  const added = shape.length - x.shape.length;
  const strides = stridesOf(x.shape);
  const fits =
    added >= 0 && x.shape.every((extent, axis) => extent === 1 || extent === shape[axis + added]);
  if (!fits) throw new Error(`expected a shape that [${x.shape}] goes into, got [${shape}]`);
  const steps = shape.map((_, axis) =>
    axis < added || x.shape[axis - added] === 1 ? 0 : strides[axis - added],
  );
  return readKnown(x, shape, steps);
}

/** What is taken along one axis: `count` elements from `begin` on, every `step`-th. */
export interface Cut {
  readonly axis: number;
  readonly begin: number;
  readonly step: number;
  readonly count: number;
}

/** A box, of which along each axis that is named every so many elements are taken. */
export function cut(x: Value, cuts: readonly Cut[]): Value {
  const shape = x.shape.map(
    (extent, axis) => cuts.find((one) => one.axis === axis)?.count ?? extent,
  );
  if (isKnown(x)) {
    const strides = stridesOf(x.shape);
    const steps = strides.map(
      (stride, axis) => stride * (cuts.find((one) => one.axis === axis)?.step ?? 1),
    );
    const offset = cuts.reduce((sum, { axis, begin }) => sum + begin * strides[axis], 0);
    return readKnown(x, shape, steps, offset);
  }
  let result = x;
  for (const { axis, begin, step, count } of cuts) {
    const extent = result.shape[axis];
    if (count === extent && step === 1) continue;
    if (step === 1 || count <= 1) result = along(result, axis, begin, count);
    else if (step === -1) result = flip(along(result, axis, begin - count + 1, count), axis);
    else {
      const places = Int32Array.from({ length: count }, (_, k) => begin + k * step);
      result = taken(result, places, axis);
    }
  }
  return result;
}

function along(x: Tensor, axis: number, begin: number, count: number): Tensor {
  return slice(
    x,
    x.shape.map((_, a) => (a === axis ? begin : 0)),
    x.shape.map((extent, a) => (a === axis ? count : extent)),
  );
}

export function joined(values: readonly Value[], axis: number, device: () => Device): Value {
  if (values.length === 1) return values[0];
  if (!values.every(isKnown)) {
    // ONNX joins what is empty, too.
    const full = values.filter(({ shape }) => sizeOf(shape) > 0);
    return concat(
      (full.length > 0 ? full : values).map((value) => asTensor(value, device())),
      axis,
    );
  }
  const [{ shape: first, type }] = values;
  if (first.length === 0)
    throw new Error('expected values of one axis or more, got single numbers');
  const odd = values.find(
    ({ shape }) =>
      shape.length !== first.length || shape.some((n, a) => a !== axis && n !== first[a]),
  );
  if (odd)
    throw new Error(
      `expected shapes that differ on axis ${axis} alone, got [${first}], [${odd.shape}]`,
    );
  const total = values.reduce((sum, { shape }) => sum + shape[axis], 0);
  const shape = first.map((extent, a) => (a === axis ? total : extent));
  const out = new Array<number>(checkKnownSize(shape));
  const inner = sizeOf(shape.slice(axis + 1));
  let begin = 0;
  for (const value of values) {
    const width = value.shape[axis] * inner;
    for (let i = 0; i < value.data.length; i++)
      out[Math.floor(i / width) * total * inner + begin + (i % width)] = value.data[i];
    begin += width;
  }
  return known(out, shape, type);
}

/**
 * Slices along an axis, by their places.
 *
 * @param places negative ones count from the end
 */
export function gathered(x: Value, places: Value, axis: number, device: () => Device): Value {
  const extent = x.shape[axis] ?? 0;
  if (!isKnown(places)) return taken(asTensor(x, device()), fromStart(places, extent), axis);
  const wanted = Array.from(places.data, (place) => (place < 0 ? place + extent : place));
  const odd = wanted.findIndex((place) => !(place >= 0 && place < extent));
  if (odd >= 0)
    throw new Error(
      `expected places in 0…${extent - 1} along axis ${axis}, got ${places.data[odd]}`,
    );
  const shape = [...x.shape.slice(0, axis), ...places.shape, ...x.shape.slice(axis + 1)];
  if (isKnown(x)) {
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
    const out: number[] = [];
    checkKnownSize(shape);
    for (let o = 0; o < outer; o++)
      for (const place of wanted)
        for (let i = 0; i < inner; i++) out.push(x.data[(o * extent + place) * inner + i]);
    return known(out, shape, x.type);
  }
  // One place is a slice, which needs no copy of x.
  if (wanted.length === 1) return reshape(along(x, axis, wanted[0], 1), shape);
  return reshape(taken(x, Int32Array.from(wanted), axis), shape);
}

/** `take` of whole numbers too. */
function taken(x: Tensor, places: Tensor | Int32Array, axis: number): Tensor {
  if (x.dtype !== 'int32') return take(x, places, axis);
  return cast(take(cast(x, 'float32'), places, axis), 'int32');
}

/** Places that are computed may count from the end. */
export function fromStart(places: Tensor, extent: number): Tensor {
  if (places.range && places.range[0] >= 0) return places;
  return where(less(places, 0), add(places, extent), places);
}
