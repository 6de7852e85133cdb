// Trains an encoder and a decoder. Every epoch's batches depend only on its number, so that training can be resumed.
import { train } from '../training.ts';
import type { Trained, Training } from '../training.ts';
import { buildNetwork } from './network.ts';
import type { Sizes } from './network.ts';
import { batchesOf } from './pairs.ts';
import type { Batching, Corpus } from './pairs.ts';
import { vocabulariesOf } from './vocabulary.ts';
import type { Vocabularies } from './vocabulary.ts';

export interface Plan extends Sizes, Batching {
  readonly attention: boolean;
  readonly learningRate: number;
  readonly epochs: number;
  readonly verbose?: 0 | 1 | 2;
}

/** As the last epoch left it. */
export type Learnt = Pick<Trained, 'model' | 'logs'> & { readonly vocabularies: Vocabularies };

export async function learn(
  corpus: Pick<Corpus, 'train' | 'dev'>,
  { verbose, ...plan }: Plan,
  options: Pick<Training, 'store' | 'resume' | 'settings' | 'estimate'>,
): Promise<Learnt> {
  const vocabularies = vocabulariesOf(corpus.train);
  const { epoch, steps } = batchesOf(corpus.train, vocabularies, plan);
  const dev = batchesOf(corpus.dev, vocabularies, plan);
  const { model, logs } = await train({
    score: ({ valLoss }) => -valLoss,
    ...options,
    epochs: plan.epochs,
    build: () => buildNetwork(vocabularies, { ...plan, steps: steps * plan.epochs }),
    fit: (one, fitting) =>
      one.fit(epoch, {
        ...{ ...fitting, seed: plan.seed, verbose, stepsPerEpoch: steps },
        validationData: () => dev.epoch(0),
      }),
  });
  return { model, logs, vocabularies };
}
