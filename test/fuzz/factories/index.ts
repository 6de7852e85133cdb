import { askedFactories } from './asked.ts';
import { DATA_FACTORIES } from './data.ts';
import type { Factory } from './factory.ts';
import { MODEL_FACTORIES } from './models.ts';

export type { Factory };

/** Whatever takes options by name. */
export const allFactories = async (): Promise<Factory[]> => [
  ...(await askedFactories()),
  ...MODEL_FACTORIES,
  ...DATA_FACTORIES,
];
