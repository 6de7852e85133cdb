/** Where the files of saved models are. */
import type * as fs from 'node:fs/promises';
import { builtinModule } from '../runtime_modules.ts';

export const MODEL_FILE = 'model.safetensors';

export const fileSystem = () => builtinModule<typeof fs>('node:fs/promises');

/** A file in a folder; of a place that is the file of a model itself, beside that. */
export function fileIn(place: string, name: string): string {
  if (!place.endsWith('.safetensors')) return `${place.replace(/(.)\/+$/, '$1')}/${name}`;
  return name === MODEL_FILE ? place : place.replace(/safetensors$/, 'json');
}
