// Scenes of coloured shapes, and the sentences that describe them: what is shown, how many of it, where, and in films what it does.
import type { Random } from '../../src/index.ts';

export const COLOURS = {
  red: [0.9, 0.15, 0.15],
  green: [0.15, 0.75, 0.25],
  blue: [0.2, 0.35, 0.95],
  yellow: [0.95, 0.85, 0.2],
  white: [0.95, 0.95, 0.95],
} as const;
export type Colour = keyof typeof COLOURS;
export const SHAPES = ['circle', 'square', 'triangle', 'cross'] as const;
export type Shape = (typeof SHAPES)[number];

/** A shape in a frame; its centre and its size in parts of the frame, from 0 to 1. */
export interface Figure {
  readonly colour: Colour;
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** What a sentence describes: any number of different pictures or films. */
export interface Combination {
  readonly caption: string;
  /** The figures of each frame, those in front last. */
  place(random: Random, frames: number): Figure[][];
}

type Thing = Pick<Figure, 'colour' | 'shape'>;
type Place = Pick<Figure, 'x' | 'y' | 'radius'>;

const THINGS: readonly Thing[] = (Object.keys(COLOURS) as Colour[]).flatMap((colour) =>
  SHAPES.map((shape) => ({ colour, shape })),
);
const nameOf = ({ colour, shape }: Thing) => `${colour} ${shape}`;
const isSame = (a: Thing, b: Thing) => a.colour === b.colour && a.shape === b.shape;

const NUMBERS = ['one', 'two', 'three'];

/** So many of a thing, each in a cell of its own of three by three. */
function counted(thing: Thing, count: number): Combination {
  const plural = count === 1 ? '' : thing.shape === 'cross' ? 'es' : 's';
  return {
    caption: `${NUMBERS[count - 1]} ${nameOf(thing)}${plural}`,
    place(random) {
      const cells = random.shuffle(Array.from({ length: 9 }, (_, cell) => cell)).slice(0, count);
      const figures = cells.map((cell) => ({
        ...thing,
        x: ((cell % 3) + 0.5) / 3 + random.uniform(-0.03, 0.03),
        y: (Math.floor(cell / 3) + 0.5) / 3 + random.uniform(-0.03, 0.03),
        radius: random.uniform(0.12, 0.15),
      }));
      return [figures];
    },
  };
}

/** On which side of the second thing the first one is, for the words between their names. */
const SIDES: Record<string, { x?: number; y?: number }> = {
  above: { y: -1 },
  below: { y: 1 },
  'left of': { x: -1 },
  'right of': { x: 1 },
};

const placed = (random: Random, x: number, y: number, radius: number, jitter = 0.04): Place => ({
  x: x + random.uniform(-jitter, jitter),
  y: y + random.uniform(-jitter, jitter),
  radius: radius * random.uniform(0.92, 1.08),
});

/** A picture could be told from either thing: the larger one comes first. */
function related(first: Thing, side: string, second: Thing): Combination {
  const { x = 0, y = 0 } = SIDES[side];
  return {
    caption: `a ${nameOf(first)} ${side} a ${nameOf(second)}`,
    place(random) {
      // Along the other axis they are anywhere, but both alike.
      const [across, down] = [x, y].map((way) => (way === 0 ? random.uniform(0.3, 0.7) : 0.5));
      const at = (way: number, radius: number) =>
        placed(random, across + way * 0.25 * x, down + way * 0.25 * y, radius);
      return [
        [
          { ...first, ...at(1, 0.21) },
          { ...second, ...at(-1, 0.14) },
        ],
      ];
    },
  };
}

/** What a thing does in a film: how far it goes in each direction, and by how much its size changes. */
const ACTIONS: Record<string, { x?: number; y?: number; size?: number }> = {
  'moves left': { x: -1 },
  'moves right': { x: 1 },
  'moves up': { y: -1 },
  'moves down': { y: 1 },
  grows: { size: 1 },
  shrinks: { size: -1 },
};

/** A thing at each frame of what it does. */
function acted(
  thing: Thing,
  action: string,
  at: { x: number; y: number },
  random: Random,
  frames: number,
): Figure[] {
  const { x = 0, y = 0, size = 0 } = ACTIONS[action];
  const way = random.uniform(0.2, 0.28);
  const radius = random.uniform(0.13, 0.16);
  return Array.from({ length: frames }, (_, frame) => {
    // From -1 to 1.
    const part = (2 * frame) / (frames - 1) - 1;
    return {
      ...thing,
      x: at.x + part * x * way,
      y: at.y + part * y * way,
      radius: radius * 1.8 ** (part * size),
    };
  });
}

function doing(thing: Thing, action: string): Combination {
  return {
    caption: `a ${nameOf(thing)} ${action}`,
    place(random, frames) {
      const at = { x: random.uniform(0.42, 0.58), y: random.uniform(0.42, 0.58) };
      return acted(thing, action, at, random, frames).map((figure) => [figure]);
    },
  };
}

/** One thing moves, and another one stands still above or below. */
function passing(first: Thing, action: string, relation: string, second: Thing): Combination {
  return {
    caption: `a ${nameOf(first)} ${action} ${relation} a ${nameOf(second)}`,
    place(random, frames) {
      const [upper, lower] = [0.27, 0.73].map((y) => y + random.uniform(-0.03, 0.03));
      const isAbove = relation === 'above';
      const at = { x: random.uniform(0.45, 0.55), y: isAbove ? upper : lower };
      const still = { ...second, ...placed(random, 0.5, isAbove ? lower : upper, 0.14, 0.1) };
      return acted(first, action, at, random, frames).map((figure) => [still, figure]);
    },
  };
}

/** All there are: of pictures, or of films. */
export function combinations(frames: number): Combination[] {
  const pairs = THINGS.flatMap((first) =>
    THINGS.filter((second) => !isSame(first, second)).map((second) => [first, second] as const),
  );
  if (frames > 1)
    return [
      ...THINGS.flatMap((thing) => Object.keys(ACTIONS).map((action) => doing(thing, action))),
      ...pairs.flatMap(([first, second]) =>
        ['moves left', 'moves right'].flatMap((action) =>
          ['above', 'below'].map((relation) => passing(first, action, relation, second)),
        ),
      ),
    ];
  return [
    ...THINGS.flatMap((thing) => NUMBERS.map((_, i) => counted(thing, i + 1))),
    ...pairs.flatMap(([first, second]) =>
      Object.keys(SIDES).map((side) => related(first, side, second)),
    ),
  ];
}

/** A tenth of the combinations is held out; no picture of them is trained on. */
export function split(all: readonly Combination[], random: Random) {
  const mixed = random.shuffle([...all]);
  const held = Math.round(mixed.length / 10);
  return { seen: mixed.slice(held), unseen: mixed.slice(0, held) };
}
