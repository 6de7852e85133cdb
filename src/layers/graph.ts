/** A model as uses of layers: how they are found, named and computed. */
import { notEqual } from '../ops/compare.ts';
import { show } from '../options.ts';
import { foldSeed } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { SymbolicTensor } from './base.ts';
import type { CallContext, Graph, Layer, LayerCall, LayerResult } from './base.ts';
import { InputLayer } from './input.ts';
import { checkMask } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The uses of layers between `inputs` and `outputs`, inputs included, in an order in which they can be computed. */
export function callsBetween(
  model: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): LayerCall[] {
  for (const input of inputs)
    if (!(input instanceof SymbolicTensor && input.call.layer instanceof InputLayer))
      throw new Error(
        `${model}: expected inputs made by input(), got ${show(input)}; make a model from an input on`,
      );
  for (const output of outputs)
    if (!(output instanceof SymbolicTensor))
      throw new Error(
        `${model}: expected outputs that apply() of a layer gave, got ${show(output)}`,
      );
  const calls = new Set(inputs.map((input) => input.call));
  const waiting = outputs.map((output) => output.call);
  for (let call = waiting.pop(); call; call = waiting.pop()) {
    if (calls.has(call)) continue;
    if (call.layer instanceof InputLayer)
      throw new Error(
        `${model}: the graph is disconnected: the outputs depend on input '${call.layer.name}', expected one of ${inputs.map((input) => `'${input.name}'`).join(', ')}; add '${call.layer.name}' to the inputs of the model`,
      );
    calls.add(call);
    for (const source of [...call.inputs, ...(call.mask ? [call.mask] : [])])
      waiting.push(source.call);
  }
  return [...calls].sort((a, b) => a.order - b.order);
}

/** @throws Error where no output follows from one of the inputs: data for it would go nowhere */
export function checkUsed(model: string, { inputs, outputs, calls }: Graph): void {
  const used = [...outputs, ...calls.flatMap((call) => [...call.inputs, call.mask])];
  const idle = inputs.find((input) => !used.includes(input));
  if (idle)
    throw new Error(
      `${model}: expected inputs that outputs follow from, got '${idle.name}', which no layer takes; leave it out, or apply a layer to it`,
    );
}

/**
 * Gives every layer a name of its own: those that the user named keep theirs, the others become `lstm`, `lstm_1` ... in
 * the order of the model, so that a model made twice has the same names, whatever was made before.
 */
export function assignNames(model: string, layers: readonly Layer[]): void {
  const taken = new Set<string>();
  for (const { name, named } of layers) {
    if (!named) continue;
    if (taken.has(name))
      throw new Error(
        `${model}: expected layers with different names, got two named '${name}'; rename one, or leave the names out`,
      );
    taken.add(name);
  }
  const counts = new Map<string, number>();
  for (const layer of layers) {
    if (layer.named) continue;
    const kind = layer.name;
    let k = counts.get(kind) ?? 0;
    for (; taken.has(layer.name); k++) layer.name = `${kind}_${k + 1}`;
    counts.set(kind, k);
    layer.named = true;
    taken.add(layer.name);
  }
}

/** The shapes of the outputs for inputs of these shapes. */
export function shapesOf(graph: Graph, inputShapes: readonly PartialShape[]): PartialShape[] {
  const known = new Map(graph.inputs.map((input, i) => [input, inputShapes[i]]));
  for (const { layer, inputs, outputs } of graph.calls) {
    if (layer instanceof InputLayer) continue;
    const shapes = layer.computeOutputShapes(inputs.map((input) => known.get(input)!));
    outputs.forEach((output, i) => known.set(output, shapes[i]));
  }
  return graph.outputs.map((output) => known.get(output)!);
}

/** Computes the outputs and their masks. */
export function runGraph(
  graph: Graph,
  inputs: readonly Tensor[],
  context: CallContext,
): LayerResult {
  const values = new Map(graph.inputs.map((input, i) => [input, inputs[i]]));
  const masks = new Map(graph.inputs.map((input, i) => [input, context.masks[i] ?? null]));
  graph.calls.forEach(({ layer, inputs, outputs, mask }, k) => {
    // An input passes on what was given for it, once it has been checked.
    const sources = layer instanceof InputLayer ? outputs : inputs;
    const given = sources.map((source) => values.get(source)!);
    const carried = sources.map((source) => masks.get(source) ?? null);
    if (mask) carried[0] = flagsOf(layer, values.get(mask)!, given[0]);
    // They come behind the sequences.
    const first = context.states?.get(layer);
    if (first) given.splice(layer.streamState?.inputs ?? 1, 0, ...first);
    const seed = foldSeed(context.seed, k);
    const result = layer.run(given, { ...context, seed, masks: carried });
    outputs.forEach((output, i) => {
      values.set(output, result.outputs[i]);
      masks.set(output, result.masks[i]);
    });
  });
  return {
    outputs: graph.outputs.map((output) => values.get(output)!),
    masks: graph.outputs.map((output) => masks.get(output) ?? null),
  };
}

/** A mask that was given, of ones and zeros. */
function flagsOf(layer: Layer, mask: Tensor, input: Tensor): Tensor {
  checkMask(layer.name, mask, input.shape);
  return notEqual(mask, 0);
}
