/** An Embedding started from word vectors, frozen and trained. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { sgd } from '../../src/optimizers/index.ts';
import { Tokenizer } from '../../src/text/index.ts';
import { WordVectors } from '../../src/vectors/index.ts';
import { reference } from '../support/devices.ts';

describe('an Embedding started from word vectors', () => {
  const vectors = new WordVectors(['good', 'bad'], 2, Float32Array.of(1, 2, -1, -2));
  const { data, shape } = vectors.embeddingMatrix(['', '[UNK]', 'bad', 'good']);

  it('has the rows of the numbers that a Tokenizer gives words', () => {
    const tokenizer = new Tokenizer();
    tokenizer.fitOnTexts(['bad, bad, not good', 'bad good']);
    expect(vectors.embeddingMatrix(tokenizer.wordIndex)).toEqual({
      data: Float32Array.of(0, 0, -1, -2, 1, 2, 0, 0),
      shape: [4, 2],
      missing: ['not'],
    });
  });

  it.each([[new Set(['good'])], [null], ['good'], [new Float32Array(2)]])(
    'is refused for what is no vocabulary: %s',
    (wrong) => {
      const matrixOf = () => vectors.embeddingMatrix(wrong as unknown as string[]);
      expect(matrixOf).toThrow(
        /expected a list of words, or a Map or an object .*, got (an? |null|')/,
      );
    },
  );

  it.each([false, true])('keeps or changes them: trainable %s', async (trainable) => {
    const model = sequential(
      [
        layers.input({ shape: [2], dtype: 'int32' }),
        layers.embedding(...shape, { embeddingsInitializer: () => data, trainable }),
        layers.flatten(),
        layers.dense(1),
      ],
      { device: reference, seed: 1 },
    );
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' });
    const table = async (): Promise<number[]> => [...(await model.layers[1].getWeights())[0].data];
    const start = [0, 0, 0, 0, -1, -2, 1, 2];
    expect(await table()).toEqual(start);
    await model.fit([[3, 2]], [[5]], { verbose: 0 });
    const after = await table();
    if (trainable) expect(after.slice(4)).not.toEqual(start.slice(4));
    else expect(after).toEqual(start);
    expect(after.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });
});
