/** Variables of the user's own. */
import type { Device } from './backend.ts';
import { check, checkNames, DEVICE, FLAG, SHAPE } from './options.ts';
import { DTYPE, getDevice, leaveToUser, shapeOf, sizeOf, Tensor, Variable } from './tensor.ts';
import type { Nested, Shape, TensorLike } from './tensor.ts';

/** What `variable` makes. */
export interface VariableOptions {
  /** Named in errors; 'variable'. */
  name?: string;
  /** Whether `backward` computes a gradient here; true of float32. */
  trainable?: boolean;
  /** By default that of the tensor or of the nested lists; [n] for n numbers in a flat list or typed array. */
  shape?: Shape;
  /** Type of the elements; by default that of the tensor, int32 of an Int32Array, else float32. */
  dtype?: 'float32' | 'int32';
  /** The default device, or that of the tensor. */
  device?: Device;
}

/**
 * A variable of your own: a weight in a training loop, or an input whose gradient is wanted. It outlives scopes; `dispose()` frees it.
 *
 * @param data its first values: numbers as for `tensor`, or a tensor, which is copied
 */
export function variable(data: TensorLike, options: VariableOptions = {}): Variable {
  checkNames('variable', options, ['name', 'trainable', 'shape', 'dtype', 'device']);
  const like = data instanceof Tensor ? data : null;
  const { name = 'variable', device = like?.device ?? getDevice() } = options;
  const isInt = data instanceof Int32Array || like?.dtype === 'int32';
  const { dtype = isInt ? 'int32' : 'float32', trainable = dtype === 'float32' } = options;
  check('variable', 'trainable', trainable, FLAG);
  check('variable', 'dtype', dtype, DTYPE);
  const shape = options.shape ?? like?.shape ?? shapeOf(data as Nested, name);
  check(name, 'shape', shape, SHAPE);
  check(name, 'device', device, DEVICE);
  const storage = device.alloc(sizeOf(shape), dtype);
  leaveToUser(device, storage);
  const result = new Variable(device, storage, shape, name, trainable);
  result.assign(data);
  return result;
}
