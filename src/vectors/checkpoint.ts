/** Checkpoints of word vectors during training. */
import type { NumericArray } from '../backend.ts';

export interface VectorsCheckpoint {
  /** Epochs completed. */
  readonly epoch: number;
  /** The options that the result depends on, and a checksum of the corpus. */
  readonly settings: Readonly<Record<string, string | number>> & { readonly seed: number };
  /** The word vectors as they are on the device: [words, dimension], rows padded to a multiple of 4. */
  readonly input: NumericArray;
  /** The vectors of words as targets, likewise. */
  readonly output: NumericArray;
}

/**
 * @param expected the settings of this training
 * @param size how many numbers each table contains
 * @throws Error if the checkpoint has other settings, belongs to another corpus, or is damaged
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
