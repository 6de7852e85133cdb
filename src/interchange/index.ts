/**
 * The public interface of `gatefold/formats`: models and tensors of other programs, in and out. Each reader is a file of its own, loaded when it
 * is first called. Files are not trusted: they are checked before memory is taken, nothing in them is executed, and errors name the file and the
 * place.
 */
import type { FileSource, ReadOptions } from './source.ts';
import type { SafetensorsFile, SafetensorsOptions } from './safetensors.ts';
import type { StateDict, StateDictOptions } from './torch/state_dict.ts';
import type { TorchValue } from './torch/read.ts';

export type { ElementType, FileTensor, TensorValues } from './elements.ts';
export type { FileSource, ReadOptions };
export type { SafetensorsFile, SafetensorsOptions };
export type { StateDict, StateDictOptions };
export type { TorchValue };

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
