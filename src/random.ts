/**
 * Counter-based random numbers: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
 * 1, 2, 3" (SC 2011). A number depends only on the key and the counter, so that a dropout mask can be computed again instead
 * of stored, and the GPU (shaders/lib/philox.wgsl) computes the same bits.
 */
import { check, LISTLIKE, NUMBER, show, WHOLE } from './options.ts';
import type { Check } from './options.ts';

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const CHANGEABLE: Check = [
  `${LISTLIKE[0]} to change`,
  (value) => LISTLIKE[1](value) && !Object.isFrozen(value),
];
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

/** The last word of a counter says what it is used for, so that no two uses of a seed get the same numbers. */
const STREAM = 0;
const FOLD = 1;
/** The same value as in shaders/dropout.wgsl. */
export const DROPOUT = 2;
/** The same value as in shaders/lib/zoneout.wgsl; one more where time runs backwards. */
export const ZONEOUT = 3;
/** The same value as in shaders/sample_tokens.wgsl. */
export const SAMPLING = 5;

/**
 * The high 32 bits of a 64-bit product, from products of 16-bit halves. None of the sums exceeds 32 bits, and all are told to be
 * whole numbers: so they need half the time that they take as floating-point numbers.
 */
function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const high = (Math.imul(a0, b1) + (low & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (low >>> 16) + (high >>> 16)) | 0;
}

/** Four random 32-bit words from a counter of four words and a key of two, into `out` where one is given. */
export function philox(
  counter: ArrayLike<number>,
  key: ArrayLike<number>,
  out = new Uint32Array(4),
): Uint32Array {
  // Names and not arrays: initial weights are some hundred thousand numbers.
  let [c0, c1, c2, c3] = [counter[0], counter[1], counter[2], counter[3]];
  let [k0, k1] = [key[0], key[1]];
  for (let round = 0; round < 10; round++) {
    const before = c0;
    c0 = mulHigh(MULTIPLIERS[1], c2) ^ c1 ^ k0;
    c1 = Math.imul(MULTIPLIERS[1], c2);
    c2 = mulHigh(MULTIPLIERS[0], before) ^ c3 ^ k1;
    c3 = Math.imul(MULTIPLIERS[0], before);
    k0 = (k0 + WEYL[0]) | 0;
    k1 = (k1 + WEYL[1]) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
  return out;
}

/** The low and the high word of a whole number up to 2^53. */
const words = (value: number): [number, number] => [value >>> 0, Math.floor(value / 2 ** 32)];

/** The key of a seed. @throws Error if the seed is not a whole number in [0, 2^53) */
export function keyOf(seed: number): [number, number] {
  return words(check('Random', 'seed', seed, WHOLE));
}

/** Derives a seed for the `index`-th part of something seeded with `seed`, such as a layer or an epoch. */
export function foldSeed(seed: number, index: number): number {
  const [low, high] = philox([...keyOf(index), 0, FOLD], keyOf(seed));
  return low + (high & 0x1fffff) * 2 ** 32;
}

/** Blocks that are computed at a time. */
const MOST_BLOCKS = 1024;

/** The words of blocks of a sequence, from a number on. */
function wordsFrom(block: number, count: number, key: readonly [number, number]): Uint32Array {
  const words = new Uint32Array(4 * count);
  // Arrays for all blocks: some hundred thousand numbers would keep the garbage collector busy.
  const counter = Uint32Array.of(0, 0, 0, STREAM);
  const four = new Uint32Array(4);
  for (let at = 0; at < words.length; at += 4, block++) {
    counter[0] = block;
    counter[1] = block / 2 ** 32;
    philox(counter, key, four);
    // Not `set`, which costs as much as the block.
    for (let k = 0; k < 4; k++) words[at + k] = four[k];
  }
  return words;
}

/** A sequence of random numbers that depends only on the seed. */
export class Random {
  private readonly key: [number, number];
  private block = 0;
  /** That are computed the next time. */
  private blocks = 1;
  private ready: Uint32Array = new Uint32Array(0);
  private used = 0;
  private spare: number | null = null;
  /** A device, which may compute the words, to the same bits. @internal */
  device: { words?: typeof wordsFrom } | undefined;

  /** @param seed a whole number in [0, 2^53) */
  constructor(seed: number) {
    this.key = keyOf(seed);
  }

  /** A whole number in [0, 2^32). */
  private word(): number {
    if (this.used === this.ready.length) this.refill();
    return this.ready[this.used++];
  }

  /** The next words, at least one and at most so many: a loop over them has no call for each. @internal */
  take(most: number): Uint32Array {
    if (this.used === this.ready.length) this.refill();
    const first = this.used;
    this.used = Math.min(first + most, this.ready.length);
    return this.ready.subarray(first, this.used);
  }

  /** Twice as many words as the last time, so that a few numbers cost little, and many have few calls. */
  private refill(): void {
    const { device, key, block, blocks } = this;
    this.ready = device?.words?.(block, blocks, key) ?? wordsFrom(block, blocks, key);
    this.blocks = Math.min(2 * blocks, MOST_BLOCKS);
    this.block += blocks;
    this.used = 0;
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    check('uniform', 'low', low, NUMBER);
    check('uniform', 'high', high, NUMBER);
    return low + (high - low) * (this.word() / 2 ** 32);
  }

  /** Normally distributed (Box and Muller 1958). */
  normal(mean = 0, deviation = 1): number {
    check('normal', 'mean', mean, NUMBER);
    check('normal', 'deviation', deviation, NUMBER);
    return mean + deviation * this.standard();
  }

  /** Of mean 0 and deviation 1, without the checks. @internal */
  standard(): number {
    let value = this.spare;
    this.spare = null;
    if (value === null) {
      // 1 - u is in (0, 1], so that the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - this.word() / 2 ** 32));
      const angle = 2 * Math.PI * (this.word() / 2 ** 32);
      value = radius * Math.cos(angle);
      this.spare = radius * Math.sin(angle);
    }
    return value;
  }

  /** A whole number in [0, n), each equally likely; n at most 2^32. */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
      throw new Error(`Random.integer: expected a whole number from 1 to 2^32, got ${show(n)}`);
    const whole = 2 ** 32 - (2 ** 32 % n);
    let word = this.word();
    while (word >= whole) word = this.word();
    return word % n;
  }

  /** Puts an array into random order, in place (Fisher and Yates), and returns it. */
  shuffle<A extends { readonly length: number; [index: number]: unknown }>(array: A): A {
    check('Random.shuffle', 'array', array, CHANGEABLE);
    const items: { [index: number]: unknown } = array;
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return array;
  }
}
