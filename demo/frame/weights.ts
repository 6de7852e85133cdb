/** The weights of a model and the gradients that a training step used, in the worker. */
import type { Logs, Model } from 'gatefold';
import type { Batch, Weight } from './lesson.ts';

/** More rows and columns than that would not be told apart. */
const [MOST_ROWS, MOST_COLUMNS] = [64, 256];

type Numbers = ArrayLike<number>;

/** Trains on a batch, and reads the gradients on their way to the optimizer. */
export async function trainWatched(
  model: Model,
  { x, y }: Batch,
): Promise<{ logs: Logs; weights: Weight[] }> {
  const { optimizer } = (await model.partsFor('trainWatched', x))[1];
  let read: Promise<Numbers | null>[] = [];
  const apply = optimizer.apply.bind(optimizer);
  optimizer.apply = (gradients, variables, guard) => {
    const list = 'get' in gradients ? variables.map((one) => gradients.get(one)) : gradients;
    read = list.map(async (gradient) => (await gradient?.data()) ?? null);
    apply(gradients, variables, guard);
  };
  try {
    const logs = await model.trainOnBatch(x, y);
    return { logs, weights: await weightsOf(model, await Promise.all(read)) };
  } finally {
    Reflect.deleteProperty(optimizer, 'apply');
  }
}

/** @param gradients in the order of the trainable weights; none by default */
export async function weightsOf(
  model: Model,
  gradients: readonly (Numbers | null)[] = [],
): Promise<Weight[]> {
  const own = model.trainableWeights;
  const values = await Promise.all(own.map((weight) => weight.data()));
  return own.map(({ name, shape }, i) => cropped(name, shape, values[i], gradients[i] ?? null));
}

/** As a matrix: a bias is a row; of higher ranks the last axis stays. */
function cropped(
  name: string,
  shape: readonly number[],
  values: Numbers,
  gradient: Numbers | null,
): Weight {
  const width = shape.at(-1) ?? 1;
  const height = values.length / width;
  const [rows, columns] = [Math.min(height, MOST_ROWS), Math.min(width, MOST_COLUMNS)];
  const crop = (all: Numbers) =>
    Float32Array.from({ length: rows * columns }, (_, i) => all[Math.floor(i / columns) * width + (i % columns)]); // prettier-ignore
  return {
    ...{ name, shape: [...shape], rows, columns, values: crop(values) },
    gradient: gradient && crop(gradient),
  };
}

/** All weights, one after the other. */
export async function flatWeights(model: Model): Promise<Float32Array> {
  const weights = await model.getWeights();
  return Float32Array.from(weights.flatMap(({ data }) => Array.from(data as Numbers)));
}

/** @throws Error where there are more or fewer than the model has */
export function setFlatWeights(model: Model, flat: Float32Array): void {
  if (flat.length !== model.countParams())
    throw new Error(
      `this link brings ${flat.length} weights, and the network has ${model.countParams()}; it was made with other settings`,
    );
  let at = 0;
  model.setWeights(
    model.weights.map(({ shape }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return { shape: [...shape], data: flat.subarray(at, (at += size)) };
    }),
  );
}
