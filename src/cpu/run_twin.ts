/** Computes a kernel by its twin. */
import type { Bindings, KernelName, NumericArray, Params, Storage, Variant } from '../backend.ts';
import { added } from '../kernel_sources.ts';
import type { Twin, Twins } from './twin.ts';

const NOTHING = new Float32Array(0);

/**
 * @param twins those that come with the device
 * @param valuesOf the numbers of a storage, which the twin reads and writes in place
 */
export function runTwin<K extends KernelName>(
  twins: Partial<Twins>,
  kernel: K,
  bindings: Bindings<K>,
  params: Params<K>,
  variant: Variant<K>,
  valuesOf: (storage: Storage) => NumericArray,
): void {
  const arrays = Object.fromEntries(
    Object.entries<Storage | null>(bindings).map(([name, storage]) => [
      name,
      storage ? valuesOf(storage) : NOTHING,
    ]),
  ) as Parameters<Twin<K>>[0];
  const own = (twins as Partial<Record<KernelName, unknown>>)[kernel];
  const twin = (own ?? added('twins', kernel)) as Twin<K> | undefined;
  if (!twin) throw new Error(`kernel '${kernel}': this device has no twin of it`);
  twin(arrays, params, variant);
}
