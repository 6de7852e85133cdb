import { layers, loadModel, optimizers, sequential } from '../../src/index.ts';
import type { Model, SavedModel } from '../../src/index.ts';

/** One bidirectional layer, or two of them with dropout before the output. */
export type Depth = 'one' | 'two';

export interface NetworkOptions {
  readonly vocabulary: number;
  readonly seed: number;
  readonly learningRate: number;
  /** Units in each direction of the first layer; 64 by default. */
  readonly units?: number;
  /** Whether padding is masked; true by default. */
  readonly mask?: boolean;
}

/** Ids of subwords → Embedding(64) → one or two bidirectional LSTMs → Dense(64, relu) → probability of a positive review. */
export function buildNetwork(depth: Depth, options: NetworkOptions): Model {
  const { vocabulary, seed, learningRate, units = 64, mask = true } = options;
  const two = depth === 'two';
  const model = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32', name: 'subwords' }),
      layers.embedding(vocabulary, 64, { maskZero: mask }),
      layers.bidirectional(layers.lstm(units, { returnSequences: two })),
      ...(two ? [layers.bidirectional(layers.lstm(units / 2))] : []),
      layers.dense(64, { activation: 'relu' }),
      ...(two ? [layers.dropout(0.5)] : []),
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { seed },
  );
  model.compile({
    optimizer: optimizers.adam({ learningRate }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** How padding changes an answer, with the mask, and with the same weights without a mask. */
export async function paddingEffect(
  depth: Depth,
  options: NetworkOptions,
  saved: SavedModel,
  ids: readonly number[],
): Promise<Record<'masked' | 'unmasked', { alone: number; padded: number }>> {
  const masked = await loadModel(saved);
  const unmasked = buildNetwork(depth, { ...options, mask: false });
  await unmasked.loadWeights(saved);
  const answer = async (model: Model, steps: number) => {
    const row = Int32Array.from({ length: steps }, (_, k) => ids[k] ?? 0);
    return (await (await model.predict([row])).data())[0];
  };
  const both = async (model: Model) => {
    const found = {
      alone: await answer(model, ids.length),
      padded: await answer(model, ids.length + 64),
    };
    model.dispose();
    return found;
  };
  return { masked: await both(masked), unmasked: await both(unmasked) };
}
