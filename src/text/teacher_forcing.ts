/** What a decoder learns from: at each step it is given the right token of the step before, and is asked for the next (Williams and Zipser 1989). */
import { checkNames } from '../options.ts';
import { checkList, idsOf, wholeNumber } from './checks.ts';
import { padSequences } from './pad_sequences.ts';
import type { TextArray } from './text_array.ts';

/** The ids that `teacherForcing` adds, and to which length it pads. */
export interface TeacherForcingOptions {
  /** The id that begins every input. */
  startToken: number;
  /** The id that ends every target. */
  stopToken: number;
  /** Steps of the result; by default one more than the longest sequence has. Longer sequences are cut, and then have no stop token. */
  maxlen?: number;
  /** The id behind the end; 0. */
  padding?: number;
}

/**
 * Shifts sequences by a step: of ids `[5, 7]` the decoder's inputs are `[start, 5, 7]`, and its targets `[5, 7, stop]`.
 *
 * @returns inputs and targets, [sequences, steps] each, padded at the end
 * @throws Error naming the sequence where an id is no whole number, or is that of padding, start or stop
 */
export function teacherForcing(
  sequences: readonly ArrayLike<number>[],
  options: TeacherForcingOptions,
): { inputs: TextArray<Int32Array>; targets: TextArray<Int32Array> } {
  checkNames('teacherForcing', options, ['startToken', 'stopToken', 'maxlen', 'padding']);
  const { startToken, stopToken, maxlen, padding = 0 } = options;
  const reserved = { startToken, stopToken, padding };
  for (const [name, id] of Object.entries(reserved)) wholeNumber(`teacherForcing: ${name}`, id, 0);
  const rows = Array.from(checkList('teacherForcing', sequences, 'sequence'), (sequence, row) => {
    const ids = idsOf(`teacherForcing: sequence ${row}`, sequence);
    const [name] = Object.entries(reserved).find(([, id]) => ids.includes(id)) ?? [];
    if (name !== undefined)
      throw new Error(
        `teacherForcing: expected ids other than ${name}, got ${reserved[name as keyof typeof reserved]} in sequence ${row}; give start, stop and padding ids of their own`,
      );
    return ids;
  });
  const padded = (own: readonly number[][]): TextArray<Int32Array> =>
    padSequences(own, { maxlen, padding: 'post', truncating: 'post', value: padding });
  return {
    inputs: padded(rows.map((ids) => [startToken, ...ids])),
    targets: padded(rows.map((ids) => [...ids, stopToken])),
  };
}
