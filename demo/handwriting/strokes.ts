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

/** Offsets times a number; whether the pen is lifted stays. */
export const scaled = (drawing: ArrayLike<number>, by: number) => Float32Array.from(drawing, (value, i) => (i % 3 === 2 ? value : value * by)); // prettier-ignore

/** Points of a drawing that is trained on. */
const POINTS = 48;

/** What the network is given and asked for. Before the first point stand zeros. All are cut to the length of the shortest. */
export function points(drawings: readonly ArrayLike<number>[]) {
  const steps = Math.min(POINTS, ...drawings.map(({ length }) => length / 3));
  const [x, y] = [0, 1].map(() => new Float32Array(drawings.length * steps * 3));
  drawings.forEach((drawing, row) => {
    const own = scaled(drawing, 1 / SCALE).subarray(0, 3 * steps);
    y.set(own, row * steps * 3);
    x.set(own.subarray(0, -3), (row * steps + 1) * 3);
  });
  const shape = [drawings.length, steps, 3];
  return { x: { data: x, shape }, y: { data: y, shape } };
}
