// Learns vectors from verses, and tells how far it is.
import { trainWordVectors } from '../../src/vectors/index.ts';
import type {
  TrainingProgress,
  TrainVectorsOptions,
  WordVectors,
} from '../../src/vectors/index.ts';

/** Seconds between lines. */
const EVERY = 5;

export interface Learnt {
  readonly vectors: WordVectors;
  readonly progress: readonly TrainingProgress[];
}

/** The learning rates are those of word2vec's own program. */
export async function learn(
  verses: string[][],
  options: TrainVectorsOptions,
  print: (line: string) => void,
): Promise<Learnt> {
  const progress: TrainingProgress[] = [];
  let printed = 0;
  const onProgress = (now: TrainingProgress) => {
    progress.push(now);
    if (now.seconds - printed < EVERY && now.words < now.totalWords) return;
    printed = now.seconds;
    print(lineOf(now));
  };
  const learningRate = options.architecture === 'cbow' ? 0.05 : 0.025;
  const vectors = await trainWordVectors(verses, { learningRate, ...options, onProgress });
  return { vectors, progress };
}

function lineOf({
  epoch,
  epochs,
  words,
  totalWords,
  loss,
  seconds,
  secondsLeft,
}: TrainingProgress) {
  const share = ((100 * words) / totalWords).toFixed(0).padStart(3);
  const speed = (words / seconds / 1000).toFixed(1);
  return (
    `epoch ${epoch}/${epochs}, ${share} %, loss ${loss.toFixed(3)}, ` +
    `${speed} thousand words/s, ${secondsLeft.toFixed(0)} s left`
  );
}
