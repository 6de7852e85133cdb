/** Pads and truncates sequences to one length. */
import { checkNames, LISTLIKE, show } from '../options.ts';
import { checkArray, oneOf, sizeFor, wholeNumber } from './checks.ts';
import type { TextArray } from './text_array.ts';

/** A list of steps, each a number or a vector of a fixed width. */
export type Sequence = ArrayLike<number> | ArrayLike<ArrayLike<number>>;
/** In front or behind. @inline */
export type Side = 'pre' | 'post';

/** Where and to which length `padSequences` pads. Names and defaults are those of Keras. */
export interface PadSequencesOptions {
  /** Length of the result in steps; by default that of the longest sequence. */
  maxlen?: number | null;
  /** `int32` by default: an Int32Array, in which fractions are an error. */
  dtype?: 'int32' | 'float32';
  /** Whether to pad before the sequence (`pre`, the default) or after it. */
  padding?: Side;
  /** Whether to cut a sequence that is too long at its beginning (`pre`, the default) or at its end. */
  truncating?: Side;
  /** The value of padding; 0 by default. */
  value?: number;
}

const SIDES = ['pre', 'post'] as const;

/** The width of the vectors; null if steps are numbers, or there are no steps. */
function widthOf(sequences: readonly Sequence[]): number | null {
  const first: unknown = sequences.find((sequence) => sequence.length > 0)?.[0];
  return LISTLIKE[1](first) ? (first as ArrayLike<number>).length : null;
}

/**
 * Pads and truncates sequences to one length, like `keras.utils.pad_sequences`.
 *
 * @returns [sequences, maxlen], or [sequences, maxlen, width] for sequences of vectors: an Int32Array or, with `dtype:
 *     'float32'`, a Float32Array
 * @throws Error if a sequence is not a list, widths differ, or a value does not fit into int32
 */
export function padSequences(
  sequences: readonly Sequence[],
  options: PadSequencesOptions & { dtype: 'float32' },
): TextArray<Float32Array>;
export function padSequences(
  sequences: readonly Sequence[],
  options?: PadSequencesOptions & { dtype?: 'int32' },
): TextArray<Int32Array>;
export function padSequences(
  sequences: readonly Sequence[],
  options: PadSequencesOptions = {},
): TextArray {
  checkNames('padSequences', options, ['maxlen', 'dtype', 'padding', 'truncating', 'value']);
  const { padding = 'pre', truncating = 'pre', dtype = 'int32', value = 0 } = options;
  oneOf('padSequences: padding', padding, SIDES);
  oneOf('padSequences: truncating', truncating, SIDES);
  oneOf('padSequences: dtype', dtype, ['int32', 'float32']);
  checkArray('padSequences', sequences, 'sequence').forEach(checkSequence);
  const longest = sequences.reduce((most, { length }) => Math.max(most, length), 0);
  const steps = wholeNumber('padSequences: maxlen', options.maxlen ?? longest, 0);
  const width = widthOf(sequences);
  const size = width ?? 1;
  const count = sizeFor('padSequences', sequences.length, steps * size);
  const data = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
  data.fill(checkNumber(value, dtype, 'as value'));
  sequences.forEach((sequence, row) => {
    const kept = Math.min(sequence.length, steps);
    const from = truncating === 'pre' ? sequence.length - kept : 0;
    const to = row * steps + (padding === 'pre' ? steps - kept : 0);
    for (let k = 0; k < kept; k++) {
      const step = stepOf(sequence[from + k], width, row);
      for (let j = 0; j < size; j++)
        data[(to + k) * size + j] = checkNumber(step[j], dtype, `in sequence ${row}`);
    }
  });
  return { data, shape: [sequences.length, steps, ...(width === null ? [] : [width])] };
}

function checkSequence(sequence: Sequence, row: number): void {
  if (!LISTLIKE[1](sequence))
    throw new Error(`padSequences: expected lists of numbers, got ${show(sequence)} at ${row}`);
}

function checkNumber(number: unknown, dtype: 'int32' | 'float32', where: string): number {
  if (typeof number === 'number' && (dtype === 'float32' || number === (number | 0))) return number;
  const expected = dtype === 'int32' ? 'whole numbers of 32 bits' : 'numbers';
  const advice = typeof number === 'number' ? "; give dtype: 'float32'" : '';
  throw new Error(`padSequences: expected ${expected}, got ${show(number)} ${where}${advice}`);
}

/** The numbers of a step: one, or `width` of them. */
function stepOf(step: unknown, width: number | null, row: number): ArrayLike<unknown> {
  if (width === null) return [step];
  const { length } = (step ?? []) as ArrayLike<unknown>;
  if (length === width) return step as ArrayLike<unknown>;
  throw new Error(
    `padSequences: expected vectors of ${width} numbers, as in the first sequence, got ` +
      `${length === undefined ? 'a number' : `${length} numbers`} in sequence ${row}`,
  );
}
