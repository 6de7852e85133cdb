/** The compiled kernels: which of the two builds an engine takes, and how they are instantiated. */
import { DeviceError } from '../backend.ts';
import { withSharedMemory } from './threads.ts';

/** A module with one function that uses the fused multiply-add of relaxed SIMD, and one with plain SIMD: () -> v128.const 0. */
const RELAXED_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 0, 253, 17,
  65, 0, 253, 17, 253, 128, 2, 11,
];
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17,
  11,
];

export type Build = 'plain' | 'relaxed';

/** The build that this engine takes. @throws DeviceError where it has no SIMD */
export function supportedBuild(): Build {
  const takes = (bytes: readonly number[]): boolean =>
    typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(bytes));
  if (takes(RELAXED_PROBE)) return 'relaxed';
  if (takes(SIMD_PROBE)) return 'plain';
  throw new DeviceError(
    'no WebAssembly with SIMD here (Chrome 91, Firefox 89, Safari 16.4, Node 16 and later have it): use a newer browser or ' +
      'runtime, or the slower cpu()',
  );
}

/** Compiles a build; its bytes are a file of their own, of which only one is loaded. */
export async function compileBuild(build: Build, shared: boolean): Promise<WebAssembly.Module> {
  const { default: text } = await (build === 'relaxed'
    ? import('./relaxed.generated.ts')
    : import('./plain.generated.ts'));
  const bytes = bytesOf(text);
  return WebAssembly.compile(shared ? withSharedMemory(bytes) : bytes);
}

/** The bytes of a build, from their hexadecimal digits. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  // Of a digit the lowest four bits are its value; letters, from 'a' on, have the next higher bits and stand 9 below theirs.
  const valueAt = (i: number): number => {
    const code = text.charCodeAt(i);
    return (code & 15) + 9 * (code >> 6);
  };
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * valueAt(2 * i) + valueAt(2 * i + 1);
  return bytes;
}

/** A compiled kernel. */
export type NativeKernel = (...values: number[]) => void;

/** The kernels on a memory. @param scratch gives the kernels memory to work in */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratch: (bytes: number) => number,
): Readonly<Record<string, NativeKernel>> {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, scratch } });
  return exports as Record<string, NativeKernel>;
}
