/** How operands of different shapes go together: NumPy's broadcasting, and the strides that kernels walk by. */
import type { Device, DType, Params } from '../backend.ts';
import { sizeOf, Tensor, tensorFrom } from '../tensor.ts';
import type { Shape, TensorLike } from '../tensor.ts';
import { numbered, stridesOf } from './strided.ts';

/** A tensor, or a number. */
export type Operand = Tensor | number;

const isTensor = (x: unknown): x is Tensor => x instanceof Tensor;

/** The device of the first tensor among what an op was given; undefined, the default device, where there is none. */
export const deviceOf = (given: readonly unknown[]): Device | undefined =>
  given.find(isTensor)?.device;

/**
 * What every op makes of what it is given for a tensor: a tensor stays as it is, numbers become one.
 *
 * @param device of the op's other tensors
 * @param dtype of the tensor that numbers become; int32 of an Int32Array and float32 of all others where it is left out
 * @throws Error where it is neither, or a tensor on another device
 */
export function tensorOf(op: string, x: TensorLike, device?: Device, dtype?: DType): Tensor {
  if (!(x instanceof Tensor)) return tensorFrom(op, x, undefined, dtype, device);
  if (device && x.device !== device)
    throw new Error(
      `${op}: expected tensors on one device, got ${x} on ${x.device.description} and another on ${device.description}`,
    );
  return x;
}

/** Throws unless `x` is float32. */
export function floatsOf(op: string, x: TensorLike, device?: Device): Tensor {
  const found = tensorOf(op, x, device, 'float32');
  if (found.dtype !== 'float32')
    throw new Error(`${op}: expected a float32 tensor, got ${found}; cast(x, 'float32') first`);
  return found;
}

/** Tensors on one device: numbers become tensors of `dtype`, or of the type of the first tensor among them. */
export const tensorsOf = (
  op: string,
  given: readonly TensorLike[],
  dtype = given.find(isTensor)?.dtype,
  device = deviceOf(given),
): Tensor[] => given.map((x) => tensorOf(op, x, device, dtype));

/** What is taken from or added to, as float32, and int32 places in it. */
export function withPlaces(
  op: string,
  x: TensorLike,
  places: TensorLike,
  device = deviceOf([x, places]),
): [Tensor, Tensor] {
  return [tensorOf(op, x, device, 'float32'), tensorOf(op, places, device, 'int32')];
}

/** The same, but that a number beside a tensor stays one. */
export const operandsOf = (
  op: string,
  given: readonly TensorLike[],
  device = deviceOf(given),
): Operand[] =>
  given.some(isTensor)
    ? given.map((x) =>
        typeof x === 'number' ? x : tensorOf(op, x, device, given.find(isTensor)!.dtype),
      )
    : tensorsOf(op, given, undefined, device);

const MAX_AXES = 6;

/** What a kernel of several operands needs to know of their shapes; see shaders/lib/operands.wgsl. */
export interface Layout {
  device: Device;
  /** Of the result. */
  shape: Shape;
  constants: { RANK: number; ALIGNED: number; SCALAR: number; INT: number };
  /** Size, extents, strides and the number as parameters; `a0` is the innermost stride of operand a, `c0` of the condition. */
  params: Params<'select'>;
}

/** The shape that tensors of these shapes have together; throws where an axis differs and is not 1. */
export function broadcastShapes(op: string, shapes: readonly Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = shapes.map((shape) => shape[axis + shape.length - rank] ?? 1);
    const extent = extents.find((e) => e !== 1) ?? 1;
    if (extents.some((e) => e !== 1 && e !== extent))
      throw new Error(
        `${op}: shapes ${shapes.map((shape) => `[${shape}]`).join(' and ')} do not go together; ` +
          'from the last axis on, extents must be the same or 1',
      );
    return extent;
  });
}

/**
 * Checks the types of operands a and b (of which one may be a number) and lays them out.
 *
 * @param also a condition to broadcast with them, and a shape that the result must reach
 */
export function layOut(
  op: string,
  operands: readonly Operand[],
  also: { condition?: Tensor; shape?: Shape } = {},
): Layout {
  const { condition, shape: reach } = also;
  const tensors = operands.filter(isTensor);
  const [first] = tensors;
  const other = tensors.find((t) => t.dtype !== first.dtype);
  if (other)
    throw new Error(
      `${op}: expected operands of one type, got ${first} and ${other}; cast one of them`,
    );
  const all = condition ? [...operands, condition] : operands;
  const scalarAt = operands.findIndex((operand) => typeof operand === 'number');
  const scalar = scalarAt < 0 ? 0 : (operands[scalarAt] as number);
  const isInt = first.dtype === 'int32';
  if (isInt && !Number.isInteger(scalar))
    throw new Error(
      `${op}: expected a whole number beside ${first}, got ${scalar}; cast the tensor to float32`,
    );
  const shapes = all.map((operand) => (operand instanceof Tensor ? operand.shape : []));
  const shape = broadcastShapes(op, reach ? [...shapes, reach] : shapes);
  const { extents, strides } = mergeAxes(op, shape, shapes);
  return {
    device: first.device,
    shape,
    constants: {
      RANK: extents.length,
      ALIGNED: Number(extents.length === 1 || extents[0] % 4 === 0),
      SCALAR: scalarAt < 0 ? 0 : 2 - scalarAt,
      INT: Number(isInt),
    },
    params: {
      size: sizeOf(shape),
      scalar,
      ...numbered('extent', MAX_AXES - 1, extents, 1),
      ...numbered('a', MAX_AXES, strides[0]),
      ...numbered('b', MAX_AXES, strides[1]),
      ...numbered('c', MAX_AXES, strides[2] ?? []),
      hasA: 0,
      hasB: 0,
    } as Params<'select'>,
  };
}

/** Merges neighbouring axes that lie alike in every operand; innermost first. */
function mergeAxes(
  op: string,
  shape: Shape,
  shapes: readonly Shape[],
): { extents: number[]; strides: number[][] } {
  const extents: number[] = [];
  const strides: number[][] = shapes.map(() => []);
  const own = shapes.map(stridesOf);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    const here = shapes.map((s, k) => {
      const at = axis + s.length - shape.length;
      return at < 0 || s[at] === 1 ? 0 : own[k][at];
    });
    const last = extents.length - 1;
    const goesOn =
      last >= 0 && here.every((stride, k) => stride === strides[k][last] * extents[last]);
    if (goesOn) extents[last] *= shape[axis];
    else {
      extents.push(shape[axis]);
      here.forEach((stride, k) => strides[k].push(stride));
    }
  }
  if (extents.length > MAX_AXES)
    throw new Error(
      `${op}: broadcasting to [${shape}] alternates over ${extents.length} axes, at most ${MAX_AXES} are ` +
        'possible; broadcast in two steps',
    );
  if (extents.length === 0) {
    extents.push(1);
    strides.forEach((s) => s.push(0));
  }
  return { extents, strides };
}

/** The storage of a tensor; none of a number, which travels as a parameter. */
export const storageOf = (operand: Operand | null) =>
  operand instanceof Tensor ? operand.storage : null;
