/**
 * What programs see of this folder. None of it names a type of WebGPU, which TypeScript knows only since 6.0: programs with an older one need
 * no other package.
 */
import type { DeviceLimits, SequenceOptions } from '../backend.ts';

/** The type `GPU`, that of `navigator.gpu`, where the program has WebGPU's types; any object where it has none. */
export type GpuLike = typeof globalThis extends { GPU: { prototype: infer T } } ? T : object;
/** The type `GPUDevice` where the program has WebGPU's types; any object where it has none. */
export type GpuDeviceLike = typeof globalThis extends { GPUDevice: { prototype: infer T } }
  ? T
  : object;

/** The options of `webgpu`. */
export interface WebGPUOptions {
  /** The entry point, where it is not `navigator.gpu` (in Node: what `create()` of the npm package `webgpu` gives). */
  gpu?: GpuLike;
  /** A device that the page made already; the library then makes none. */
  device?: GpuDeviceLike;
  /** Which GPU, where there are two: `high-performance` or `low-power`; the browser chooses by default. */
  powerPreference?: 'high-performance' | 'low-power';
  /** Lower limits than the adapter's, to see how a smaller device fares. */
  limits?: Partial<DeviceLimits>;
  /** How recurrent layers are carried out; by the rules. */
  sequence?: SequenceOptions;
  /** Whether memory starts as NaN, for tests that look for what a kernel forgets to write; false. */
  poison?: boolean;
}

/** What a device reached. */
export interface Ceilings {
  /** Of a product of matrices by our kernel. */
  readonly gflops: number;
  /** Of a copy between two buffers, read and written. */
  readonly gbPerS: number;
}
