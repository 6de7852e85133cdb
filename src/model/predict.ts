/** Outputs for all samples, batch by batch, gathered on the device. */
import { noGrad } from '../autograd.ts';
import type { Network } from '../layers/network.ts';
import { COUNT, oneOf, readOptions } from '../options.ts';
import type { Checks } from '../options.ts';
import { allocate, scope } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { sliceRows } from './arrays.ts';
import type { HostArray } from './arrays.ts';
import type { BatchData } from './batch_data.ts';
import { computed, Pacer } from './pacing.ts';
import { buildFor, inputSlots, prepareInputs } from './inputs.ts';
import { withBatch } from './upload.ts';

/** How `predict` goes through the samples, and what it gives. */
export interface PredictOptions {
  /** Samples that are computed at a time; 32. */
  batchSize?: number;
  /**
   * `tensor`, the default: the outputs on the device, to be read with `array()` or `data()` and freed with `dispose()` or `using`. `array`: nested
   * lists, and nothing to free.
   */
  as?: 'tensor' | 'array';
}

const DEFAULTS = { batchSize: 32, as: 'tensor' };
const MUST_BE: Checks<typeof DEFAULTS> = {
  // `predictOnBatch` has no limit.
  batchSize: [COUNT[0], (n) => n === Infinity || COUNT[1](n)],
  as: oneOf(['tensor', 'array']),
};

/** By output, or that of the only one. */
export async function predictModel(
  network: Network,
  x: BatchData,
  options: PredictOptions,
): Promise<unknown> {
  const { batchSize, as } = readOptions('predict', options, DEFAULTS, MUST_BE);
  const data = await buildFor('predict', network, x);
  const inputs = await prepareInputs(inputSlots(network), data);
  const tensors = await predictArrays(network, inputs, batchSize);
  const results = as === 'tensor' ? tensors : await Promise.all(tensors.map((one) => one.array()));
  if (as === 'array') for (const one of tensors) one.dispose();
  return results.length === 1 ? results[0] : results;
}

/** @returns by output of the network, [samples, ...]; the caller's to dispose of */
async function predictArrays(
  network: Network,
  x: readonly HostArray[],
  batchSize: number,
): Promise<Tensor[]> {
  const { device } = network;
  // Outputs as long as the longest text of their batch would not fit into one array: all texts are encoded together.
  if (network.outputs.some(({ shape }) => shape.slice(1).includes(null)))
    x = x.map((array) => array.encode?.(array.data) ?? array);
  const samples = x[0].shape[0];
  const pacer = new Pacer(device, () => computed(device));
  let results: Tensor[] = [];
  try {
    for (let begin = 0; begin < samples; begin += batchSize) {
      const end = Math.min(begin + batchSize, samples);
      const rows = x.map((array) => sliceRows(array, begin, end));
      withBatch(device, { x: rows }, (batch) =>
        scope(() => {
          const { outputs } = noGrad(() => network.forward(batch.x, { training: false }));
          results = results.length > 0 ? results : outputs.map((one) => withRows(one, samples));
          outputs.forEach((output, i) => {
            const row = output.size / (end - begin);
            device.copy(output.storage, 0, results[i].storage, begin * row, output.size);
          });
          return results;
        }),
      );
      await pacer.submit();
    }
    await pacer.finish();
    return results;
  } catch (error) {
    results.forEach((result) => result.dispose());
    throw error;
  }
}

/** Room for `rows` rows like those of `output`. */
function withRows(output: Tensor, rows: number): Tensor {
  return allocate(output.device, [rows, ...output.shape.slice(1)], output.dtype);
}
