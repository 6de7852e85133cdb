/** The builds of the WebAssembly device that this engine takes: Node 20 has no relaxed SIMD. */
import { wasm } from '../../src/wasm/load.ts';

const found = (['plain', 'relaxed'] as const).map((build) =>
  wasm({ build }).then(
    () => [build],
    () => [],
  ),
);
export const builds = (await Promise.all(found)).flat();
