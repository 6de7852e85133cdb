/**
 * Sequences from a model that takes its own tokens: greedy, drawn, or by beam search. The entry `gatefold/generate`.
 *
 * @module
 */
export { generate } from '../model/generate/generate.ts';
export type { Generation } from '../model/generate/generate.ts';
export type { GenerateOptions } from '../model/generate/options.ts';
export type { Generated } from '../model/generate/search.ts';
