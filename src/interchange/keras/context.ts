/** What the parts of the Keras reader share while a file is read. */
import type { Layer } from '../../layers/base.ts';
import type { LayerClasses } from '../../model/from_config.ts';
import type { Network } from '../../layers/network.ts';
import { isRecord } from '../../formats/records.ts';
import { excerpt } from '../../options.ts';

/** Which writer's conventions hold: Keras 3, Keras 1 and 2, or TensorFlow.js, whose layers are those of Keras 2. */
export type Era = 'keras 3' | 'keras 2' | 'tfjs';

/** A layer class of the user's own: from its configuration in the file, as Keras wrote it. */
export type CustomLayer = (config: Readonly<Record<string, unknown>>) => Layer;
/** What makes layers of one's own, by the names of their classes in Keras. */
export type CustomLayers = Readonly<Record<string, CustomLayer>>;

export interface Context {
  /** Of the file, for errors. */
  readonly file: string;
  readonly era: Era;
  readonly classes: LayerClasses;
  readonly customLayers: CustomLayers;
  /** Told what has no counterpart here and was left out. */
  readonly warn: (message: string) => void;
  /** Classes that layers had in Keras, where they are called otherwise here. */
  readonly kerasClasses: Map<Layer, string>;
  /** Layers of a network in Keras' order, by which files name their weights. */
  readonly orders: Map<Network, readonly Layer[]>;
  /** A text beside the weights, such as a vocabulary, by its path; null where there is none. */
  readonly asset: (path: RegExp) => Promise<string | null>;
  /** How many layers of a class were made, by which paths of their texts are numbered. */
  readonly counts: Map<string, number>;
}

/** A layer as Keras describes it. */
export interface KerasLayer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** `keras.layers`, or that of an operation or of the user's own class; null where files do not tell. */
  readonly module: string | null;
  readonly registeredName: string | null;
  /** What it is applied to, of a layer in a graph. */
  readonly inboundNodes: readonly unknown[];
}

export function layerAt(context: Context, place: string, value: unknown): KerasLayer {
  if (!isRecord(value) || typeof value.class_name !== 'string')
    return fail(context, place, 'expected a layer with a class_name, got something else');
  const { config, module, registered_name: registered, inbound_nodes: nodes, name } = value;
  // Sequential models of Keras 2.1 and before are a list.
  const own = Array.isArray(config) ? { layers: config } : config;
  if (!isRecord(own)) return fail(context, place, `expected a config of ${value.class_name}`);
  return {
    className: value.class_name,
    config: typeof name === 'string' && own.name === undefined ? { ...own, name } : own,
    module: typeof module === 'string' ? module : null,
    registeredName: typeof registered === 'string' ? registered : null,
    inboundNodes: Array.isArray(nodes) ? nodes : [],
  };
}

/** @param place of a layer in the model: 'layer encoder/lstm' */
export function fail(context: Pick<Context, 'file'>, place: string, problem: string): never {
  // Names from a file may be of any length.
  throw new Error(`${context.file}, ${excerpt(place, 300)}: ${excerpt(problem, 1000)}`);
}
