/** What the reader puts into the picture, as it stands in the address. */

export const COLOURS = ['red', 'blue', 'yellow'] as const;
export const SHAPES = ['circle', 'square', 'cross'] as const;
/** By name, in parts of the picture. */
export const SIZES = { large: 0.21, small: 0.14 } as const;

export interface Thing {
  readonly size: keyof typeof SIZES;
  readonly colour: (typeof COLOURS)[number];
  readonly shape: (typeof SHAPES)[number];
  /** Of its centre, in percent of the picture. */
  readonly x: number;
  readonly y: number;
}

/** Things at most. */
export const MOST = 6;

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T => list.includes(text as T); // prettier-ignore

/** `large red circle 50 25, small blue cross 50 75`; what makes no sense is left out. */
export function sceneOf(text: string): Thing[] {
  const things = text.split(',').flatMap((one): Thing[] => {
    const [size = '', colour = '', shape = '', ...rest] = one.trim().split(' ');
    const [x, y] = rest.map(Number);
    const inside = (value: number) => value >= 0 && value <= 100;
    if (!isOneOf(Object.keys(SIZES) as (keyof typeof SIZES)[], size)) return [];
    if (!isOneOf(COLOURS, colour) || !isOneOf(SHAPES, shape) || !inside(x) || !inside(y)) return [];
    return [{ size, colour, shape, x, y }];
  });
  return things.slice(0, MOST);
}

export const textOf = (things: readonly Thing[]): string =>
  things.map(({ size, colour, shape, x, y }) => `${size} ${colour} ${shape} ${x} ${y}`).join(', ');
