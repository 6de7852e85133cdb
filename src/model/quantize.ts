/** Weights in fewer bits, for inference. */
export { COMMON } from './common.ts';
import { check, oneOf } from '../options.ts';
import { DeviceError } from '../backend.ts';
import type { Storage } from '../backend.ts';
import type { Network } from '../layers/network.ts';
import type { Shape, Variable } from '../tensor.ts';

/** What rounding did to a weight. */
export interface QuantizedWeight {
  /** The name of the weight, by layer: `lstm/kernel`. */
  readonly name: string;
  /** Its shape. */
  readonly shape: Shape;
  /** Largest |rounded - weight|. */
  readonly maxError: number;
  /** ‖rounded - weight‖ / ‖weight‖, Euclidean; 0 where all are zero. In float16 at most 2^-11 = 4.9e-4 for weights of 6.1e-5 and more. */
  readonly relativeError: number;
}

export async function quantizeModel(
  model: Network,
  mode: 'float16' | 'int8',
): Promise<QuantizedWeight[]> {
  const { device } = model;
  check('quantize', 'mode', mode, oneOf(['float16', 'int8']));
  if (mode === 'int8' && device.kind !== 'wasm')
    throw new Error(
      "quantize: expected 'float16', got 'int8', which only the WebAssembly device has: use float16, or wasm()",
    );
  const made = new Map<Variable, Storage>();
  const found: QuantizedWeight[] = [];
  for (const weight of new Set(model.halvableWeights)) {
    const { name, shape, size } = weight;
    try {
      const storage = device.alloc(size, mode, shape.at(-1));
      made.set(weight, storage);
      const values = await weight.data();
      device.write(storage, values);
      const rounded = await device.read(storage);
      let maxError = 0;
      let error = 0;
      let norm = 0;
      values.forEach((value, i) => {
        const difference = Math.abs(rounded[i] - value);
        maxError = Math.max(maxError, difference);
        error += difference ** 2;
        norm += value ** 2;
      });
      found.push({ name, shape, maxError, relativeError: norm && Math.sqrt(error / norm) });
    } catch (error) {
      for (const storage of made.values()) device.free(storage);
      if (error instanceof DeviceError) throw error;
      throw new Error(`quantize: ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  for (const [weight, storage] of made) {
    weight.dispose();
    weight.storage = storage;
  }
  return found;
}
