/** Writes saved models in Node and Deno. */
import type { SavedModel } from './download.ts';
import { fileIn, fileSystem, MODEL_FILE } from './files.ts';
import { writeWhole } from './write_whole.ts';

/**
 * Writes a model into `folder`, which is created if necessary, as `model.safetensors`; or into a file whose name ends in `.safetensors`.
 * The old file stays until the new one is complete.
 *
 * @throws Error if there is no file system, as in a browser, or with the path if it cannot be written
 */
export async function writeModel(
  folder: string,
  { weights }: Pick<SavedModel, 'weights'>,
): Promise<void> {
  const files = fileSystem();
  if (!files)
    throw new Error(
      `save: there is no file system here to write '${folder}'; call save() without a folder, or downloadModel()`,
    );
  await writeWhole(files, fileIn(folder, MODEL_FILE), [weights]);
}
