/** Outputs for all samples, batch by batch, gathered on the device. */
import { noGrad } from '../autograd.ts';
import type { Model } from '../model.ts';
import { allocate, scope } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { sliceRows } from './arrays.ts';
import type { HostArray } from './arrays.ts';
import { Reader } from './reader.ts';
import { withBatch } from './step.ts';

/** @returns by output of the model, [samples, ...]; the caller's to dispose of */
export async function predictArrays(
  model: Model,
  x: readonly HostArray[],
  batchSize: number,
): Promise<Tensor[]> {
  const { device } = model;
  // Outputs that are as long as their batch's longest text would not fit into one array.
  if (model.outputs.some(({ shape }) => shape.slice(1).includes(null)))
    x = x.map((array) => array.encode?.(array.data) ?? array);
  const samples = x[0].shape[0];
  // There is nothing to report: the reads only bound how much is in flight.
  const pulse = device.alloc(1, 'float32');
  const reader = new Reader(device, pulse, () => undefined, null);
  let results: Tensor[] = [];
  try {
    for (let begin = 0; begin < samples; begin += batchSize) {
      const end = Math.min(begin + batchSize, samples);
      const rows = {
        x: x.map((array) => sliceRows(array, begin, end)),
        y: [],
        sampleWeight: [],
        size: end - begin,
        rows: '',
      };
      withBatch(device, rows, (batch) =>
        scope(() => {
          const { outputs } = noGrad(() => model.forward(batch.x, { training: false }));
          results = results.length > 0 ? results : outputs.map((one) => allWith(one, samples));
          outputs.forEach((output, i) => {
            const row = output.size / (end - begin);
            device.copy(output.storage, 0, results[i].storage, begin * row, output.size);
          });
          return results;
        }),
      );
      await reader.submit();
    }
    await reader.finish();
    return results;
  } catch (error) {
    results.forEach((result) => result.dispose());
    throw error;
  } finally {
    device.free(pulse);
  }
}

function allWith(output: Tensor, samples: number): Tensor {
  const [, ...rest] = output.shape;
  return allocate(output.device, [samples, ...rest], output.dtype);
}
