// Many to one: the language of a name.
import { Dataset } from '../../src/data/index.ts';
import { initializers, layers, losses, optimizers, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import type { Symbols } from '../symbols.ts';
import { historyOf, train } from '../training.ts';
import { BATCH, EMBEDDED, LEARNING_RATE, UNITS } from './settings.ts';
import type { LearnOptions } from './settings.ts';
import type { Split } from './split.ts';

export interface Classified {
  readonly model: Model;
  /** Of the held-out names, by the network. */
  readonly accuracy: number;
  /** Of the held-out names, where every answer is the language that most training names have. */
  readonly mostFrequent: number;
  /** Held-out names by their language and by the answer. */
  readonly confusion: readonly (readonly number[])[];
  readonly history: Record<string, number[]>;
}

/** Characters [B,T] → Embedding with a mask → LSTM, last state → logits [B,languages]. */
function buildClassifier(size: number, languages: number, steps: number, seed: number): Model {
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32', name: 'characters' }),
      // Larger than by default, so that the LSTM has something to work with from the start.
      layers.embedding(size, EMBEDDED, {
        maskZero: true,
        embeddingsInitializer: initializers.randomUniform({ min: -0.5, max: 0.5 }),
      }),
      layers.lstm(UNITS),
      layers.dense(languages, { name: 'language' }),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(LEARNING_RATE, steps),
      clipNorm: 1,
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

export async function classify(
  { train: known, heldOut }: Split,
  symbols: Symbols,
  languages: readonly string[],
  { epochs, seed, ...training }: LearnOptions,
): Promise<Classified> {
  const samplesOf = (names: Split['train']) =>
    Dataset.of(
      names.map(({ name, language }) => ({
        x: symbols.encode(name),
        y: languages.indexOf(language),
      })),
    );
  const batches = samplesOf(known).shuffle(seed).paddedBatch(BATCH);
  const held = samplesOf(heldOut).paddedBatch(BATCH);
  const { model, logs } = await train({
    ...{ ...training, epochs },
    score: ({ loss }) => -loss,
    build: () => buildClassifier(symbols.size, languages.length, batches.size! * epochs, seed),
    fit: (one, options) => one.fit(batches, { ...options, seed, validationData: held }),
  });

  const confusion = languages.map(() => languages.map(() => 0));
  for await (const { x, y } of held) {
    const logits = await model.predictOnBatch(x);
    const values = await logits.data();
    logits.dispose();
    y.data.forEach((truth, row) => {
      const own = values.subarray(row * languages.length, (row + 1) * languages.length);
      confusion[truth][own.indexOf(Math.max(...own))]++;
    });
  }
  const right = confusion.reduce((sum, row, language) => sum + row[language], 0);
  const counts = languages.map((one) => known.filter(({ language }) => language === one).length);
  const frequent = languages[counts.indexOf(Math.max(...counts))];
  return {
    ...{ model, confusion, history: historyOf(logs) },
    accuracy: right / heldOut.length,
    mostFrequent: heldOut.filter(({ language }) => language === frequent).length / heldOut.length,
  };
}
