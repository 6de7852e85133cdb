/**
 * The public interface of `gatefold/formats`: models and tensors of other programs, in and out. Each reader is a file of its own, loaded when it
 * is first called. Files are not trusted: they are checked before memory is taken, nothing in them is executed, and errors name the file and the
 * place.
 */
import type { FileSource, ReadOptions } from './source.ts';
import type { SafetensorsFile, SafetensorsOptions } from './safetensors.ts';
import type { StateDict, StateDictOptions } from './torch/state_dict.ts';
import type { FromTorchOptions, TorchModules } from './torch/from_torch.ts';
import type { TorchValue } from './torch/read.ts';
import type { KerasOptions } from './keras/load.ts';
import type { FileTensor } from './elements.ts';
import type { OnnxOptions } from './onnx/load.ts';
import type { RtneuralOptions } from './rtneural.ts';
import type { TfjsOptions, TfjsSource } from './tfjs.ts';
import type { ToOnnxOptions } from './onnx/to_onnx.ts';
import type { Exported, ExportOptions } from './torch/to_torch.ts';
import type { FileFacts, TensorFacts } from './inspect.ts';
import type { Model } from '../model/model.ts';

export type { FileTensor };
export type { ElementType, TensorValues } from './elements.ts';
export type { FileSource, ReadOptions };
export type { SafetensorsFile, SafetensorsOptions };
export type { StateDict, StateDictOptions };
export type { CustomLayer, CustomLayers } from './keras/context.ts';
export type { FileFacts, TensorFacts };
export type { Exported, ExportOptions, KerasOptions, OnnxOptions, RtneuralOptions };
export type { TfjsOptions, TfjsSource };
export type { FromTorchOptions, ToOnnxOptions, TorchModules, TorchValue };
export type { ModulePart } from './torch/build.ts';
export type { ModuleKind } from './torch/modules.ts';

/**
 * Reads a safetensors file with every type that weights come in (F16 and BF16 become float32, I64 int32 where all values fit), or the tensors that
 * an index, `model.safetensors.index.json`, finds in several files beside it.
 *
 * @param options.tensors those that are wanted: of a file on a server or a disk, only their bytes are read
 * @throws Error naming the file where it is damaged, a tensor is missing, or its type is not known
 */
export async function readSafetensors(
  source: FileSource,
  options?: SafetensorsOptions,
): Promise<SafetensorsFile> {
  return (await import('./safetensors.ts')).readSafetensors(source, options);
}

/**
 * Reads the state_dict of a PyTorch module: of a `.pt` or `.pth` file (`torch.save` in both its layouts), or of a safetensors file.
 *
 * @param options.key where it is in a checkpoint
 * @throws Error naming file and place where the file is damaged, or asks for anything but tensors, containers and numbers
 */
export async function readStateDict(
  source: FileSource,
  options?: StateDictOptions,
): Promise<StateDict> {
  return (await import('./torch/state_dict.ts')).readStateDict(source, options);
}

/**
 * Reads all that a file of `torch.save` holds: a checkpoint with its numbers and texts. Nothing in it is executed.
 *
 * @throws Error naming file and place where the file is damaged, or asks for anything but tensors, containers and numbers
 */
export async function readTorch(source: FileSource, options?: ReadOptions): Promise<TorchValue> {
  return (await import('./torch/read.ts')).readTorch(source, options);
}

/**
 * Takes the weights of PyTorch modules: recurrent ones (all their layers, both directions, projections), nn.Linear, nn.Embedding, nn.Conv1d and
 * nn.Conv2d, nn.BatchNorm and nn.LayerNorm.
 *
 * With `model`, its layers get them: `fromTorch(state, { lstm: 'encoder.rnn', dense: 'head' }, { model })` by the names of layers; of a module with
 * several layers, `{ module: 'encoder.rnn', layer: 1 }` is one of them, and `rnn(cells.stacked([…]))` takes them all. Without, a model is made of
 * the modules one after the other, `{ lstm: { module: 'encoder.rnn', returnSequences: false }, dense: 'head' }`, each with PyTorch's defaults
 * but for the options that stand beside its name; recurrent layers give sequences.
 *
 * Numbers are the same as PyTorch's to the last digits. What a state_dict does not say is yours to say: the activation of nn.RNN, `epsilon` of
 * normalisations (1e-5 there, 1e-3 here), padding. Inputs are batch first. nn.LSTM and nn.RNN have two biases that only ever count as their
 * sum, and here they are one: predictions are the same. In training PyTorch's two move alike, so that their sum moves twice as far in a
 * step of SGD or Adam as the one here. A GRU keeps both, and so do the layers of a model that is made with `biases: 'separate'`.
 *
 * @throws Error naming the layer and the module where they do not fit; no weight has changed then
 */
export async function fromTorch(
  state: StateDict,
  modules: TorchModules,
  options?: FromTorchOptions,
): Promise<Model> {
  return (await import('./torch/from_torch.ts')).fromTorch(state, modules, options);
}

/**
 * Makes `loadModel` know the layers of a model that `fromTorch` made with `biases: 'separate'`, in a program that has not called that.
 */
export async function registerTorchLayers(): Promise<void> {
  return (await import('./torch/two_biases.ts')).registerTorchLayers();
}

/**
 * Loads a whole model of Keras: `.keras` of Keras 3, or `.h5` (`.hdf5`) of Keras 1 to 3, with its layers, its weights and, where it was compiled, loss,
 * optimizer and the optimizer's state, so that `fit` goes on where Keras stopped. Sequential and functional models, models inside of models, every
 * layer that is here too, TextVectorization with its vocabulary, `CuDNNLSTM` and `CuDNNGRU`. Weights are float32.
 *
 * @param options.customLayers what makes layers of the classes that are not here
 * @param options.warn told of what is left out: regularizers and constraints, metrics and losses that are not here
 * @throws Error naming the file, and the layer by its place in the model, where it is damaged, or has a layer or an option that is not here
 */
export async function loadKeras(source: FileSource, options?: KerasOptions): Promise<Model> {
  return (await import('./keras/load.ts')).loadKeras(source, options);
}

/**
 * Takes the weights of a file of Keras (`.weights.h5`, `.keras`, `.h5`) into a model with the same layers: by the names of layers where the file has
 * them, else in the order of the layers of each class.
 *
 * @throws Error naming the file and the layer where they do not fit; no weight has changed then
 */
export async function loadKerasWeights(
  model: Model,
  source: FileSource,
  options?: ReadOptions,
): Promise<void> {
  return (await import('./keras/load.ts')).loadKerasWeights(model, source, options);
}

/**
 * Loads a layers model of TensorFlow.js, `model.json` and the files of weights beside it, quantised ones too, with the numbers of TensorFlow.js: its
 * hard sigmoid has the slope 0.2, its GRU resets before the product. It is not compiled.
 *
 * @param source the path or the address of model.json, or all files: those of an input element, or by their names
 * @throws Error naming the file and the place; of a graph model, which has no layers any more
 */
export async function loadTfjs(source: TfjsSource, options?: TfjsOptions): Promise<Model> {
  return (await import('./tfjs.ts')).loadTfjs(source, options);
}

/**
 * Loads a model of ONNX: RNN, LSTM and GRU with everything that their operators have, and those that recurrent models of PyTorch, Keras and others
 * come with. What follows from constants and shapes is computed on the host, and branches (`If`) are chosen by it.
 *
 * The model takes and gives what the file says, inputs and outputs under their names: `predict({ x, h0 })`, all rows at once unless `batchSize` is
 * given. Every float of one axis or more is a weight, by its name in the file, and trains; mean and variance of batch normalisations do not change. To train
 * with `fit`, the batch must come first: `batchAxis`.
 *
 * A saved model has its weights alone: load the same file again, and call `loadWeights`. Weights of 16 and 64 bits become float32, whole numbers int32.
 *
 * @throws Error naming the file, and the node, where it is damaged, or has an operator that is not here
 */
export async function loadOnnx(source: FileSource, options?: OnnxOptions): Promise<Model> {
  return (await import('./onnx/load.ts')).loadOnnx(source, options);
}

/** Reads the tensors of an ONNX file by their names, those in files beside it too. */
export async function readOnnx(
  source: FileSource,
  options?: ReadOptions,
): Promise<ReadonlyMap<string, FileTensor>> {
  return (await import('./onnx/facts.ts')).readOnnx(source, options);
}

/**
 * Reads the arrays of an `.npz` file of NumPy, stored or compressed, by their names, or the one of an `.npy` file. Arrays of objects are refused.
 */
export async function readNpz(
  source: FileSource,
  options?: ReadOptions,
): Promise<ReadonlyMap<string, FileTensor>> {
  return (await import('./npz.ts')).readNpz(source, options);
}

/**
 * Loads a model in RTNeural's JSON: layers with Keras' weights, or a state_dict of PyTorch with its modules one after the other, as
 * GuitarML's amplifiers are. Recurrent layers give a sequence; `in_skip` and `skip` add the input to the output.
 */
export async function loadRtneural(source: FileSource, options?: RtneuralOptions): Promise<Model> {
  return (await import('./rtneural.ts')).loadRtneural(source, options);
}

/**
 * A model's weights for PyTorch: a safetensors file, whose names are those of a `nn.ModuleDict` of the layers, and the lines of Python that make it
 * and load them. LSTM and RNN have two biases there, of which the second is zero.
 *
 * @throws Error naming the layer that PyTorch has no module for
 */
export async function toTorch(model: Model, options?: ExportOptions): Promise<Exported> {
  return (await import('./torch/to_torch.ts')).toTorch(model, options);
}

/**
 * A model for Keras 3: a safetensors file of its weights, and the lines of Python that make the model and load them.
 *
 * @throws Error naming the layer that Keras has not
 */
export async function toKeras(model: Model, options?: ExportOptions): Promise<Exported> {
  return (await import('./keras/to_keras.ts')).toKeras(model, options);
}

/**
 * A model as an ONNX file (opset 17) that takes batches of any size and sequences of any length, as the model does. Recurrent layers are one operator each, LSTM,
 * GRU or RNN, which is told the lengths of the rows where there are masks: of `embedding({ maskZero: true })`, of `masking()`, or of an input `lengths`.
 *
 * Inputs and outputs have the names of the layers, and the batch first. Layers of attention, scans and cells that ONNX has not are errors. Dropout is left out,
 * batch normalization has its moving statistics, and stateful layers begin with zeros unless `states` are inputs. Texts are encoded before: the input takes ids.
 *
 * @param options.states whether states are inputs, `lstm_h` [batch, units], and outputs, `lstm_h_next`: for streams. False by default
 * @param options.lengths whether there is an input `lengths`, int32 [batch]: how many steps of each row count. False by default
 * @param options.padding where masked steps are: `any`, the default; with `post` at the end alone, for which the file is simpler, and wrong for others
 * @throws Error naming the layer that ONNX has no operators for, or with `states` the one that needs later steps
 */
export async function toOnnx(
  model: Model,
  options?: ToOnnxOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await import('./onnx/to_onnx.ts')).toOnnx(model, options);
}

/**
 * What is in a file of Keras, PyTorch, ONNX, TensorFlow.js, NumPy, RTNeural, safetensors or Gatefold: the layers and the tensors, with shapes and types.
 * Nothing is made of it, so that layers that are not known show too.
 */
export async function inspectFile(source: FileSource, options?: ReadOptions): Promise<FileFacts> {
  return (await import('./inspect.ts')).inspectFile(source, options);
}
