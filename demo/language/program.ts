import { initializers, layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { corpus } from './corpus.ts';
import type { ProgramSettings } from './settings.ts';

/** Letters go in, one after the other; after the last the network says which language they were. */
export function build({ cell, units, learningRate, seed }: ProgramSettings): Model {
  const embeddingsInitializer = initializers.randomUniform({ min: -0.5, max: 0.5 });
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(corpus.alphabet.size, 32, { maskZero: true, embeddingsInitializer }),
      layers[cell](units, { name: 'memory' }),
      layers.dense(corpus.languages.length),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  });
  return network;
}

/** Two pieces of each language, of one length, from anywhere in its text; the place decides, so that no piece comes again. */
export function batch({ letters, seed }: ProgramSettings, step: number) {
  const random = new Random(1e6 * seed + step);
  const length = Math.ceil(letters / 2) + random.integer(Math.floor(letters / 2) + 1);
  const y = [...corpus.languages, ...corpus.languages].map((_, i) => i % corpus.languages.length);
  const x = y.map((language) => {
    const text = corpus.texts[language];
    const begin = random.integer(text.length - length);
    return corpus.alphabet.encode(text.slice(begin, begin + length));
  });
  return { x, y };
}
