/** What layers with windows over pictures have in common: options of two numbers, and where the windows lie. */
import { show as showValue } from '../options.ts';
import type { Pair } from '../ops/windows2d.ts';
import { spanOf } from './convolution.ts';
import { oneOf, positiveInteger } from './shapes.ts';
import type { InputSpec, PartialShape } from './shapes.ts';

/** Of rows and of columns; one number for both. */
export type PairOption = number | Pair;

export const WINDOW_PADDINGS = ['valid', 'same'] as const;

/** A batch of pictures. */
export const PICTURES: InputSpec = {
  dtype: 'float32',
  rank: 4,
  layout: '[batch, height, width, channels]',
};

export function pair(layer: string, what: string, value: PairOption): Pair {
  const both = typeof value === 'number' ? [value, value] : value;
  if (!Array.isArray(both) || both.length !== 2)
    throw new Error(
      `${layer}: expected ${what} to be a number or a pair [rows, columns], got ${showValue(value)}`,
    );
  const [rows, columns] = both.map((one) => positiveInteger(layer, what, one));
  return [rows, columns];
}

export function channelsLast(layer: string, value: 'channelsLast' = 'channelsLast') {
  return oneOf(layer, 'dataFormat', value, ['channelsLast']);
}

interface Windows {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: (typeof WINDOW_PADDINGS)[number];
  readonly dilationRate: Pair;
}

/**
 * Of rows and of columns, what is missing before and after the picture, and the number of windows, null where that of the rows or columns is unknown.
 *
 * @param extents height, width and channels
 * @throws Error in the name of the layer, where the picture is smaller than a window
 */
export function spansOf(
  layer: string,
  { kernelSize, strides, padding, dilationRate }: Windows,
  extents: PartialShape,
): { widths: Pair[]; outputs: (number | null)[] } {
  const spans = ['rows', 'columns'].map((what, axis) => {
    const extent = extents[axis];
    if (extent === null) return { before: 0, after: 0, outputs: null };
    const along = {
      kernelSize: kernelSize[axis],
      strides: strides[axis],
      padding,
      dilationRate: dilationRate[axis],
    };
    return spanOf(layer, along, extent, what);
  });
  return {
    widths: spans.map(({ before, after }) => [before, after]),
    outputs: spans.map(({ outputs }) => outputs),
  };
}
