/** Options that many layers share, and how they are written down. */
import type { Initializer } from '../initializers.ts';

/** A name of Keras in camelCase, or a function from `initializers`. */
export type InitializerOption = string | Initializer;

/** What a config holds of an initializer: a function is left out, since a loaded model has its weights already. */
export function namedInitializer(option: InitializerOption): string | undefined {
  return typeof option === 'string' ? option : undefined;
}
