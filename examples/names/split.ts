// Which names are held out.
import { Random } from '../../src/index.ts';

export interface Name {
  readonly language: string;
  readonly name: string;
}

export interface Split {
  readonly train: readonly Name[];
  readonly heldOut: readonly Name[];
}

/** The share of each language's names that is held out. */
const HELD_OUT = 0.2;

/** Each name once for each of its languages. */
export function distinctNames(names: readonly Name[]): Name[] {
  const found = new Map(names.map((one) => [`${one.language}\t${one.name}`, one]));
  return [...found.values()];
}

/** Holds out a fifth of the names of each language, at least one. */
export function splitNames(names: readonly Name[], seed: number): Split {
  const [train, heldOut]: Name[][] = [[], []];
  const random = new Random(seed);
  for (const language of languagesOf(names)) {
    const own = random.shuffle(names.filter((one) => one.language === language));
    const count = Math.max(1, Math.round(HELD_OUT * own.length));
    heldOut.push(...own.slice(0, count));
    train.push(...own.slice(count));
  }
  return { train, heldOut };
}

export const languagesOf = (names: readonly Name[]): string[] =>
  [...new Set(names.map(({ language }) => language))].sort();
