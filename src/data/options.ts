/** What datasets can be told. */
import type { ByPart } from './stack.ts';

export interface BatchingOptions {
  /** Leaves out a last batch that is not full. */
  dropRemainder?: boolean;
}

export interface PaddingOptions extends BatchingOptions {
  /** What shorter arrays are filled up with, at their end: a number, or by the part's name, `{ x: 0, y: -1 }`; 0 by
   * default. */
  paddingValue?: ByPart;
  /**
   * Length of sequences after padding, by the part's name; a number is that of x, or of an element that has no parts. By
   * default the longest of the batch.
   */
  length?: ByPart;
}

export interface Facts {
  /** Elements an epoch; null where nobody knows, Infinity without an end. */
  readonly size?: number | null;
  /** Whether epochs have different orders. */
  readonly reshuffles?: boolean;
  /** Whether elements are kept in memory, so that going through all of them once spares reading them again. */
  readonly cached?: boolean;
  /** What the source has left out. */
  readonly tally?: { skipped: number };
}

/** @throws Error where `count` is no whole number from `least` on */
export function checkCount(what: string, count: number, least: number): void {
  if (!Number.isSafeInteger(count) || count < least)
    throw new Error(`${what}: expected a whole number from ${least} on, got ${count}`);
}
