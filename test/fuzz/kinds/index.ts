/** The kinds of cases, a line each: `npm run fuzz -- --only NAME`. */
import type { Kind } from '../kind.ts';
import { broken } from './broken.ts';
import { calls } from './calls.ts';
import { formats } from './formats.ts';
import { models } from './models.ts';
import { options } from './options.ts';
import { readers } from './readers.ts';
import { safetensors } from './safetensors.ts';
import { sweep } from './sweep.ts';
import { training } from './training.ts';

export const KINDS: Readonly<Record<string, Kind>> = {
  models,
  safetensors,
  readers,
  formats,
  options,
  calls,
  training,
  broken,
  sweep,
};
