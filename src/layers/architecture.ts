/** A model's layers and their connections as JSON: what a saved model holds beside its weights. */
import type { Config, Layer } from './base.ts';
import type { Graph } from './graph.ts';
import { InputLayer } from './input.ts';
import type { SymbolicTensor } from './symbolic.ts';

export interface LayerDescription {
  className: string;
  config: Config;
}
/** Which call, and which of its outputs. */
type Reference = [call: number, output: number];

export interface StackConfig {
  layers: LayerDescription[];
}
export interface GraphConfig extends StackConfig {
  /** Uses of layers, each after those that it depends on. */
  calls: { layer: string; inputs: Reference[] }[];
  inputs: Reference[];
  outputs: Reference[];
}

export function describe(layer: Layer): LayerDescription {
  return { className: layer.className, config: layer.getConfig() };
}

export function stackConfig(layers: readonly Layer[]): StackConfig {
  return { layers: layers.map(describe) };
}

export function graphConfig(graph: Graph & { layers: readonly Layer[] }): GraphConfig {
  const numbers = new Map(graph.calls.map((call, k) => [call, k]));
  const refer = (x: SymbolicTensor): Reference => [numbers.get(x.call)!, x.index];
  return {
    layers: graph.layers.map(describe),
    calls: graph.calls.map(({ layer, inputs }) => ({
      layer: layer.name,
      inputs: inputs.map(refer),
    })),
    inputs: graph.inputs.map(refer),
    outputs: graph.outputs.map(refer),
  };
}

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
        `model config: expected a call before number ${results.length}, got output ${output} of call ${call}; the file is damaged`,
      );
    return found;
  };
  for (const { layer: name, inputs } of config.calls) {
    const layer = layers.get(name);
    if (!layer)
      throw new Error(
        `model config: expected a layer of ${[...layers.keys()].join(', ')}, got '${name}'; the file is damaged`,
      );
    results.push(
      layer instanceof InputLayer ? [layer.symbolic()] : layer.applyAll(inputs.map(find)),
    );
  }
  return { inputs: config.inputs.map(find), outputs: config.outputs.map(find) };
}
