/** Initializers as options of layers: what may be given, what it stands for, and how a config holds it. */
import { getInitializer } from '../initializers.ts';
import type { Initializer, InitializerConfig, InitializerName } from '../initializers.ts';

/** How a weight begins: a name of Keras in camelCase, such a name with its options, or a function from `initializers`. */
export type InitializerOption = InitializerName | InitializerConfig | Initializer;

/** The initializer of an option; throws in the name of the layer. */
export function initializerOf(layer: string, option: InitializerOption): Initializer {
  try {
    return getInitializer(option);
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
