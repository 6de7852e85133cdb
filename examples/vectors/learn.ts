// Trains vectors on verses, prints its progress, and writes a checkpoint after every epoch.
import { trainWordVectors } from '../../src/vectors/index.ts';
import type {
  TrainingProgress,
  TrainVectorsOptions,
  WordVectors,
} from '../../src/vectors/index.ts';
import type { Store } from '../store.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

/** Seconds between two lines of progress. */
const PRINT_EVERY = 5;

export interface Learning {
  readonly verses: string[][];
  readonly options: TrainVectorsOptions;
  readonly store: Store;
  /** Whether to continue from the checkpoint in the store, if there is one. */
  readonly resume: boolean;
  print(line: string): void;
}

export interface Learnt {
  readonly vectors: WordVectors;
  readonly progress: readonly TrainingProgress[];
}

/** Learning rates are those of word2vec's program. A resumed training gives exactly the result of an uninterrupted one. */
export async function learn({ verses, options, store, resume, print }: Learning): Promise<Learnt> {
  const saved = resume ? await readCheckpoint(store) : null;
  const progress = [...(saved?.progress ?? [])];
  const before = progress.at(-1)?.words ?? 0;
  if (saved) print(`going on after epoch ${saved.checkpoint.epoch}`);
  let printed = 0;
  const onProgress = (now: TrainingProgress) => {
    progress.push(now);
    if (now.seconds - printed < PRINT_EVERY && now.words < now.totalWords) return;
    printed = now.seconds;
    print(lineOf(now, before));
  };
  const vectors = await trainWordVectors(verses, {
    learningRate: options.architecture === 'cbow' ? 0.05 : 0.025,
    ...{ ...options, resume: saved?.checkpoint, onProgress },
    onCheckpoint: (checkpoint) => writeCheckpoint(store, { checkpoint, progress }),
  });
  return { vectors, progress };
}

/** @param before words that had been read when `seconds` was 0 */
function lineOf(
  { epoch, epochs, words, totalWords, loss, seconds, secondsLeft }: TrainingProgress,
  before: number,
) {
  const share = ((100 * words) / totalWords).toFixed(0).padStart(3);
  const speed = ((words - before) / seconds / 1000).toFixed(1);
  return (
    `epoch ${epoch}/${epochs}, ${share} %, loss ${loss.toFixed(3)}, ` +
    `${speed} thousand words/s, ${secondsLeft.toFixed(0)} s left`
  );
}
