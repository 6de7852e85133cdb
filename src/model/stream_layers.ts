/** Which models can be run step by step: those of whose outputs none depends on a later step. */
import type { Graph, Layer, LayerCall, StreamState, SymbolicTensor } from '../layers/base.ts';

/** What a tensor is over time: the same at every step, a sequence of steps, or what its last step gave. */
export type Kind = 0 | 1 | 2;
export const [STILL, SEQUENCE, LAST] = [0, 1, 2] as const;

/** Sequences of ids [batch, time] or of features [batch, time, features]; what has no time is the same at every step. */
export function kindOf({ dtype, rank }: SymbolicTensor): Kind {
  return rank > (dtype === 'int32' ? 1 : 2) ? SEQUENCE : STILL;
}

/**
 * Follows the sequences through the graph of a model.
 *
 * @param found takes the layers with states, which a stream carries
 * @param what is named in the error
 * @returns by output
 * @throws Error naming the first layer that would need later steps
 */
export function followSteps(
  graph: Graph,
  given: readonly Kind[],
  found: Map<Layer, StreamState>,
  what: string,
): readonly Kind[] {
  const kinds = new Map(graph.inputs.map((input, i) => [input, given[i]]));
  for (const call of graph.calls) {
    const { layer, inputs, outputs, mask } = call;
    // Where data enters.
    if (inputs.length === 0) continue;
    const each = inputs.map((input) => kinds.get(input)!);
    // A mask is asked at every step whether it counts.
    const suited = !mask || kinds.get(mask) === SEQUENCE;
    const results =
      suited &&
      (layer.innerGraph
        ? followSteps(layer.innerGraph, each, found, what)
        : resultsOf(call, each, found));
    if (!results)
      throw new Error(
        `${what}: expected layers that need no later step, got '${layer.name}' (${layer.className}): use predict(), ` +
          'or lstm, gru or simpleRNN, each once and forwards, and layers like dense',
      );
    outputs.forEach((output, i) => kinds.set(output, results[i]));
  }
  return graph.outputs.map((output) => kinds.get(output)!);
}

/** A graph whose inputs are checked elsewhere, so that a model made for sequences of one length takes steps too. */
export function withoutInputs({ inputs, outputs, calls }: Graph): Graph {
  return { inputs, outputs, calls: calls.filter((call) => call.inputs.length > 0) };
}

/** By output; null where one would need later steps. */
function resultsOf(
  { layer, inputs, outputs }: LayerCall,
  each: readonly Kind[],
  found: Map<Layer, StreamState>,
): Kind[] | null {
  const [{ rank }] = inputs;
  const kind = Math.max(...each) as Kind;
  const { streamState } = layer;
  if (streamState) {
    const { forwards, inputs: sequences = 1, constants = 0 } = streamState;
    const carriers = streamState.inside ?? new Map([[layer, streamState]]);
    const suited =
      inputs.length === sequences + constants &&
      each.every((one, i) => one === (i < sequences ? SEQUENCE : STILL)) &&
      ![...carriers.keys()].some((carrier) => found.has(carrier));
    if (!suited || !forwards) return null;
    for (const [carrier, state] of carriers) found.set(carrier, state);
    return outputs.map((output, i) =>
      (streamState.timed?.[i] ?? output.rank >= rank) ? SEQUENCE : LAST,
    );
  }
  const apart =
    !each.includes(SEQUENCE) ||
    // What the last step gave would reach earlier ones.
    (!each.includes(LAST) && layer.usedAxes?.every((axis) => (axis + rank) % rank !== 1));
  return apart && !layer.sublayers.some(carries) ? outputs.map(() => kind) : null;
}

/** Whether there are states in it, which a stream would have to carry. */
function carries(layer: Layer): boolean {
  return layer.streamState !== null || layer.sublayers.some(carries);
}
