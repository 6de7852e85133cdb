// A network that reads a text character by character and predicts the next one.
import {
  initializers,
  layers,
  losses,
  optimizers,
  Random,
  schedules,
  sequential,
} from '../../src/index.ts';
import type { Model } from '../../src/index.ts';

/** Windows of a batch, and characters of a window. */
const [ROWS, LENGTH] = [32, 100];

/** Characters [B,T] → Embedding → LSTM, whose name is lstm → logits of the next character [B,T,size]. */
export function buildNetwork(size: number, units: number, steps: number, seed: number): Model {
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      // Larger than by default, so that the LSTM has something to work with from the start.
      layers.embedding(size, 24, {
        embeddingsInitializer: initializers.randomUniform({ min: -0.5, max: 0.5 }),
      }),
      layers.lstm(units, { returnSequences: true, name: 'lstm' }),
      layers.dense(size),
    ],
    { seed },
  );
  const learningRate = schedules.cosineDecay({ initialLearningRate: 0.01, decaySteps: steps });
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  });
  return network;
}

/** Trains on windows from random places of the text. */
export async function train(network: Model, text: Int32Array, steps: number, seed: number) {
  const random = new Random(seed);
  function* batches(): Generator<[unknown, unknown]> {
    for (;;) {
      const [x, y] = [new Int32Array(ROWS * LENGTH), new Int32Array(ROWS * LENGTH)];
      for (let row = 0; row < ROWS; row++) {
        const start = random.integer(Math.max(1, text.length - LENGTH));
        x.set(text.subarray(start, start + LENGTH), row * LENGTH);
        y.set(text.subarray(start + 1, start + 1 + LENGTH), row * LENGTH);
      }
      const shape = [ROWS, LENGTH];
      yield [
        { data: x, shape },
        { data: y, shape },
      ];
    }
  }
  await network.fit(batches() as never, { epochs: 1, stepsPerEpoch: steps });
}

/** The mean log-loss of each character of a text, after those before it. */
export async function lossOn(network: Model, text: Int32Array): Promise<number> {
  const shape = [1, text.length - 1];
  const { loss } = await network.evaluate(
    { data: text.subarray(0, -1), shape },
    { data: text.subarray(1), shape },
  );
  return loss;
}

/** What a text costs by how often its characters come in another one: the log-loss of a network without memory or input. */
export function lossByFrequency(train: Int32Array, text: Int32Array, size: number): number {
  const counts = new Float64Array(size).fill(1);
  for (const character of train) counts[character]++;
  const total = train.length + size;
  return text.reduce((sum, character) => sum - Math.log(counts[character] / total), 0) / text.length; // prettier-ignore
}
