/**
 * Where the time goes on a GPU device, and choosing variants of its kernels by measuring: the entry `gatefold/profile`.
 *
 * @module
 */
export { autotune } from './autotune.ts';
export { profile } from './profile.ts';
export type { Ceilings } from '../webgpu/public_types.ts';
export type { KernelProfile, Profile, ProfileOptions, TuneOptions, Tuning } from './types.ts';
