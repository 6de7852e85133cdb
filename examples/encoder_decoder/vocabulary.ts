// Tokens and their ids: those of symbols, with a start and a stop token as the first two.
import { FIRST, Symbols } from '../symbols.ts';
import type { Pair } from './pairs.ts';

export const [START, STOP] = [FIRST, FIRST + 1];

export interface Vocabularies {
  readonly source: Symbols;
  readonly target: Symbols;
}

/** Of pairs, the tokens in alphabetical order. */
export function vocabulariesOf(pairs: readonly Pair[]): Vocabularies {
  const symbolsOf = (sequences: readonly (readonly string[])[]): Symbols =>
    new Symbols(['(start)', '(stop)', ...[...new Set(sequences.flat())].sort()]);
  return {
    source: symbolsOf(pairs.map(({ source }) => source)),
    target: symbolsOf(pairs.flatMap(({ targets }) => targets)),
  };
}
