/** The public surface: the only file of src/ that a program, demo/, bench/ and examples/ import. */
export type { Device, DeviceStats, DType } from './backend.ts';
export { DeviceError } from './backend.ts';
export { cpu } from './cpu/device.ts';
export { webgpu } from './webgpu/device.ts';
export type { WebGPUOptions } from './webgpu/device.ts';
export { fill, getDevice, scope, setDevice, tensor, Tensor, Variable, zeros } from './tensor.ts';
export { backward, Gradients, noGrad, record, stopGradient } from './autograd.ts';
export * as layers from './layers/index.ts';
export { Layer } from './layers/base.ts';
export type { CallContext, LayerConfig, Placement } from './layers/base.ts';
export { input, InputLayer } from './layers/input.ts';
export { registerLayer } from './layers/registry.ts';
export { setSeed } from './layers/seeds.ts';
export { SymbolicTensor } from './layers/symbolic.ts';
