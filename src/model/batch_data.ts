/** Data as users pass it: one array or several, by position or by name; whole, or batch by batch from a generator. */
import type { Layer } from '../layers/base.ts';
import { isClass } from '../options.ts';
import { Tensor } from '../tensor.ts';
import { toHostArray } from './arrays.ts';
import type { ArrayData, HostArray, Slot } from './arrays.ts';

/** One array, or several by position or by name. */
export type BatchData = ArrayData | readonly ArrayData[] | Readonly<Record<string, ArrayData>>;

/** What a generator yields: inputs, targets and perhaps weights; arrays of them where the model has several. */
export type GeneratedBatch =
  readonly [x: BatchData, y: BatchData, sampleWeight?: BatchData | null] | BatchParts;

/** A batch, its parts by name. */
export interface BatchParts {
  /** Inputs, [samples, ...]. */
  readonly x: BatchData;
  /** Targets, [samples, ...]. */
  readonly y: BatchData;
  /** Factors by sample, [samples], or by step, [samples, steps]. */
  readonly sampleWeight?: BatchData | null;
}

/** At once or later. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;
/** At once or later. */
export type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

/**
 * Batches from a function that makes a (perhaps async) generator for every epoch; from an iterable, or from what its
 * `epoch(epoch)` returns where it has that method, as a `Dataset` has; or from one generator that continues over all epochs.
 */
export type BatchGenerator =
  | ((epoch: number) => AnyIterable<GeneratedBatch>)
  | (AnyIterable<GeneratedBatch> & {
      /** The batches of an epoch, from 0, for the model that reads them. */
      epoch?(epoch: number, model?: Layer): AnyIterable<GeneratedBatch>;
    })
  | AnyIterator<GeneratedBatch>;

export function isGenerator(value: unknown): value is BatchGenerator {
  if (typeof value === 'function') return !isClass(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Tensor) return false;
  return 'next' in value || Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** A slot that an object of arrays may name. */
export interface NamedSlot extends Slot {
  readonly name: string;
}

/** The parts of a list `[x, y, sampleWeight]` or of an object with these names. */
export function partsOf(given: GeneratedBatch): Partial<BatchParts> {
  const named = given as Partial<BatchParts> | null | undefined;
  const [x, y, sampleWeight] = Array.isArray(given)
    ? (given as readonly (BatchData | undefined)[])
    : [named?.x, named?.y, named?.sampleWeight];
  return { x, y, sampleWeight };
}

/** The array of each slot in host memory, checked against its slot. */
export async function readAll(
  given: BatchData,
  slots: readonly NamedSlot[],
  what: 'x' | 'y' | 'sampleWeight',
): Promise<HostArray[]> {
  return Promise.all(listOf(given, slots, what).map((value, i) => toHostArray(value, slots[i])));
}

/** The array of each slot, by position or by name. */
export function listOf(
  given: BatchData,
  slots: readonly NamedSlot[],
  what: string,
): readonly ArrayData[] {
  const names = slots.map(({ name }) => name);
  const isObject =
    typeof given === 'object' &&
    !Array.isArray(given) &&
    !isArrayData(given) &&
    names.some((name) => name in given);
  if (isObject)
    return names.map((name, i) => {
      const value = (given as Record<string, ArrayData>)[name];
      if (value === undefined)
        throw new Error(
          `${what}: expected an array for ${slots[i].what}, got ${Object.keys(given).join(', ')}`,
        );
      return value;
    });
  if (slots.length === 1) {
    // A tensor or a { data, shape } in a list of one cannot be a row, so the list is one of inputs.
    const only: unknown = Array.isArray(given) && given.length === 1 ? given[0] : null;
    const unwrap = typeof only === 'object' && only !== null && 'shape' in only;
    return [(unwrap ? only : given) as ArrayData];
  }
  if (Array.isArray(given) && given.length === slots.length && !isArrayData(given))
    return given as readonly ArrayData[];
  throw new Error(
    `${what}: expected ${slots.length} arrays (${names.join(', ')}), got ${Array.isArray(given) ? given.length : 'one'}; ` +
      'pass a list with one array for each, or an object by name',
  );
}

/** Whether it is one array, not several. */
export function isArrayData(value: BatchData): value is ArrayData {
  if (value instanceof Tensor || ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) return /number|string/.test(typeof value[0]);
  return typeof value === 'object' && 'data' in value && 'shape' in value;
}

/** What follows x: targets and options, or after a generator options alone. */
export function targetsAndOptions<O>(
  x: BatchData | BatchGenerator,
  second: BatchData | O | null | undefined,
  third: O | undefined,
): [y: BatchData | null | undefined, options: O | undefined] {
  if (isGenerator(x) && third === undefined)
    return [undefined, (second ?? undefined) as O | undefined];
  return [second as BatchData | null | undefined, third];
}
