/** Examples to learn word vectors from, in a stream: what is held is a sentence and a batch. */
import type { Random } from '../random.ts';
import type { AliasTable } from './alias_table.ts';

/** Examples: from the mean of some words' vectors, one word is told from random ones. */
export interface Batch {
  readonly size: number;
  /** The words that are given, those of one example after the other. */
  readonly inputs: Int32Array;
  /** [size + 1]: where the inputs of each example begin. */
  readonly begins: Int32Array;
  /** [size, 1 + negative]: the word that is sought, and random ones. */
  readonly targets: Int32Array;
}

export interface Sampling {
  /** Whether a word is given and one of its window sought (skip-gram), or the window given and the word sought (CBOW). */
  readonly architecture: 'skipGram' | 'cbow';
  readonly window: number;
  readonly negative: number;
  readonly batchSize: number;
  /** [words] */
  readonly keep: Float64Array;
  readonly noise: AliasTable;
  readonly random: Random;
}

export class BatchMaker {
  /** Words gone through so far, those that were left out included. */
  words = 0;
  private readonly sampling: Sampling;
  private readonly inputs: Int32Array;
  private readonly begins: Int32Array;
  private readonly targets: Int32Array;
  private size = 0;

  constructor(sampling: Sampling) {
    const { architecture, window, negative, batchSize } = sampling;
    this.sampling = sampling;
    this.inputs = new Int32Array(batchSize * (architecture === 'cbow' ? 2 * window : 1));
    this.begins = new Int32Array(batchSize + 1);
    this.targets = new Int32Array(batchSize * (1 + negative));
  }

  /** Takes a sentence in, and gives the batches that it fills. */
  *add(sentence: readonly number[]): Generator<Batch> {
    const { architecture, window, keep, random, batchSize } = this.sampling;
    // As in word2vec, what is left out does not count for the window: it then reaches farther.
    const places = [...sentence.keys()].filter((place) => {
      const share = keep[sentence[place]];
      return share >= 1 || random.uniform() < share;
    });
    const words = places.map((place) => sentence[place]);
    const before = this.words;
    for (const [i, word] of words.entries()) {
      this.words = before + places[i] + 1;
      // Near words count for more: the window of each word is one of 1 to `window`.
      const reach = 1 + random.integer(window);
      const around = words.slice(Math.max(0, i - reach), i + 1 + reach);
      around.splice(Math.min(i, reach), 1);
      if (around.length === 0) continue;
      if (architecture === 'cbow') this.push(around, word);
      else
        for (const other of around) {
          this.push([word], other);
          if (this.size === batchSize) yield this.take();
        }
      if (this.size === batchSize) yield this.take();
    }
    this.words = before + sentence.length;
  }

  /** What is left over, if anything. */
  *finish(): Generator<Batch> {
    if (this.size > 0) yield this.take();
  }

  private push(given: readonly number[], sought: number): void {
    const { negative, noise, random } = this.sampling;
    const begin = this.begins[this.size];
    this.inputs.set(given, begin);
    let at = this.size * (1 + negative);
    this.begins[++this.size] = begin + given.length;
    this.targets[at++] = sought;
    for (let k = 0; k < negative; k++) {
      let word = noise.draw(random);
      while (word === sought) word = noise.draw(random);
      this.targets[at++] = word;
    }
  }

  private take(): Batch {
    const { size, sampling } = this;
    this.size = 0;
    return {
      size,
      inputs: this.inputs.slice(0, this.begins[size]),
      begins: this.begins.slice(0, size + 1),
      targets: this.targets.slice(0, size * (1 + sampling.negative)),
    };
  }
}
