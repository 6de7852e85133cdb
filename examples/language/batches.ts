// Random windows of the training text, and batches of rows of similar length.
import type { Alphabet } from './alphabet.ts';
import { PADDING } from './alphabet.ts';
import type { Sample } from './declaration.ts';
import { shuffle } from './random.ts';

/** Tokens `[B,T]`, padded on the right with 0, and labels `[B]`. */
export interface Batch {
  readonly x: { data: Int32Array; shape: [number, number] };
  readonly y: { data: Int32Array; shape: [number] };
}

export interface WindowRange {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Random windows of the training paragraphs, each beginning with a word. Paragraphs are drawn with probabilities in proportion to
 * their lengths, the lengths of windows uniformly from the range. With new windows in every epoch, the network cannot memorise a
 * small corpus; short windows make it decide by few characters, and are cheap.
 */
export function drawWindows(
  paragraphs: readonly Sample[],
  count: number,
  { shortest, longest }: WindowRange,
  random: () => number,
): Sample[] {
  const ends: number[] = [];
  let total = 0;
  for (const { text } of paragraphs) ends.push((total += text.length));
  return Array.from({ length: count }, () => {
    const length = shortest + Math.floor(random() * (longest - shortest + 1));
    const { text, label } = paragraphs[firstAbove(ends, random() * total)];
    const start = Math.floor(random() * Math.max(1, text.length - length + 1));
    const word = text.lastIndexOf(' ', start) + 1;
    return { text: text.slice(word, word + length), label };
  });
}

/** The index of the first of the ascending numbers that is greater than the value. */
function firstAbove(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One batch of encoded samples, padded to the longest one. */
export function toBatch(samples: readonly Sample[], alphabet: Alphabet): Batch {
  const rows = samples.map(({ text }) => alphabet.encode(text));
  const length = Math.max(...rows.map((row) => row.length));
  const data = new Int32Array(rows.length * length).fill(PADDING);
  rows.forEach((row, index) => data.set(row, index * length));
  return {
    x: { data, shape: [rows.length, length] },
    y: { data: Int32Array.from(samples, ({ label }) => label), shape: [rows.length] },
  };
}

/** Sorts by length and divides into batches, so that a batch has rows of similar length and little padding. */
export function bucket(samples: readonly Sample[], batchSize: number): Sample[][] {
  const sorted = [...samples].sort((a, b) => a.text.length - b.text.length);
  return Array.from({ length: Math.ceil(sorted.length / batchSize) }, (_, index) =>
    sorted.slice(index * batchSize, (index + 1) * batchSize),
  );
}

/** Batches of rows of similar length, in random order. */
export const shuffledBatches = (
  samples: Sample[],
  batchSize: number,
  alphabet: Alphabet,
  random: () => number,
): Batch[] =>
  shuffle(
    // Shuffled before sorting, so that rows of equal length end up in different batches each time.
    bucket(shuffle(samples, random), batchSize),
    random,
  ).map((group) => toBatch(group, alphabet));

/** The share of tokens that are padding. */
export function paddingShare(batches: readonly Batch[]): number {
  let padding = 0;
  let total = 0;
  for (const { x } of batches) {
    total += x.data.length;
    for (const token of x.data) if (token === PADDING) padding++;
  }
  return padding / total;
}
