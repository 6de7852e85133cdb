/** Options that many layers share, and how they are written down. */
import { getInitializer } from '../initializers.ts';
import type { Initializer, InitializerConfig, InitializerName } from '../initializers.ts';

/** A name of Keras in camelCase, such a name with its options, or a function from `initializers`. */
export type InitializerOption = InitializerName | InitializerConfig | Initializer;

/** The initializer of an option; throws in the name of the layer. */
export function initializerOf(layer: string, option: InitializerOption): Initializer {
  try {
    return getInitializer(option);
  } catch (error) {
    throw new Error(`${layer}: ${(error as Error).message}`, { cause: error });
  }
}

/** Options as a config: of initializers, what `initializerConfig` gives. */
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
