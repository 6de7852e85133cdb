/** Initializers as options of layers: what may be given, what it stands for, and how a config holds it. */
import { getInitializer } from '../initializers.ts';
import type { Initializer, InitializerConfig, InitializerName } from '../initializers.ts';
import { check } from '../options.ts';
import { sizeOf } from '../tensor.ts';

/** How a weight begins: a name of Keras in camelCase, such a name with its options, or a function from `initializers`. */
export type InitializerOption = InitializerName | InitializerConfig | Initializer;

/** The initializer of an option; throws in the name of the layer. */
export function initializerOf(layer: string, option: InitializerOption): Initializer {
  try {
    const make = getInitializer(option);
    return (shape, random) => {
      const size = sizeOf(shape);
      return check(layer, 'what an initializer gives', make(shape, random), [
        `a typed array of ${size} numbers`,
        (values) => ArrayBuffer.isView(values) && (values as Float32Array).length === size,
      ]);
    };
  } catch (error) {
    throw new Error(`${layer}: ${(error as Error).message}`, { cause: error });
  }
}

/** A layer's options for its config, initializers among them. */
export function configOf(options: object): Record<string, unknown> {
  const written = Object.entries(options).map(([name, value]) => [
    name,
    initializerConfig(value as InitializerOption),
  ]);
  return Object.fromEntries(written) as Record<string, unknown>;
}

/** What a config holds of an initializer: nothing of a function of your own, as a loaded model has its weights already. */
export function initializerConfig(
  option: InitializerOption,
): InitializerName | InitializerConfig | undefined {
  return typeof option === 'function' ? option.config : option;
}
