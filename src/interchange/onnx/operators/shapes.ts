/** Operators that ask for shapes, make values of them, and move elements. */
import * as ops from '../../../ops/index.ts';
import { broadcastShapes } from '../../../ops/operands.ts';
import { sizeOf, zeros } from '../../../tensor.ts';
import type { Tensor } from '../../../tensor.ts';
import { broadcasted, cut, fromStart, gathered, joined, reshaped, transposed } from '../moves.ts';
import type { Cut } from '../moves.ts';
import { axisIn, checkKnownSize, isKnown, known, likeIn } from '../values.ts';
import type { Known, Value } from '../values.ts';
import type { Operator } from './given.ts';

const Shape: Operator = (given) => {
  const { shape } = given.value(0);
  const rank = shape.length;
  const within = (at: number): number => Math.max(0, Math.min(rank, at < 0 ? at + rank : at));
  const part = shape.slice(
    within(given.attribute('start', 0)),
    within(given.attribute('end', rank)),
  );
  return known(part, [part.length]);
};

const Size: Operator = (given) => known([sizeOf(given.value(0).shape)], []);

const Constant: Operator = (given) => {
  const value = given.constant('value');
  if (value) return value;
  const float = given.attribute('value_float', undefined);
  const int = given.attribute('value_int', undefined);
  const [floats, ints] = [given.list('value_floats'), given.list('value_ints')];
  if (float !== undefined) return known([float], [], 'float32');
  if (int !== undefined) return known([int], []);
  if (floats) return known(floats, [floats.length], 'float32');
  if (ints) return known(ints, [ints.length]);
  throw new Error('expected a constant of numbers, got another one');
};

const ConstantOfShape: Operator = (given) => {
  const shape = given.numbers(0, 'a shape')!;
  const value = given.constant('value') ?? known([0], [1], 'float32');
  return known(new Array<number>(checkKnownSize(shape)).fill(value.data[0]), shape, value.type);
};

const Range: Operator = (given) => {
  const start = given.number(0, 'start')!;
  const limit = given.number(1, 'limit')!;
  const delta = given.number(2, 'delta')!;
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  checkKnownSize([count]);
  const numbers = Array.from({ length: count }, (_, k) => start + k * delta);
  return known(numbers, [count], (given.value(0) as Known).type);
};

const Reshape: Operator = (given) => {
  const x = given.value(0);
  const wanted = given.listOr('shape', 1) ?? [];
  const keepsZero = given.flag('allowzero');
  const shape = wanted.map((extent, axis) =>
    extent === 0 && !keepsZero ? (x.shape[axis] ?? 0) : extent,
  );
  const open = shape.indexOf(-1);
  if (open >= 0) {
    const others = sizeOf(shape.filter((_, axis) => axis !== open));
    shape[open] = sizeOf(x.shape) / others;
  }
  if (!shape.every((extent) => extent >= 0 && Number.isInteger(extent)))
    throw new Error(`expected a shape of ${sizeOf(x.shape)} elements, got [${wanted}]`);
  return reshaped(x, shape);
};

const Flatten: Operator = (given) => {
  const x = given.value(0);
  const axis = given.attribute('axis', 1);
  const at = axis < 0 ? axis + x.shape.length : axis;
  return reshaped(x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]);
};

const Squeeze: Operator = (given) => {
  const x = given.value(0);
  const axes = given.listOr('axes', 1)?.map((axis) => axisIn(axis, x.shape.length));
  const odd = axes?.find((axis) => x.shape[axis] !== 1);
  if (odd !== undefined)
    throw new Error(`expected an extent of 1 on axis ${odd}, got [${x.shape}]`);
  return reshaped(
    x,
    x.shape.filter((extent, axis) => (axes ? !axes.includes(axis) : extent !== 1)),
  );
};

const Unsqueeze: Operator = (given) => {
  const x = given.value(0);
  const axes = given.listOr('axes', 1) ?? [];
  const rank = x.shape.length + axes.length;
  const at = new Set(axes.map((axis) => axisIn(axis, rank)));
  if (at.size !== axes.length) throw new Error(`expected different axes, got [${axes}]`);
  const left = [...x.shape];
  return reshaped(
    x,
    Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : left.shift()!)),
  );
};

const Transpose: Operator = (given) => {
  const x = given.value(0);
  return transposed(x, given.list('perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis));
};

const Expand: Operator = (given) => {
  const x = given.value(0);
  const wanted = given.numbers(1, 'a shape')!;
  return broadcasted(x, broadcastShapes('Expand', [x.shape, wanted]));
};

const Tile: Operator = (given) => {
  const x = given.value(0);
  const repeats = given.numbers(1, 'repeats')!;
  if (!isKnown(x)) return ops.tile(x, repeats);
  const apart = reshaped(
    x,
    x.shape.flatMap((extent) => [1, extent]),
  );
  const wide = broadcasted(
    apart,
    x.shape.flatMap((extent, axis) => [repeats[axis], extent]),
  );
  return reshaped(
    wide,
    x.shape.map((extent, axis) => extent * repeats[axis]),
  );
};

const Concat: Operator = (given) => {
  const values = given.all();
  const axis = axisIn(given.attribute('axis', 1), values[0].shape.length);
  return joined(values, axis, () => given.device);
};

const Gather: Operator = (given) => {
  const x = given.value(0);
  const axis = axisIn(given.attribute('axis', 0), x.shape.length);
  return gathered(x, given.value(1), axis, () => given.device);
};

const GatherElements: Operator = (given) => {
  const [x, at] = [given.floats(0), given.tensor(1)];
  const axis = axisIn(given.attribute('axis', 0), x.rank);
  const places = fromStart(at, x.shape[axis]);
  return likeIn(given.value(0), ops.takeAlong(reached(x, at.shape, axis), places, axis));
};

/** What places of a shape reach: on axes other than theirs they may have fewer elements. */
const reached = (x: Tensor, shape: readonly number[], axis: number): Tensor =>
  cut(
    x,
    shape.flatMap((count, a) => (a === axis ? [] : { axis: a, begin: 0, step: 1, count })),
  ) as Tensor;

/** Elements of x replaced by, or with `add` added to, updates at places along an axis. */
const ScatterElements: Operator = (given) => {
  const [x, at, updates] = [given.floats(0), given.tensor(1), given.floats(2)];
  const axis = axisIn(given.attribute('axis', 0), x.rank);
  const reduction = given.text('reduction', 'none');
  if (reduction !== 'add' && reduction !== 'none')
    throw new Error(`expected to replace or to add elements, got the reduction '${reduction}'`);
  const places = fromStart(at, x.shape[axis]);
  const part = at.shape.map((extent, a) => (a === axis ? x.shape[a] : extent));
  const none = zeros(part, 'float32', x.device);
  const scattered = (values: Tensor): Tensor =>
    ops.pad(
      ops.scatterAdd(none, places, values, axis),
      x.shape.map((extent, a) => [0, extent - part[a]] as const),
    );
  const found = scattered(updates);
  if (reduction === 'add') return likeIn(given.value(0), ops.add(x, found));
  const hits = scattered(ops.add(zeros(updates.shape, 'float32', x.device), 1));
  return likeIn(given.value(0), ops.where(ops.equal(hits, 0), x, found));
};

const Slice: Operator = (given) => {
  const x = given.value(0);
  const starts = given.listOr('starts', 1) ?? [];
  const ends = given.listOr('ends', 2) ?? [];
  const axes = given.listOr('axes', 3) ?? starts.map((_, axis) => axis);
  const steps = given.numbers(4, 'steps') ?? starts.map(() => 1);
  if ([ends, axes, steps].some(({ length }) => length !== starts.length))
    throw new Error(
      `expected as many ends, axes and steps as starts (${starts.length}), got ${ends.length}, ${axes.length} and ${steps.length}`,
    );
  const cuts = starts.map((start, k): Cut => {
    const axis = axisIn(axes[k], x.shape.length);
    const [extent, step] = [x.shape[axis] ?? 0, steps[k]];
    if (step === 0) throw new Error('expected steps other than 0');
    // Where both ends lie: on the elements, or the last one just before them where it goes backwards.
    const [least, most] = step > 0 ? [0, extent] : [-1, extent - 1];
    const place = (at: number, first: number): number =>
      Math.max(first, Math.min(most, at < 0 ? at + extent : at));
    const begin = place(start, 0);
    const count = Math.max(0, Math.ceil((place(ends[k], least) - begin) / step));
    return { axis, begin, step, count };
  });
  return cut(x, cuts);
};

const Split: Operator = (given) => {
  const x = given.value(0);
  const axis = axisIn(given.attribute('axis', 0), x.shape.length);
  const extent = x.shape[axis];
  const parts = given.node.outputs.length;
  const size = Math.ceil(extent / parts);
  const sizes =
    given.listOr('split', 1) ??
    Array.from({ length: parts }, (_, k) => Math.min(size, extent - k * size));
  let begin = 0;
  return sizes.map((count): Value => {
    const part = cut(x, [{ axis, begin, step: 1, count }]);
    begin += count;
    return part;
  });
};

const Pad: Operator = (given) => {
  const x = given.tensor(0);
  const pads = given.listOr('pads', 1) ?? [];
  const axes = (given.numbers(3, 'axes') ?? x.shape.map((_, axis) => axis)).map((axis) =>
    axisIn(axis, x.rank),
  );
  const value = given.attribute('value', undefined) ?? given.number(2, 'a value') ?? 0;
  if (pads.length !== 2 * axes.length)
    throw new Error(`expected ${2 * axes.length} widths for ${x}, got ${pads.length}`);
  const widths = x.shape.map((_, axis): [number, number] => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [pads[at], pads[at + axes.length]];
  });
  const mode = given.text('mode', 'constant');
  return padded(x, widths, mode, value);
};

function padded(
  x: Tensor,
  widths: readonly (readonly [number, number])[],
  mode: string,
  value: number,
): Tensor {
  // Negative widths cut.
  const cuts = widths.map(([before, after], axis): Cut => {
    const begin = Math.max(0, -before);
    return { axis, begin, step: 1, count: x.shape[axis] - begin - Math.max(0, -after) };
  });
  let result = cut(x, cuts) as Tensor;
  const most = widths.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const);
  if (mode === 'constant') return ops.pad(result, most, value);
  most.forEach(([before, after], axis) => {
    if (before === 0 && after === 0) return;
    const extent = result.shape[axis];
    const length = checkKnownSize([before + extent + after]);
    const places = Array.from({ length }, (_, k) => mirrored(mode, k - before, extent));
    result = gathered(result, known(places, [length]), axis, () => x.device) as Tensor;
  });
  return result;
}

/** Which element stands at a place beyond the ends. */
function mirrored(mode: string, place: number, extent: number): number {
  if (mode === 'edge') return Math.max(0, Math.min(extent - 1, place));
  if (mode === 'wrap') return ((place % extent) + extent) % extent;
  if (mode !== 'reflect')
    throw new Error(`expected a mode of constant, reflect, edge or wrap, got '${mode}'`);
  const found = place < 0 ? -place : place >= extent ? 2 * (extent - 1) - place : place;
  if (found >= 0 && found < extent) return found;
  throw new Error(`expected to reflect fewer than ${extent} elements, got ${Math.abs(place)}`);
}

export const SHAPES: Record<string, Operator> = {
  ...{ Shape, Size, Constant, ConstantOfShape, Range },
  ...{ Reshape, Flatten, Squeeze, Unsqueeze, Transpose, Expand, Tile },
  ...{ Concat, Gather, GatherElements, ScatterElements, Slice, Split, Pad },
};

/** By operator, the inputs that must be numbers on the host. */
export const KNOWN_INPUTS: Readonly<Record<string, readonly number[]>> = {
  ...{ ConstantOfShape: [0], Range: [0, 1, 2], Reshape: [1], Squeeze: [1], Unsqueeze: [1] },
  ...{ Expand: [1], Tile: [1], Slice: [1, 2, 3, 4], Split: [1], Pad: [1, 2, 3], Clip: [1, 2] },
  ...{ OneHot: [1, 2], CumSum: [1] },
};
