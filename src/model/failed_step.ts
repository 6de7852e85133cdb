/** What the error says of a training step whose loss, gradient or update was not finite. Loaded when there is one. */
import { noGrad } from '../autograd.ts';
import { scope, Tensor } from '../tensor.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Batch } from './batch_sources.ts';
import type { Evaluated } from './step.ts';
import { withBatch } from './upload.ts';

/**
 * @param step its number, and where it was
 * @param batch what it was trained on, if that is known
 */
export async function failure(
  what: string,
  parts: Evaluated & { readonly optimizer: Pick<Optimizer, 'isRehearsed'> },
  step: string,
  batch: Batch | undefined,
): Promise<Error> {
  const found = batch ? describeData(batch) || (await describeSample(parts, batch)) : '';
  const odd = parts.optimizer.isRehearsed
    ? 'the loss, a gradient or a weight after it'
    : 'the loss or a gradient';
  return new Error(
    `${what}: ${odd} was not finite in step ${step}. ${found}The weights are those before that step; lower the ` +
      'learning rate, clip gradients (clipNorm), or look for bad numbers in the data',
  );
}

/** Where the batch holds what makes a loss infinite, if it does. */
function describeData(batch: Batch): string {
  for (const [what, arrays] of [
    ['inputs', batch.x],
    ['targets', batch.y],
  ] as const)
    for (const array of arrays) {
      if (array instanceof Tensor) continue;
      const at = array.data.findIndex((value: number) => !Number.isFinite(value));
      if (at >= 0) return `Its ${what} hold ${array.data[at]} at index ${at} of [${array.shape}]. `;
    }
  return '';
}

/** The first sample whose loss of the whole sequence is not finite, with the weights as they were and without dropout. */
async function describeSample({ network, outputs }: Evaluated, batch: Batch): Promise<string> {
  const losses = withBatch(network.device, batch, ({ x, y }) =>
    scope(() =>
      noGrad(() => {
        // What layers would change besides their weights stays as it is.
        const results = network.forward(x, { training: false, updates: [] });
        return outputs.map(({ loss }, i) =>
          loss?.ofSequences ? loss.call(y[i], results.outputs[i], results.masks[i]) : null,
        );
      }),
    ),
  );
  for (const [i, values] of losses.entries()) {
    if (!values) continue;
    const data = await values.data();
    values.dispose();
    const at = data.findIndex((value: number) => !Number.isFinite(value));
    if (at < 0) continue;
    const { name, whyInfinite } = outputs[i].loss!;
    const why = data[at] === Infinity && whyInfinite ? `${whyInfinite}. ` : '';
    return `The ${name} of row ${at} of the batch is ${data[at]}. ${why}`;
  }
  return '';
}
