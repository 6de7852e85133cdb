/** From a model's outputs back to its inputs. */
import type { Layer } from './base.ts';
import { InputLayer } from './input.ts';
import type { LayerCall, SymbolicTensor } from './symbolic.ts';

/** The uses of layers between `inputs` and `outputs`, inputs included, in an order in which they can be computed. */
export function callsBetween(
  model: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): LayerCall[] {
  for (const input of inputs)
    if (!(input.call.layer instanceof InputLayer))
      throw new Error(
        `${model}: expected inputs made by input(), got ${input.toString()}; make a model from an input on`,
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
    for (const input of call.inputs) waiting.push(input.call);
  }
  return [...calls].sort((a, b) => a.order - b.order);
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
  for (const layer of layers) {
    if (layer.named) continue;
    const kind = layer.name;
    for (let k = 1; taken.has(layer.name); k++) layer.name = `${kind}_${k}`;
    layer.named = true;
    taken.add(layer.name);
  }
}
