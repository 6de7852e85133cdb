// What both networks of this example have in common.
import type { Training } from '../training.ts';

export const [UNITS, EMBEDDED, BATCH, LEARNING_RATE] = [128, 32, 32, 0.002];

export type LearnOptions = { readonly seed: number } & Pick<
  Training,
  'store' | 'resume' | 'epochs' | 'settings' | 'estimate'
>;
