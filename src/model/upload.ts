/** Batches on the device. */
import type { Device } from '../backend.ts';
import { tensor, Tensor } from '../tensor.ts';
import type { HostArray } from './arrays.ts';
import type { Batch } from './batch_sources.ts';
import { mapArrays } from './inputs.ts';
import type { Parts } from './inputs.ts';

/** Predictions need inputs alone. */
export type HostBatch = Pick<Batch, 'x'> & Partial<Batch>;

export interface DeviceBatch extends Parts<Tensor> {
  readonly size: number;
  /** Frees what was uploaded, but no tensors of the user's. */
  free(): void;
}

/** Uploads a batch for `use`, which records a step with it. Its memory is not reused before that step has been computed. */
export function withBatch<T>(device: Device, batch: HostBatch, use: (batch: DeviceBatch) => T): T {
  const onDevice = upload(device, batch);
  try {
    return use(onDevice);
  } finally {
    onDevice.free();
  }
}

/** Uploads a batch. Call it before recording anything of its step: a later upload would split the submit. */
export function upload(
  device: Device,
  { x, y = [], sampleWeight = [], size = 0 }: HostBatch,
): DeviceBatch {
  const made: Tensor[] = [];
  const put = (array: HostArray | Tensor): Tensor => {
    const found = toDevice(device, array);
    if (found !== array) made.push(found);
    return found;
  };
  const free = (): void => made.forEach((one) => one.dispose());
  try {
    return { ...mapArrays({ x, y, sampleWeight }, put), size, free };
  } catch (error) {
    free();
    throw error;
  }
}

/** The array itself where it is a tensor, and otherwise a tensor of it. */
export function toDevice(device: Device, array: HostArray | Tensor): Tensor {
  if (!(array instanceof Tensor)) {
    const { data, shape } = array.encode?.(array.data) ?? array;
    return tensor(data, shape, undefined, device);
  }
  if (array.device !== device)
    throw new Error(
      `fit: expected tensors on the model's device (${device.description}), got ${array} on ${array.device.description}`,
    );
  return array;
}
