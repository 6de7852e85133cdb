/** A model as the bytes of a file: safetensors, with a JSON in their metadata. */
import type { Device } from '../backend.ts';
import type { SavedModel } from '../formats/download.ts';
import type { HostTensor } from '../formats/tensor_file.ts';
import type { Network } from '../layers/network.ts';
import { needBuilt } from './checks.ts';
import type { Compiled } from './compile.ts';
import { compileConfig } from './compile_config.ts';
import { FORMAT, JSON_ENTRY, slotsOf, VERSION, weightsOf } from './file_names.ts';
import { loadTraining } from './load_training.ts';

/**
 * What the model is at the moment of the call, though training goes on.
 *
 * @param progress epochs completed, and the seed of the order of samples and of dropout
 */
export async function saveModel(
  network: Network,
  compiled: Compiled | null,
  progress: { readonly epoch: number; readonly trainingSeed: number },
): Promise<SavedModel> {
  needBuilt('save', network, 'train it first');
  const json = JSON.stringify({
    format: FORMAT,
    version: VERSION,
    seed: network.seed,
    className: network.className,
    config: network.getConfig(),
    compile: compiled && compileConfig(compiled),
  });
  const optimizer = compiled?.optimizer;
  const metadata = {
    format: FORMAT,
    epoch: String(progress.epoch),
    seed: String(progress.trainingSeed),
    ...choicesOf(network.device),
    [JSON_ENTRY]: json,
  };
  const variables = [...weightsOf(network), ...(optimizer ? slotsOf(optimizer) : [])];
  // Everything is asked for here, before anything is awaited: what is asked for later would be of later steps.
  const [steps, ...values] = await Promise.all([
    optimizer?.stepsTaken() ?? 0,
    ...variables.map(([, variable]) => variable.data()),
  ]);
  const tensors = new Map<string, HostTensor>();
  variables.forEach(([name, { shape }], i) => tensors.set(name, { shape, data: values[i] }));
  const { encodeSafetensors } = await loadTraining();
  const weights = encodeSafetensors(tensors, { ...metadata, iterations: String(steps) });
  return { json, weights: weights as Uint8Array<ArrayBuffer> };
}

/** The measured variants of a device's kernels: others round their sums differently. */
function choicesOf({ choices, description }: Device): Record<string, string> {
  return Object.keys(choices).length > 0
    ? { device: description, choices: JSON.stringify(choices) }
    : {};
}
