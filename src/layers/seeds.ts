/** One seed for a model, from which every weight and every dropout takes its own. */
import { check, WHOLE } from '../options.ts';
import { foldSeed } from '../random.ts';

let current: number | null = null;
let models = 0;

/**
 * Sets the seed from which models made from now on draw their weights, dropout and shuffling, where they are given none
 * of their own. The same seed and the same models made in the same order give the same weights.
 */
export function setSeed(seed: number): void {
  check('setSeed', 'seed', seed, WHOLE);
  current = seed >>> 0;
  models = 0;
}

/** A seed for a new model: the next one that follows from `setSeed`, or any where none was set. */
export function modelSeed(): number {
  return current === null ? Math.floor(Math.random() * 2 ** 32) : foldSeed(current, models++);
}

/** A number that depends on every character (FNV-1a). */
export function seedOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
