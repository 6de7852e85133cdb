/** Batches of training examples for word vectors, made sentence by sentence. */
import type { Random } from '../random.ts';
import type { AliasTable } from './alias_table.ts';

/** Examples: given the mean vector of the input words, the target word must be told from random words. */
export interface Batch {
  readonly size: number;
  /** The input words of all examples, one example after the other. */
  readonly inputs: Int32Array;
  /** [size + 1]: the index in `inputs` at which each example begins, and the end of the last one. */
  readonly begins: Int32Array;
  /** [size, 1 + negative]: the target word of each example, then random words. */
  readonly targets: Int32Array;
}

export interface Sampling {
  /** Whether a word predicts a word in its window (skip-gram), or the window predicts the word (CBOW). */
  readonly architecture: 'skipGram' | 'cbow';
  readonly window: number;
  readonly negative: number;
  readonly batchSize: number;
  /** [words]: the probability of keeping a word. */
  readonly keep: Float64Array;
  readonly noise: AliasTable;
  readonly random: Random;
}

export class BatchMaker {
  /** Words read so far, including those that were left out. */
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

  /** Adds the examples of a sentence, and yields every batch that becomes full. */
  *add(sentence: readonly number[]): Generator<Batch> {
    const { architecture, window, keep, random, batchSize } = this.sampling;
    // As in word2vec, words that are left out do not count for the window, which then reaches further.
    const places = [...sentence.keys()].filter((place) => {
      const share = keep[sentence[place]];
      return share >= 1 || random.uniform() < share;
    });
    const words = places.map((place) => sentence[place]);
    const before = this.words;
    for (const [i, word] of words.entries()) {
      this.words = before + places[i] + 1;
      // The window of each word is 1 to `window`, at random, so that near words occur in more examples.
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

  /** Yields the last batch, if it contains any example. */
  *finish(): Generator<Batch> {
    if (this.size > 0) yield this.take();
  }

  private push(given: readonly number[], target: number): void {
    const { negative, noise, random } = this.sampling;
    const begin = this.begins[this.size];
    this.inputs.set(given, begin);
    let at = this.size * (1 + negative);
    this.begins[++this.size] = begin + given.length;
    this.targets[at++] = target;
    for (let k = 0; k < negative; k++) {
      let word = noise.draw(random);
      while (word === target) word = noise.draw(random);
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
