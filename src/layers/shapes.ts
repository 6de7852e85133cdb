/** Shapes before the sizes are known, and the checks that every layer makes of its inputs and options. */
import type { DType } from '../backend.ts';
import {
  check,
  COUNT,
  excerpt,
  INTEGERS,
  oneOf as among,
  show as showValue,
  WHOLE,
} from '../options.ts';

/** A shape whose unknown extents are null; the first axis is the batch. */
export type PartialShape = readonly (number | null)[];

export function show(shape: PartialShape): string {
  // A file may say that a tensor has any number of axes.
  return `[${excerpt(shape.map((extent) => showValue(extent ?? null)).join(','), 200)}]`;
}

/** Whether both shapes can describe one tensor: null fits every extent. */
export function fits(a: PartialShape, b: PartialShape): boolean {
  return (
    a.length === b.length &&
    a.every((extent, axis) => extent === null || b[axis] === null || extent === b[axis])
  );
}

/** The number of elements, or null where an extent is unknown. */
export function partialSize(shape: PartialShape): number | null {
  let size = 1;
  for (const extent of shape) {
    if (extent === null) return null;
    size *= extent;
  }
  return size;
}

/** What a layer accepts. A field that is left out is not checked. */
export interface InputSpec {
  /** Number of inputs; 1 where it is left out, any number from 2 on for `'several'`. */
  count?: number | 'several';
  /** Number of axes, the batch included. */
  rank?: number;
  /** Least number of axes. */
  minRank?: number;
  /** Type of the elements. */
  dtype?: DType;
  /** The extent of the last axis that the weights were built for. */
  features?: number;
  /** The axes in words, for messages: '[batch, time, features]'. */
  layout?: string;
}

/** A batch of sequences. */
export const SEQUENCES: InputSpec = {
  dtype: 'float32',
  rank: 3,
  layout: '[batch, time, features]',
};

/** Throws where `shapes` and `dtypes` are not what `spec` says. */
export function checkInputs(
  layer: string,
  spec: InputSpec,
  shapes: readonly PartialShape[],
  dtypes: readonly DType[],
): void {
  checkCount(layer, spec.count ?? 1, shapes.length);
  shapes.forEach((shape, i) => {
    const got = `got ${dtypes[i]}${show(shape)}`;
    const layout = spec.layout ? ` ${spec.layout}` : '';
    if (shape.includes(0))
      throw new Error(
        `${layer}: expected at least one sample and one time step, ${got}; leave empty ones out`,
      );
    const { length } = shape;
    const rank = spec.rank ?? spec.minRank ?? 0;
    if (length < rank || (spec.rank !== undefined && length > rank)) {
      const wanted = `${rank}${spec.rank === undefined ? ' or more' : ''}${layout}`;
      throw new Error(
        `${layer}: expected an input of rank ${wanted}, ${got}; ${rankAdvice(length, rank)}`,
      );
    }
    if (spec.dtype !== undefined && dtypes[i] !== spec.dtype)
      throw new Error(
        `${layer}: expected an input of dtype ${spec.dtype}, ${got}; ${DTYPE_ADVICE[spec.dtype]}`,
      );
    const features = shape.at(-1) ?? null;
    if (spec.features !== undefined && features !== null && features !== spec.features)
      throw new Error(
        `${layer}: expected ${spec.features} on the last axis, as it was built for, ${got}; use another layer for another width`,
      );
  });
}

const DTYPE_ADVICE: Partial<Record<DType, string>> = {
  int32: "pass ids as an int32 tensor, and give the model's input dtype: 'int32'",
  float32: 'pass a float32 tensor, or put an embedding before this layer',
};

function checkCount(layer: string, expected: number | 'several', got: number): void {
  if (expected === 'several' ? got >= 2 : got === expected) return;
  const wanted = expected === 'several' ? 'two inputs or more' : `${expected} input(s)`;
  throw new Error(`${layer}: expected ${wanted}, got ${got}; pass an array of that length`);
}

/** Throws where `mask` does not say of the steps of such an input, [batch, time, ...], which ones count. */
export function checkMask(
  layer: string,
  { shape, dtype }: { readonly shape: PartialShape; readonly dtype: DType },
  input: PartialShape,
): void {
  if (dtype === 'int32' && shape.length > 1 && fits(shape, input.slice(0, shape.length))) return;
  throw new Error(
    `${layer}: expected a mask int32${show(input.slice(0, 2))} for an input ${show(input)}, got ${dtype}${show(shape)}; 1 where a step counts, 0 where it does not`,
  );
}

/** `values` in the order of `names`, where they come by name. */
export function listByName<T>(
  layer: string,
  what: string,
  values: readonly T[] | Readonly<Record<string, T>>,
  names: readonly string[],
): readonly T[] {
  if (Array.isArray(values)) return values as readonly T[];
  const given = Object.keys(values ?? {});
  if (given.length !== names.length || names.some((name) => !given.includes(name)))
    throw new Error(
      `${layer}: expected ${what} of ${names.join(', ') || 'nothing'}, got ${given.join(', ')}; name each of them, or give a list`,
    );
  return names.map((name) => (values as Readonly<Record<string, T>>)[name]);
}

function rankAdvice(got: number, wanted: number): string {
  if (got > wanted) return 'use returnSequences: false before it, or flatten, or timeDistributed';
  return 'use returnSequences: true before it, or reshape the input';
}

/** The known extent of the last axis. */
export function knownFeatures(layer: string, shape: PartialShape): number {
  return knownExtents(layer, shape, [shape.length - 1])[0];
}

/** The axes of one sample, counted from the front and in order. */
export function featureAxes(layer: string, axis: readonly number[], rank: number): number[] {
  check(layer, 'axis', axis, INTEGERS);
  const axes = axis.map((k) => (k < 0 ? k + rank : k)).sort((a, b) => a - b);
  if (axes.some((k) => !Number.isInteger(k) || k < 1 || k >= rank))
    throw new Error(
      `${layer}: expected axes from 1 to ${rank - 1} for an input of rank ${rank}, got ${show(axis)}; the batch is axis 0`,
    );
  return axes;
}

/** The extents of these axes. */
export function knownExtents(
  layer: string,
  shape: PartialShape,
  axes: readonly number[],
): number[] {
  const extents = axes.map((axis) => shape[axis]);
  if (extents.includes(null))
    throw new Error(
      `${layer}: expected known extents on axes ${show(axes)}, got ${show(shape)}; give them in input({shape})`,
    );
  return extents as number[];
}

export const positiveInteger = (layer: string, what: string, value: unknown): number =>
  check(layer, what, value, COUNT) as number;

/** A number that counts from 0: a seed, an epoch. */
export const wholeNumber = (who: string, what: string, value: unknown): number =>
  check(who, what, value, WHOLE) as number;

/** One of a list of names. */
export const oneOf = <T extends string>(
  layer: string,
  what: string,
  value: unknown,
  allowed: readonly T[],
): T => check(layer, what, value, among(allowed)) as T;
