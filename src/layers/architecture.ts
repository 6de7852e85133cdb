/** A model's layers and their connections as JSON: what a saved model holds beside its weights. */
import type { Config, Graph, Layer, SymbolicTensor } from './base.ts';

export interface LayerDescription {
  className: string;
  config: Config;
}
/** Which call, and which of its outputs. */
export type Reference = [call: number, output: number];

export interface StackConfig {
  layers: LayerDescription[];
}
export interface GraphConfig extends StackConfig {
  /** Uses of layers, each after those that it depends on. */
  calls: { layer: string; inputs: Reference[]; mask?: Reference }[];
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
    calls: graph.calls.map(({ layer, inputs, mask }) => ({
      layer: layer.name,
      inputs: inputs.map(refer),
      ...(mask && { mask: refer(mask) }),
    })),
    inputs: graph.inputs.map(refer),
    outputs: graph.outputs.map(refer),
  };
}
