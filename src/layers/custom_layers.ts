/** Layer classes of the user's own, for models with them to be loaded. */
import type { Layer } from './base.ts';

/** From what `getConfig` gave to a layer. A config is what the constructor of its class takes: the classes check it. */
export type Make = (config: never) => Layer;

export const REGISTERED: Record<string, Make> = {};

/** Adds a layer class of your own, so that models with it can be loaded. */
export function registerLayer(className: string, make: (config: never) => Layer): void {
  REGISTERED[className] = make;
}
