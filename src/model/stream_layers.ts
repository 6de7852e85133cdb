/** Which models can be run step by step: those of whose outputs none depends on a later step. */
import { Activation } from '../layers/activation.ts';
import type { Layer, LayerCall, SymbolicTensor } from '../layers/base.ts';
import { BatchNormalization } from '../layers/batch_normalization.ts';
import { Concatenate } from '../layers/concatenate.ts';
import { Dense } from '../layers/dense.ts';
import { Dropout, SpatialDropout1D } from '../layers/dropout.ts';
import { Embedding } from '../layers/embedding.ts';
import { InputLayer } from '../layers/input.ts';
import { LayerNormalization } from '../layers/layer_normalization.ts';
import { Masking } from '../layers/masking.ts';
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from '../layers/merge.ts';
import { Network } from '../layers/network.ts';
import { RecurrentLayer } from '../layers/recurrent.ts';
import { TimeDistributed } from '../layers/time_distributed.ts';

/** What a tensor is over time: the same at every step, a sequence of steps, or what its last step gave. */
export type Kind = 0 | 1 | 2;
export const [STILL, SEQUENCE, LAST] = [0, 1, 2] as const;

/** Layers that look at no other step, if their axes, where they have some, are those of the features. */
const STEPWISE = [
  Activation,
  Add,
  Average,
  BatchNormalization,
  Concatenate,
  Dense,
  Dropout,
  Embedding,
  LayerNormalization,
  Masking,
  Maximum,
  Minimum,
  Multiply,
  SpatialDropout1D,
  Subtract,
  TimeDistributed,
].map(({ prototype }) => prototype.className);

/** Sequences of ids [batch, time] or of features [batch, time, features]; what has no time is the same at every step. */
export function kindOf({ dtype, rank }: SymbolicTensor): Kind {
  return rank > (dtype === 'int32' ? 1 : 2) ? SEQUENCE : STILL;
}

/**
 * Follows the sequences through a network.
 *
 * @param found takes the recurrent layers, whose states a stream carries
 * @returns by output
 * @throws Error naming the first layer that would need later steps
 */
export function followSteps(
  network: Network,
  given: readonly Kind[],
  found: Set<RecurrentLayer>,
): Kind[] {
  const kinds = new Map(network.inputs.map((input, i) => [input, given[i]]));
  for (const call of network.calls) {
    const { layer, inputs, outputs } = call;
    if (layer instanceof InputLayer) continue;
    const each = inputs.map((input) => kinds.get(input)!);
    const kind = Math.max(...each) as Kind;
    let results = outputs.map(() => kind);
    if (layer instanceof Network) results = followSteps(layer, each, found);
    else if (carries(call, kind) && !found.has(layer as RecurrentLayer)) {
      const { options } = layer as RecurrentLayer;
      found.add(layer as RecurrentLayer);
      results = outputs.map((_, i) => (i === 0 && options.returnSequences ? SEQUENCE : LAST));
    } else if (recurs(layer) || (kind !== STILL && !passes(call, each)))
      throw new Error(
        `stream: expected layers that need no later step, got '${layer.name}' (${layer.className}): use predict(), ` +
          'or lstm, gru or simpleRNN, each once and forwards, and layers like dense',
      );
    outputs.forEach((output, i) => kinds.set(output, results[i]));
  }
  return network.outputs.map((output) => kinds.get(output)!);
}

/** Whether it is a recurrent layer that goes forwards from its own states. */
function carries({ layer, inputs }: LayerCall, kind: Kind): boolean {
  const forwards = layer instanceof RecurrentLayer && !layer.options.goBackwards;
  return forwards && kind === SEQUENCE && inputs.length === 1;
}

function recurs(layer: Layer): boolean {
  return layer instanceof RecurrentLayer || layer.sublayers.some(recurs);
}

/** Whether steps stay apart. */
function passes({ layer, inputs }: LayerCall, kinds: readonly Kind[]): boolean {
  if (!kinds.includes(SEQUENCE)) return true;
  // What the last step gave would reach earlier ones.
  if (kinds.includes(LAST)) return false;
  type Axes = number | readonly number[];
  const { axis, options } = layer as { axis?: Axes; options?: { axis?: Axes } };
  const axes = [axis ?? options?.axis ?? -1].flat();
  const { rank } = inputs[0];
  const apart = axes.every((k) => (k < 0 ? k + rank : k) > 1);
  return layer.stepwise ?? (STEPWISE.includes(layer.className) && (apart || rank < 3));
}
