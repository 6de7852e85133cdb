// Sentences as numbers of words.
import type { Combination } from './scenes.ts';

/** Padding, and what stands before and behind a sentence. */
export const START = 1;
export const END = 2;

export class Words {
  readonly all: readonly string[];
  /** Words of the longest sentence. */
  readonly longest: number;

  constructor(combinations: readonly Combination[]) {
    const sentences = combinations.map(({ caption }) => caption.split(' '));
    this.all = ['', '[start]', '[end]', ...[...new Set(sentences.flat())].sort()];
    this.longest = Math.max(...sentences.map(({ length }) => length));
  }

  idsOf(caption: string): number[] {
    return caption.split(' ').map((word) => this.all.indexOf(word));
  }

  textOf(ids: readonly number[]): string {
    return ids.map((id) => this.all[id]).join(' ');
  }
}
