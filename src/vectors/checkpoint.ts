/** What the training of word vectors goes on from. */
import type { NumericArray } from '../backend.ts';

export interface VectorsCheckpoint {
  /** Epochs gone through. */
  readonly epoch: number;
  /** The options that the figures depend on, and a checksum of the corpus. */
  readonly settings: Readonly<Record<string, string | number>> & { readonly seed: number };
  /** The vectors as the device has them: [words, dimension], rows filled up to a multiple of 4. */
  readonly input: NumericArray;
  /** Those of words that are sought. */
  readonly output: NumericArray;
}

/**
 * @param expected the settings of this training
 * @param size numbers of each table
 * @throws Error where the checkpoint is of other settings, of another corpus, or damaged
 */
export function checkResume(
  { settings, input, output }: VectorsCheckpoint,
  expected: VectorsCheckpoint['settings'],
  size: number,
): void {
  for (const [name, value] of Object.entries(expected))
    if (settings[name] !== value)
      throw new Error(
        `trainWordVectors: resume: expected a checkpoint with ${name} ${value}, got one with ${settings[name]}; give the ` +
          'options and the corpus that it was made with, or begin without it',
      );
  if (input.length !== size || output.length !== size)
    throw new Error(
      `trainWordVectors: resume: expected two tables of ${size} numbers, got ${input.length} and ${output.length}: the ` +
        'checkpoint is damaged; begin without it',
    );
}
