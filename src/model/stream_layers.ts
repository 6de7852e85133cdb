/** Which models can be run step by step: those of whose outputs none depends on a later step. */
import type { Graph, Layer, LayerCall, StreamState, SymbolicTensor } from '../layers/base.ts';

/** What a tensor is over time: the same at every step, a sequence of steps, or what its last step gave. */
export type Kind = 0 | 1 | 2;
export const [STILL, SEQUENCE, LAST] = [0, 1, 2] as const;

/** Sequences of ids [batch, time] or of features [batch, time, features]; what has no time is the same at every step. */
export function kindOf({ dtype, rank }: SymbolicTensor): Kind {
  return rank > (dtype === 'int32' ? 1 : 2) ? SEQUENCE : STILL;
}

/** By input of a model: one that layers need whole, or that gives initial states, is no sequence of steps, whatever its shape. */
export const kindsOf = (graph: Graph): Kind[] =>
  graph.inputs.map((input) =>
    kindOf(input) === SEQUENCE && isStepped(graph, input) ? SEQUENCE : STILL,
  );

/** Whether anything takes this tensor step by step. */
function isStepped(graph: Graph, tensor: SymbolicTensor): boolean {
  return (
    graph.outputs.includes(tensor) ||
    graph.calls.some(({ layer, inputs, outputs, mask }) => {
      const { streamState, wholeInputs } = layer;
      const first = streamState ? (streamState.inputs ?? 1) : Infinity;
      const taken = inputs.some(
        (input, i) => input === tensor && i < first && !wholeInputs.includes(i),
      );
      return (
        (taken || mask === tensor) &&
        (streamState !== null || outputs.some((output) => isStepped(graph, output)))
      );
    })
  );
}

/** The layers that carry states, those of models inside too. */
export const carryingLayers = ({ calls }: Pick<Graph, 'calls'>): Layer[] =>
  calls.flatMap(({ layer }) =>
    layer.innerGraph ? carryingLayers(layer.innerGraph) : layer.streamState ? [layer] : [],
  );

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
    // A mask is asked at every step whether it counts, where there are steps.
    const suited = !mask || kinds.get(mask) === SEQUENCE || Math.max(...each) === STILL;
    const results =
      suited &&
      (layer.innerGraph
        ? followSteps(layer.innerGraph, each, found, what)
        : resultsOf(call, each, found));
    if (!results) throw new Error(`${what}: ${refusalOf(call, each)}`);
    outputs.forEach((output, i) => kinds.set(output, results[i]));
  }
  return graph.outputs.map((output) => kinds.get(output)!);
}

/** What is expected of the layers, and which one is none of these. */
function refusalOf({ layer }: LayerCall, each: readonly Kind[]): string {
  const name = `'${layer.name}' (${layer.className})`;
  const { streamState } = layer;
  const others = streamState ? each.slice(streamState.inputs ?? 1) : [];
  if (streamState?.forwards && each[0] === SEQUENCE && Math.max(...others) > STILL)
    return `expected initial states and constants that are the same at every step, got some that follow from a sequence in ${name}: make them inputs of a model of its own`;
  return `expected layers that need no later step, got ${name}: use predict(), or lstm, gru or simpleRNN, each once and forwards, and layers like dense`;
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
    const { forwards, inputs: sequences = 1 } = streamState;
    const carriers = streamState.inside ?? new Map([[layer, streamState]]);
    // Initial states and constants follow.
    const suited =
      each.every((one, i) => one === (i < sequences ? SEQUENCE : STILL)) &&
      ![...carriers.keys()].some((carrier) => found.has(carrier));
    if (!suited || !forwards) return null;
    for (const [carrier, state] of carriers) found.set(carrier, state);
    return outputs.map((output, i) =>
      (streamState.timed?.[i] ?? output.rank >= rank) ? SEQUENCE : LAST,
    );
  }
  const whole = each.filter((_, i) => layer.wholeInputs.includes(i));
  if (whole.length > 0 && kind === SEQUENCE)
    return Math.max(...whole) === STILL ? outputs.map(() => kind) : null;
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
