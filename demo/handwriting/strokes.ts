/** Drawings as the network knows them: for each point by how much it lies from the one before, and 1 where the pen is lifted after it. */
import { deviationOf } from '../../examples/handwriting/drawings.ts';
import { madeUpNumbers } from '../../examples/handwriting/numbers.ts';

/** Digits of a drawing. They are made up: splines through points that an unsteady hand misses a little. */
const DIGITS = 4;
export const DRAWINGS = madeUpNumbers(900, 1, DIGITS);
/** Never trained on. */
export const HELD_OUT = madeUpNumbers(64, 2, DIGITS);
/** What offsets are divided by: their standard deviation. */
export const SCALE = deviationOf(DRAWINGS);
/** Single digits, to begin with. */
export const BEGINNINGS = madeUpNumbers(8, 3, 1).map((drawing) => Array.from(drawing));
