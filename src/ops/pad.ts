import { check, isListOf, NUMBER, SHAPE } from '../options.ts';
import type { Check } from '../options.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { concat } from './concat.ts';
import { tensorOf } from './operands.ts';
import { padWith } from './pad_with.ts';
import type { Widths } from './pad_with.ts';
import { slice } from './slice.ts';
import { flip } from './transpose.ts';

const PAIRS: Check = [
  'pairs [before, after] of whole numbers from 0 on',
  (value) => isListOf(value, (width) => SHAPE[1](width) && (width as number[]).length === 2),
];

const FILLING: Check = [
  "a finite number or 'reflect'",
  (value) => value === 'reflect' || NUMBER[1](value),
  ['reflect'],
];

/**
 * Puts `value` around `x`, or with `reflect` what it has next to its edges, mirrored: of 1 2 3 that is 3 2, 1 2 3, 2 1.
 *
 * @param widths [before, after] for each axis; of what is reflected less than the extent of the axis
 * @param value 0 by default
 */
export function pad(
  x: TensorLike,
  widths: readonly (readonly [number, number])[],
  value: number | 'reflect' = 0,
): Tensor {
  x = tensorOf('pad', x);
  check('pad', `the widths of ${x}`, widths, PAIRS);
  check('pad', 'value', value, FILLING);
  if (widths.length !== x.rank)
    throw new Error(
      `pad: expected ${x.rank} pairs [before, after] of whole numbers for ${x}, got ${JSON.stringify(widths)}`,
    );
  return value === 'reflect' ? reflected(x, widths) : padWith(x, widths, value);
}

/** The edges themselves are not repeated. */
function reflected(x: Tensor, widths: Widths): Tensor {
  return widths.reduce((inner, [before, after], axis) => {
    const extent = x.shape[axis];
    if (before + after === 0) return inner;
    if (before >= extent || after >= extent)
      throw new Error(
        `pad: expected widths below ${extent} on axis ${axis} of ${x}, which is reflected, got [${before},${after}]`,
      );
    const along = (value: number, others: number): number[] =>
      widths.map((_, a) => (a === axis ? value : others));
    const mirrored = (begin: number, size: number): Tensor =>
      flip(slice(inner, along(begin, 0), along(size, -1)), axis);
    return concat([mirrored(1, before), inner, mirrored(extent - 1 - after, after)], axis);
  }, x);
}
