// Made-up handwriting: numbers of two digits, whose strokes are splines through points that an unsteady hand misses a little.
import { Random } from '../../src/index.ts';
import type { Drawing, Drawings } from './drawings.ts';

type Point = readonly [x: number, y: number];
/** Points that the pen goes through; at one that comes twice in a row, it turns a corner. */
type Stroke = readonly Point[];

/** In a box of width and height 1, y downwards. */
const DIGITS: readonly (readonly Stroke[])[] = [
  [[[0.55, 0], [0.2, 0.2], [0.12, 0.55], [0.25, 0.9], [0.5, 1], [0.78, 0.85], [0.88, 0.5], [0.78, 0.15], [0.55, 0]]], // prettier-ignore
  [
    [
      [0.25, 0.25],
      [0.58, 0],
      [0.58, 0],
      [0.56, 0.5],
      [0.55, 1],
    ],
  ],
  [[[0.15, 0.25], [0.3, 0.04], [0.62, 0.02], [0.8, 0.22], [0.68, 0.5], [0.4, 0.78], [0.12, 1], [0.12, 1], [0.85, 0.98]]], // prettier-ignore
  [[[0.2, 0.1], [0.5, 0], [0.75, 0.18], [0.62, 0.42], [0.38, 0.48], [0.38, 0.48], [0.7, 0.56], [0.82, 0.78], [0.55, 1], [0.18, 0.92]]], // prettier-ignore
  [[[0.58, 0], [0.1, 0.66], [0.1, 0.66], [0.9, 0.64]], [[0.64, 0.35], [0.62, 0.7], [0.6, 1]]], // prettier-ignore
  [[[0.25, 0], [0.2, 0.44], [0.2, 0.44], [0.5, 0.38], [0.8, 0.6], [0.7, 0.9], [0.4, 1], [0.14, 0.9]], [[0.25, 0], [0.8, 0.01]]], // prettier-ignore
  [[[0.7, 0.02], [0.36, 0.28], [0.15, 0.65], [0.3, 0.95], [0.65, 0.96], [0.8, 0.74], [0.58, 0.56], [0.3, 0.62], [0.18, 0.78]]], // prettier-ignore
  [
    [
      [0.14, 0.02],
      [0.85, 0],
      [0.85, 0],
      [0.52, 0.5],
      [0.36, 1],
    ],
    [
      [0.3, 0.52],
      [0.74, 0.5],
    ],
  ],
  [[[0.74, 0.14], [0.45, 0], [0.22, 0.2], [0.46, 0.44], [0.76, 0.72], [0.58, 0.98], [0.28, 0.94], [0.22, 0.7], [0.52, 0.46], [0.78, 0.25], [0.74, 0.14]]], // prettier-ignore
  [[[0.8, 0.26], [0.52, 0.02], [0.22, 0.2], [0.32, 0.48], [0.62, 0.46], [0.8, 0.26], [0.8, 0.26], [0.78, 0.6], [0.66, 1]]], // prettier-ignore
];

/** Units of the grid in the height of a digit, and the distance of neighbouring points in heights. */
const [HEIGHT, STEP] = [100, 0.17];

export function madeUpDrawings(): Drawings {
  const all = madeUpNumbers(3600, 1);
  return {
    name: 'made-up numbers of two digits',
    train: all.slice(0, 3000),
    valid: all.slice(3000, 3300),
    test: all.slice(3300),
  };
}

/** Drawings of random numbers of so many digits, each written a little differently. */
export function madeUpNumbers(count: number, seed: number, digits = 2): Drawing[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const [slant, height, width] = [
      random.normal(0, 0.12),
      random.normal(1, 0.08),
      random.normal(0.65, 0.06),
    ];
    const strokes = Array.from({ length: digits }, (_, place) => place).flatMap((place) =>
      DIGITS[random.integer(10)].map((stroke) =>
        written(stroke, random).map(([x, y]): Point => {
          const across = (x + place * 1.25) * width + slant * (1 - y);
          return [HEIGHT * height * across, HEIGHT * height * y];
        }),
      ),
    );
    return offsetsOf(strokes);
  });
}

/** The points at which a tablet would find the pen. */
function written(stroke: Stroke, random: Random): Point[] {
  const missed = stroke.map(([x, y]): Point => [
    x + random.normal(0, 0.025),
    y + random.normal(0, 0.025),
  ]);
  // A corner stays one.
  stroke.forEach(([x, y], i) => {
    if (i > 0 && x === stroke[i - 1][0] && y === stroke[i - 1][1]) missed[i] = missed[i - 1];
  });
  const dense = missed
    .slice(1)
    .flatMap((_, i) => Array.from({ length: 24 }, (__, k) => splineAt(missed, i, k / 24)));
  dense.push(missed[missed.length - 1]);
  const points = [dense[0]];
  let [walked, next] = [0, STEP * random.uniform(0.8, 1.2)];
  for (let i = 1; i < dense.length; i++) {
    walked += Math.hypot(dense[i][0] - dense[i - 1][0], dense[i][1] - dense[i - 1][1]);
    if (walked < next) continue;
    points.push(dense[i]);
    next = walked + STEP * random.uniform(0.8, 1.2);
  }
  // The last one takes the place of one that is too near to it.
  if (next - walked > 0.6 * STEP && points.length > 1) points.pop();
  return [...points, dense[dense.length - 1]];
}

/** Catmull and Rom 1974: from the point `i` to the next one, by tangents along their neighbours, none at corners and ends. */
function splineAt(points: readonly Point[], i: number, t: number): Point {
  const at = (k: number) => points[Math.min(points.length - 1, Math.max(0, k))];
  const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
  const coordinate = (axis: 0 | 1) => {
    const [a, b] = [(to[axis] - before[axis]) / 2, (after[axis] - from[axis]) / 2];
    const [start, rise] = [from[axis], to[axis] - from[axis]];
    return start + t * (a + t * (3 * rise - 2 * a - b + t * (a + b - 2 * rise)));
  };
  return [coordinate(0), coordinate(1)];
}

/** From places to offsets on the grid; the first point of all is at the origin. */
function offsetsOf(strokes: readonly (readonly Point[])[]): Drawing {
  const [originX, originY] = strokes[0][0];
  let [x, y] = [0, 0];
  const numbers = strokes.flatMap((stroke) =>
    stroke.flatMap((point, i) => {
      const [nextX, nextY] = [Math.round(point[0] - originX), Math.round(point[1] - originY)];
      const offsets = [nextX - x, nextY - y, Number(i === stroke.length - 1)];
      [x, y] = [nextX, nextY];
      return offsets;
    }),
  );
  return Int16Array.from(numbers);
}
