/** From the JSON of a graph back to layers and their connections. */
import { show } from '../options.ts';
import type { GraphConfig, LayerDescription, Reference } from '../layers/architecture.ts';
import type { Layer, SymbolicTensor } from '../layers/base.ts';
import { InputLayer } from '../layers/input.ts';

/** The inputs and outputs of the graph that `config` describes, with new layers. */
export function connectConfig(
  config: GraphConfig,
  makeLayer: (description: LayerDescription) => Layer,
): { inputs: SymbolicTensor[]; outputs: SymbolicTensor[] } {
  const layers = new Map<string, Layer>();
  for (const description of config.layers) {
    const layer = makeLayer(description);
    layers.set(layer.name, layer);
  }
  const results: SymbolicTensor[][] = [];
  const find = ([call, output]: Reference): SymbolicTensor => {
    const found = results[call]?.[output];
    if (!found)
      throw new Error(
        `model config: expected a call before number ${results.length}, got output ${show(output)} of call ${show(call)}; the file is damaged`,
      );
    return found;
  };
  for (const { layer: name, inputs, mask } of config.calls) {
    const layer = layers.get(name);
    if (!layer)
      throw new Error(
        `model config: expected a layer of ${[...layers.keys()].join(', ')}, got ${show(name)}; the file is damaged`,
      );
    results.push(
      layer instanceof InputLayer
        ? [layer.symbolic()]
        : layer.applyAll(inputs.map(find), mask && find(mask)),
    );
  }
  return { inputs: config.inputs.map(find), outputs: config.outputs.map(find) };
}
