// Pieces as piano rolls: made up, or in the format of Boulanger-Lewandowski et al. 2012.
import { Random } from '../../src/index.ts';
import { inventChorale } from './harmony.ts';

/** Keys of a piano; key 0 is the lowest A, MIDI pitch 21. */
export const KEYS = 88;
export const LOWEST_PITCH = 21;

/** For each frame the keys that sound, ascending. */
export type Piece = readonly (readonly number[])[];

export interface Chorales {
  readonly train: readonly Piece[];
  readonly valid: readonly Piece[];
  readonly test: readonly Piece[];
}

const PARTS = ['train', 'valid', 'test'] as const;

/** Made-up chorales: always the same ones. */
export function inventChorales(): Chorales {
  const random = new Random(1);
  const invent = (count: number): Piece[] =>
    Array.from({ length: count }, () =>
      inventChorale(random).map((pitches) => keysOf(pitches, LOWEST_PITCH)),
    );
  return { train: invent(160), valid: invent(30), test: invent(40) };
}

/**
 * The chorales of a file: `{ train, valid, test: [piece: [frame: [number]]] }`. Some files number the keys of a piano from 0, others have
 * MIDI pitches: what goes beyond 87 has pitches.
 *
 * @throws Error if a part is missing or empty, or a number is no key of a piano
 */
export function choralesIn(json: unknown): Chorales {
  const parts = PARTS.map((name) => {
    const pieces = (json as Record<string, Piece[]> | null)?.[name];
    if (!Array.isArray(pieces) || pieces.length === 0)
      throw new Error(
        `expected { train, valid, test } with a list of pieces each, got ${Object.keys(json ?? {}).join(', ') || 'none of them'}`,
      );
    return pieces.filter(({ length }) => length > 0);
  });
  const hasPitches = parts.flat(3).some((number) => number >= KEYS);
  const lowestKey = hasPitches ? LOWEST_PITCH : 0;
  const [train, valid, test] = parts.map((pieces) =>
    pieces.map((piece) => piece.map((frame) => keysOf(frame, lowestKey))),
  );
  return { train, valid, test };
}

/** @param lowest the number of the lowest key */
function keysOf(numbers: readonly number[], lowest: number): number[] {
  const strange = numbers.find(
    (number) => !(Number.isInteger(number) && number >= lowest && number < lowest + KEYS),
  );
  if (strange !== undefined)
    throw new Error(
      `expected keys of a piano, from ${lowest} to ${lowest + KEYS - 1}, got ${strange}`,
    );
  return [...new Set(numbers)].map((number) => number - lowest).sort((a, b) => a - b);
}

/** [frames, 88]: 1 where a key sounds. */
export function rollOf(piece: Piece): Float32Array {
  const roll = new Float32Array(piece.length * KEYS);
  piece.forEach((keys, t) => {
    for (const key of keys) roll[t * KEYS + key] = 1;
  });
  return roll;
}
