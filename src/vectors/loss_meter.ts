/** Averages the loss and reports the progress of training word vectors. */

/** How far a training is. */
export interface TrainingProgress {
  /** Counted from 1. */
  readonly epoch: number;
  /** How many there will be. */
  readonly epochs: number;
  /** Words of the corpus read so far, in all epochs. */
  readonly words: number;
  /** Words to read in all epochs. */
  readonly totalWords: number;
  /** Mean loss of an example in the steps sampled since the last report; (1 + negative) · log 2 at the start. */
  readonly loss: number;
  /** Of the latest step. */
  readonly learningRate: number;
  /** Since this training began or was resumed. */
  readonly seconds: number;
  /** An estimate from the words read so far. */
  readonly secondsLeft: number;
}

/** The least time between two reports, in milliseconds. */
const REPORT_EVERY_MS = 500;

export class LossMeter {
  /** Words read so far. */
  words: number;
  private readonly totalWords: number;
  /** Words read by the training that this one continues. */
  private readonly before: number;
  private readonly epochs: number;
  private readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
  private readonly begun = performance.now();
  private reported = this.begun;
  private epoch: number;
  private losses: number[] = [];
  private loss = NaN;
  private learningRate = NaN;

  /**
   * @param words words per epoch
   * @param begin epochs completed before
   */
  constructor(
    words: number,
    epochs: number,
    begin: number,
    onProgress: ((progress: TrainingProgress) => void) | undefined,
  ) {
    this.totalWords = words * epochs;
    this.words = this.before = words * begin;
    this.epoch = begin + 1;
    this.epochs = epochs;
    this.onProgress = onProgress;
  }

  /** Adds the loss of a batch. @param logits [size, 1 + negative], for each example the target word first */
  add(logits: ArrayLike<number>, size: number, learningRate: number): void {
    const each = logits.length / size;
    let sum = 0;
    for (let n = 0; n < logits.length; n++) {
      // log(1 + e^z), in a form that never overflows.
      const z = n % each === 0 ? -logits[n] : logits[n];
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
    if (!Number.isFinite(sum)) throw this.diverged();
    this.losses.push(sum / size);
    this.learningRate = learningRate;
    if (performance.now() - this.reported >= REPORT_EVERY_MS) this.report();
  }

  endEpoch(epoch: number): void {
    this.report();
    this.epoch = epoch + 2;
  }

  diverged(): Error {
    return new Error(
      'trainWordVectors: the vectors diverged; give a smaller batchSize or learningRate',
    );
  }

  private report(): void {
    const { epoch, epochs, words, totalWords, learningRate, losses } = this;
    if (losses.length > 0) this.loss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    this.losses = [];
    this.reported = performance.now();
    const seconds = (this.reported - this.begun) / 1000;
    const here = words - this.before;
    const secondsLeft = here > 0 ? (seconds * (totalWords - words)) / here : Infinity;
    const { loss } = this;
    this.onProgress?.({
      epoch,
      epochs,
      words,
      totalWords,
      loss,
      learningRate,
      seconds,
      secondsLeft,
    });
  }
}
