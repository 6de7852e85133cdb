import { input, layers, model } from '../../src/index.ts';
import type { Model, Tensor } from '../../src/index.ts';

/**
 * Two inputs → two hidden units with memory → two outputs. All units are linear, all weights are 1, and there is no bias:
 * memory_t = x_t·W + memory_{t-1}·R, y_t = memory_t·V.
 */
export function buildNetwork(): Model {
  const ones = { kernelInitializer: 'ones', useBias: false } as const;
  const x = input({ shape: [null, 2] });
  const hidden = layers.simpleRNN(2, {
    ...{ ...ones, recurrentInitializer: 'ones', activation: 'linear', returnSequences: true },
  });
  const memory = hidden.apply(x);
  return model({ inputs: x, outputs: [memory, layers.dense(2, ones).apply(memory)] });
}

export interface Step {
  readonly input: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly output: readonly number[];
}

/** The steps of one sequence, starting with a memory of zeros. */
export async function remember(network: Model, sequence: number[][]): Promise<Step[]> {
  const outputs = await network.predict<Tensor[]>([sequence]);
  const [[memory], [answers]] = (await Promise.all(outputs.map((output) => output.array()))) as [
    number[][][],
    number[][][],
  ];
  for (const output of outputs) output.dispose();
  return sequence.map((step, t) => ({
    ...{ input: step, after: memory[t], output: answers[t] },
    before: t === 0 ? [0, 0] : memory[t - 1],
  }));
}
