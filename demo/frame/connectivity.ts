/**
 * How much each answer depends on each input, in the worker: by the gradient of the answer with respect to the input, as in "Visualizing
 * memorization in RNNs" (Madsen, Distill 2019).
 */
import { backward, noGrad, scope, tensor, variable } from 'gatefold';
import type { Model, Tensor } from 'gatefold';
import type { Connectivity } from './plots/inside.ts';

/** Layers that stand before what is differentiated: a gradient by a word's number would say nothing, one by its vector does. */
const BEFORE = ['InputLayer', 'Embedding'];

/**
 * Of a stack of layers with one input, and of one example.
 *
 * @param x the example as the model takes it, without its batch: ids, or [time, features]
 * @returns for each answer (one for each step, or a single one) and each step the norm of the gradient of the answer's largest number, divided by
 *   the largest norm of that answer
 */
export async function connectivityOf(
  model: Model,
  x: readonly number[] | readonly (readonly number[])[],
): Promise<Connectivity> {
  const time = x.length;
  const answers = model.outputs[0].shape.length === 3 ? time : 1;
  const before = model.layers.filter(({ className }) => BEFORE.includes(className));
  const after = model.layers.filter((layer) => !before.includes(layer));
  const ids = model.inputDtype === 'int32';
  // A row for each answer, so that one backward pass gives all gradients.
  const rows = tensor(Array.from({ length: answers }, () => x), undefined, ids ? 'int32' : 'float32', model.device); // prettier-ignore

  const run = (layers: typeof before, start: Tensor, masks: (Tensor | null)[]) =>
    layers.reduce(
      ({ outputs, masks: own }, layer) =>
        layer.className === 'InputLayer'
          ? { outputs, masks: own }
          : layer.run(outputs, { training: false, step: 0, seed: 0, masks: own }),
      { outputs: [start], masks },
    );
  const first = noGrad(() => run(before, rows, [null]));
  const seen = variable(first.outputs[0]);
  const said = scope(() => noGrad(() => run(after, seen, first.masks).outputs[0]));
  const numbers = await said.data();
  const width = said.shape.at(-1)!;
  const seed = new Float32Array(numbers.length);
  for (let answer = 0; answer < answers; answer++) {
    const at = (answer * answers + answer) * width;
    const own = numbers.subarray(at, at + width);
    seed[at + own.indexOf(Math.max(...own))] = 1;
  }
  const slope = scope(() => {
    const output = run(after, seen, first.masks).outputs[0];
    return backward(output, [tensor(seed, output.shape, 'float32', model.device)]).get(seen)!;
  });
  const slopes = await slope.data();
  const features = slope.shape.slice(2).reduce((size, extent) => size * extent, 1);
  for (const one of [seen, said, slope, rows, ...first.outputs, ...first.masks]) one?.dispose();

  const norms = new Float32Array(answers * time);
  for (let answer = 0; answer < answers; answer++) {
    const own = norms.subarray(answer * time, (answer + 1) * time);
    for (let step = 0; step < time; step++) {
      const from = (answer * time + step) * features;
      own[step] = Math.hypot(...slopes.subarray(from, from + features));
    }
    const most = own.reduce((largest, norm) => Math.max(largest, norm), 0);
    if (most > 0) own.forEach((norm, step) => (own[step] = norm / most));
  }
  return { answers, norms };
}
