/** How far the training of word vectors is. */

export interface TrainingProgress {
  /** From 1 on. */
  readonly epoch: number;
  readonly epochs: number;
  /** Words of the corpus gone through so far, and in all epochs. */
  readonly words: number;
  readonly totalWords: number;
  /** Mean of an example, of the steps that were looked at since the last call; (1 + negative) · log 2 at first. */
  readonly loss: number;
  readonly learningRate: number;
  /** Since this training began, or went on. */
  readonly seconds: number;
  /** An estimate, from the words gone through. */
  readonly secondsLeft: number;
}

const EVERY_MS = 500;

export class LossMeter {
  /** Gone through so far. */
  words: number;
  private readonly totalWords: number;
  /** Gone through by the training that this one goes on from. */
  private readonly before: number;
  private readonly epochs: number;
  private readonly tell: ((progress: TrainingProgress) => void) | undefined;
  private readonly begun = performance.now();
  private told = this.begun;
  private epoch: number;
  private losses: number[] = [];
  private loss = NaN;
  private learningRate = NaN;

  /**
   * @param words of an epoch
   * @param begin epochs that were gone through before
   */
  constructor(
    words: number,
    epochs: number,
    begin: number,
    tell: ((progress: TrainingProgress) => void) | undefined,
  ) {
    this.totalWords = words * epochs;
    this.words = this.before = words * begin;
    this.epoch = begin + 1;
    this.epochs = epochs;
    this.tell = tell;
  }

  /** @param logits [size, 1 + negative], of each example that of the word that is sought first */
  look(logits: ArrayLike<number>, size: number, learningRate: number): void {
    const each = logits.length / size;
    let sum = 0;
    for (let n = 0; n < logits.length; n++) {
      // log(1 + e^z), which overflows for no z.
      const z = n % each === 0 ? -logits[n] : logits[n];
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
    if (!Number.isFinite(sum)) throw this.diverged();
    this.losses.push(sum / size);
    this.learningRate = learningRate;
    if (performance.now() - this.told >= EVERY_MS) this.report();
  }

  endEpoch(epoch: number): void {
    this.report();
    this.epoch = epoch + 2;
  }

  diverged(): Error {
    return new Error(
      'trainWordVectors: the vectors grew beyond all bounds; give a smaller batchSize or learningRate',
    );
  }

  private report(): void {
    const { epoch, epochs, words, totalWords, learningRate, losses } = this;
    if (losses.length > 0) this.loss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    this.losses = [];
    this.told = performance.now();
    const seconds = (this.told - this.begun) / 1000;
    const here = words - this.before;
    const secondsLeft = here > 0 ? (seconds * (totalWords - words)) / here : Infinity;
    const { loss } = this;
    this.tell?.({ epoch, epochs, words, totalWords, loss, learningRate, seconds, secondsLeft });
  }
}
