/** Models of layers and weights that were found in a file. */
import type { Device } from '../backend.ts';
import type { GraphConfig, LayerDescription, StackConfig } from '../layers/architecture.ts';
import { loadClasses, networkOptions } from '../model/from_config.ts';
import { Model } from '../model/model.ts';
import { getDevice, sameShape } from '../tensor.ts';
import type { Floats } from './arrays.ts';

/** A layer, and its weights in the order in which it asks for them. */
export interface Made extends LayerDescription {
  readonly weights: readonly Floats[];
}

interface AssembleOptions {
  /** For errors: 'fromTorch'. */
  readonly what: string;
  readonly device: Device | undefined;
  /** Whether the input is added to the output. */
  readonly residual?: boolean;
}

/** The layers one after the other, the first an input. */
export async function assemble(
  layers: readonly [LayerDescription, ...Made[]],
  { what, device, residual = false }: AssembleOptions,
): Promise<Model> {
  const [input, ...made] = layers;
  const config = residual ? withResidual(input, made) : { layers: [...layers] };
  const options = networkOptions(config, await loadClasses(config));
  const model = new Model({ ...options, device: device ?? getDevice(), lazy: true });
  const left = new Map(made.map(({ config, weights }) => [config.name as string, [...weights]]));
  try {
    model.buildFor(undefined, (path, shape) => {
      const found = left.get(path.split('/')[0])?.shift();
      if (!found || !sameShape(found.shape, shape))
        throw new Error(
          `${what}: expected ${path} of [${shape}], got ${found ? `[${found.shape}]` : 'none'}`,
        );
      return found.data;
    });
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

function withResidual(input: LayerDescription, made: readonly Made[]): StackConfig & GraphConfig {
  const sum = { className: 'Add', config: { name: 'add' } };
  const all = [input, ...made, sum];
  const last = made.length;
  return {
    layers: all,
    calls: all.map(({ config }, k) => ({
      layer: config.name as string,
      inputs:
        k === 0
          ? []
          : k > last
            ? [
                [last, 0],
                [0, 0],
              ]
            : [[k - 1, 0]],
    })),
    inputs: [[0, 0]],
    outputs: [[last + 1, 0]],
  };
}
