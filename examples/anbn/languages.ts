// Two languages that need a counter: a^n b^n, and brackets of one kind, nested and side by side (Dyck's language).
import { Random } from '../../src/index.ts';

/** 0 is the start, which a network sees before a word; what may come next is one of the two symbols, or the end. */
export const START = 0;

export interface Word {
  /** Of each symbol 1 (a, an opening bracket) or 2 (b, a closing one). */
  readonly symbols: readonly number[];
  /** After the start and after each symbol, what may come next: 1 or 2, and 3 for the end of the word, as bits 1, 2 and 4. */
  readonly next: readonly number[];
  /** What is counted: how many a are ahead of the b, how many brackets are open; after the start and after each symbol. */
  readonly count: readonly number[];
}

/** Bits of what may come next. */
export const [OPEN, CLOSE, END] = [1, 2, 4];

export interface Language {
  readonly name: string;
  /** The name of its folder. */
  readonly folder: string;
  /** How the two symbols are written. */
  readonly letters: string;
  /** The largest number to count to in training. */
  readonly longest: number;
  /** Of a training, long enough for an LSTM to be certain of every step. */
  readonly epochs: number;
  /** Words to train on, for each step of a training; brackets are new ones each time. */
  readonly train: (step: number) => readonly Word[];
  /** Words that count to twice as much, by which a network is chosen; to three times as much, to test. */
  readonly valid: readonly Word[];
  readonly test: readonly Word[];
  /** A word that counts to n. */
  readonly wordOf: (n: number) => Word;
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** a^n b^n; while there are only a, both letters may come, and from the first b on it is certain what does. */
function equalNumbers(n: number): Word {
  const count = [...range(0, n), ...range(0, n - 1).reverse()];
  const next = count.map((open, t) => (t === 0 ? OPEN : t <= n ? OPEN | CLOSE : open > 0 ? CLOSE : END)); // prettier-ignore
  return { symbols: range(1, 2 * n).map((t) => (t <= n ? 1 : 2)), next, count };
}

/** A word of brackets; after it, or where none is open within it, the word may end. */
function bracketsOf(symbols: readonly number[]): Word {
  const count = [0];
  for (const symbol of symbols) count.push(count[count.length - 1] + (symbol === 1 ? 1 : -1));
  return { symbols, next: count.map((open) => OPEN | (open > 0 ? CLOSE : END)), count };
}

const nested = (n: number) => bracketsOf(range(1, 2 * n).map((t) => (t <= n ? 1 : 2)));

/** Brackets that open and close at random until a depth of `deepest` was reached, and `length` symbols at least are there. */
function randomBrackets(deepest: number, length: number, random: Random): Word {
  const symbols: number[] = [];
  let [open, reached] = [0, false];
  // A bias towards opening until the depth is reached; without one, deep words would be as good as never there.
  while (!reached || symbols.length < length) {
    const closes = open === deepest || (open > 0 && random.uniform() < (reached ? 0.5 : 0.4));
    symbols.push(closes ? 2 : 1);
    open += closes ? -1 : 1;
    reached ||= open === deepest;
  }
  return bracketsOf([...symbols, ...new Array<number>(open).fill(2)]);
}

export function countingLanguage(longest: number): Language {
  const words = (last: number) => range(1, last).map(equalNumbers);
  return {
    ...{ name: 'aⁿbⁿ', folder: 'anbn', letters: 'ab' },
    ...{ longest, epochs: 60, wordOf: equalNumbers },
    train: () => words(longest),
    valid: words(2 * longest),
    test: words(3 * longest),
  };
}

export function bracketLanguage(longest: number, seed: number): Language {
  const words = (last: number, each: number, own: number) => {
    const random = new Random(own);
    return range(1, last).flatMap((n) => [
      nested(n),
      ...range(1, each).map(() => randomBrackets(n, 2 * n, random)),
    ]);
  };
  const seeds = 1_000_000 * seed;
  return {
    ...{ name: 'nested brackets', folder: 'brackets', letters: '()' },
    ...{ longest, epochs: 30, wordOf: nested },
    train: (step) => words(longest, 3, seeds + step),
    valid: words(2 * longest, 3, seeds + 999_998),
    test: words(3 * longest, 4, seeds + 999_999),
  };
}

/** As text: `aabb`. */
export const textOf = ({ symbols }: Word, { letters }: Language): string =>
  symbols.map((symbol) => letters[symbol - 1]).join('');
