// Trains a tagger. Every epoch's batches depend only on its number, so that training can be resumed.
import { Dataset } from '../../src/data/index.ts';
import { stepsOf } from '../imdb/batches.ts';
import { train } from '../training.ts';
import type { Trained, Training } from '../training.ts';
import type { Corpus, Sentence } from './data.ts';
import { buildTagger, vocabularyOf } from './tagger.ts';
import type { Kind, Tagger, TaggerOptions, Vocabulary } from './tagger.ts';

const BUCKETS = { width: 5, batchSize: 32 };

/**
 * A function from an epoch's number to its batches, with sentences of similar length in a batch. Padding does not count in the
 * loss, and neither do tags and intents outside the vocabulary, whose index is -1.
 */
function batchesOf(sentences: readonly Sentence[], { tags, intents }: Vocabulary, seed: number) {
  const samples = sentences.map((one) => ({
    x: one.words.join(' '),
    y: {
      slots: one.tags.map((tag) => tags.indexOf(tag)),
      intent: intents.indexOf(one.intent),
    },
  }));
  const all = Dataset.of(samples)
    .shuffle(seed)
    .bucketByLength({ ...BUCKETS, length: ({ y }) => y.slots.length });
  return (epoch: number) => all.epoch(epoch);
}

type Options = TaggerOptions & Omit<Training, 'build' | 'fit'> & { readonly verbose?: 0 | 1 | 2 };

/** Trains a tagger; returns it as it is after the last epoch. */
export async function learn(
  kind: Kind,
  corpus: Pick<Corpus, 'train' | 'dev'>,
  { seed, units, learningRate, verbose, ...training }: Options,
): Promise<Tagger & Pick<Trained, 'logs' | 'best'>> {
  const vocabulary = await vocabularyOf(corpus.train);
  const { tags, intents } = vocabulary;
  const trained = await train({
    score: ({ valLoss }) => -valLoss,
    ...training,
    build: () => buildTagger(kind, vocabulary, { seed, units, learningRate }),
    fit: (one, options) =>
      one.fit(batchesOf(corpus.train, vocabulary, seed), {
        ...{ ...options, seed, verbose },
        stepsPerEpoch: stepsOf(
          corpus.train.map(({ words }) => ({ x: words })),
          BUCKETS,
        ),
        validationData: batchesOf(corpus.dev, vocabulary, seed),
      }),
  });
  return { ...trained, tags, intents };
}
