/**
 * Models, layers, cells, losses, metrics, optimizers, callbacks, tensors and their operations, and devices.
 * Begin with `sequential` or `model`, `setDevice` and `best`; the guide *Start* shows how.
 *
 * @module
 */
// The only file of src/ that a program, demo/, bench/ and examples/ import.

// ---- devices and tensors ----------------------------------------------------------------------------------------------
export type { Device, DeviceLimits, DeviceStats, DType, NumericArray } from './backend.ts';
export type { ReadOptions, SequenceOptions, Storage } from './backend.ts';
export { DeviceError } from './backend.ts';
export { best } from './best/load.ts';
export type { BestOptions } from './best/choose.ts';
export { webgpu } from './webgpu/load.ts';
export type { GpuDeviceLike, GpuLike, WebGPUOptions } from './webgpu/public_types.ts';
export { wasm } from './wasm/load.ts';
export type { WasmOptions } from './wasm/device.ts';
export { cpu } from './cpu/device.ts';
export type { CpuOptions } from './cpu/device.ts';
export { fill, getDevice, scope, setDevice, tensor, Tensor, Variable, zeros } from './tensor.ts';
export { variable } from './variable.ts';
export type { Nested, Shape, TensorLike } from './tensor.ts';
export type { VariableOptions } from './variable.ts';
export { noGrad, record, stopGradient } from './autograd.ts';
export { backward } from './backward.ts';
export { Gradients } from './pullbacks.ts';
export * as ops from './ops/index.ts';

// ---- what models are made of ------------------------------------------------------------------------------------------
export * as losses from './losses/index.ts';
export type { LossFunction } from './losses/index.ts';
export * as metrics from './metrics/index.ts';
export type { Metric } from './metrics/index.ts';
export * as optimizers from './optimizers/index.ts';
export type { Optimizer } from './optimizers/index.ts';
export * as schedules from './optimizers/schedules.ts';
export type { Schedule } from './optimizers/schedules.ts';
export * as initializers from './initializers.ts';
export type { Initializer } from './initializers.ts';
export { Random } from './random.ts';
export * as activations from './layers/activations.ts';
export * as layers from './layers/index.ts';
export * as cells from './layers/cells/index.ts';
export { Cell } from './layers/cells/cell.ts';
export type { CellStep, Structure } from './layers/nested.ts';
export type { StateShapes } from './layers/cells/steps.ts';
export { Layer, SymbolicTensor } from './layers/base.ts';
export type { ApplyOptions, CallContext, Config, LayerConfig, LayerResult } from './layers/base.ts';
export type { StateValue, StateValues, WeightValues } from './layers/weights.ts';
export type { Placement, SavedWeights } from './layers/weighted_layer.ts';
export type { InputSpec, PartialShape } from './layers/shapes.ts';
export { input, InputLayer } from './layers/input.ts';
export { registerLayer } from './layers/custom_layers.ts';
export { setSeed } from './layers/seeds.ts';

// ---- models -----------------------------------------------------------------------------------------------------------
export { model, sequential } from './model/create.ts';
export { Model } from './model/model.ts';
export type { CallOptions } from './model/call.ts';
export type { ModelOptions } from './model/create.ts';
export type { Callback, FitOptions } from './model/model.ts';
export type { PredictOptions } from './model/predict.ts';
export { loadModel } from './model/load.ts';
export type { LoadOptions } from './model/load.ts';
export type { QuantizedWeight } from './model/quantize.ts';
export type { ModelSource } from './model/saved_file.ts';
export { downloadModel } from './formats/download.ts';
export type { SavedModel } from './formats/download.ts';
export { decodeSafetensors } from './formats/decode_safetensors.ts';
export { encodeSafetensors } from './formats/encode_safetensors.ts';
export type { HostTensor, TensorFile } from './formats/tensor_file.ts';
export type { ArrayData } from './model/arrays.ts';
export type { AnyIterable, AnyIterator, BatchParts } from './model/batch_data.ts';
export type { BatchData, BatchGenerator, GeneratedBatch } from './model/batch_data.ts';
export type { ClassWeight } from './model/class_weight.ts';
export type { CompileOptions } from './model/compile.ts';
export type { EvaluateOptions } from './model/evaluate.ts';
export type { History, Logs } from './model/history.ts';
export type { ValidationData } from './model/fit_options.ts';
export type { Output as ProgressOutput, ProgressState, Verbosity } from './model/progress.ts';
export type { BatchOptions } from './model/single_batch.ts';
export type { SlotOptions, Stream, StreamOptions } from './model/stream.ts';
export type { InitialStates } from './model/stream_states.ts';
export type { Stepper, StepperTransfer } from './stepper/index.ts';
export * as callbacks from './model/callbacks/index.ts';
export type { ProgressEvent } from './model/callbacks/callback.ts';
