/** Layer classes of the user's own, for models with them to be loaded. */
import { CALLABLE, check, NAME } from '../options.ts';
import type { Layer } from './base.ts';

/** What makes a layer from what its `getConfig` gave, by the name of the class. */
export const CUSTOM_LAYERS: Record<string, (config: never) => Layer> = {};

/**
 * Adds a layer class of your own, so that models with it can be loaded:
 * `registerLayer('Scale', (config) => new Scale(config))`.
 *
 * @param className the static `className` of the class
 * @param make makes a layer from what its `getConfig` gave
 */
export function registerLayer(className: string, make: (config: never) => Layer): void {
  check('registerLayer', 'className', className, NAME);
  CUSTOM_LAYERS[className] = check('registerLayer', 'make', make, CALLABLE);
}
