/** Compares contenders: the same weights and the same batch must give the same numbers. */
import { addNote } from './table.ts';
import type { Problems, Row } from './rows.ts';

/** Tolerances of the loss before any update, and after three updates, which rounding and the position of Adam's ε influence. */
const FIRST = 1e-4;
const FOURTH = 5e-3;
/** Relative to the largest output. */
const OUTPUT = 1e-3;

export function lossFalls(row: Row, losses: readonly number[]): Problems {
  if (losses.length === 0) return [];
  const [first, ...later] = losses;
  // The lowest loss, not the last: with this learning rate, a long sequence may overshoot after a few steps of Adam.
  const lowest = Math.min(...later);
  if (lowest < first) return [];
  return problem(
    row,
    `the loss did not fall: ${first} at first, ${lowest} at its lowest after that`,
  );
}

interface WithLosses {
  readonly row: Row;
  readonly losses: readonly number[];
}

/** Compares with the first contender, which is Gatefold if it takes part. */
export function compareLosses(runs: readonly WithLosses[]): Problems {
  const [reference, ...others] = runs;
  if (!reference || reference.losses.length === 0) return [];
  return others.flatMap(({ row, losses }) =>
    [
      { at: 0, tolerance: FIRST },
      { at: 3, tolerance: FOURTH },
    ].flatMap(({ at, tolerance }) => {
      const [found, expected] = [losses[at], reference.losses[at]];
      if (found === undefined || expected === undefined) return [];
      if (Math.abs(found - expected) <= tolerance * Math.max(Math.abs(expected), 0.1)) return [];
      return problem(
        row,
        `the loss of step ${at + 1} is ${found}, ${expected} with ${reference.row.contender}`,
      );
    }),
  );
}

interface WithOutput {
  readonly row: Row;
  readonly output: readonly number[] | null;
}

export function compareOutputs(runs: readonly WithOutput[]): Problems {
  const [reference, ...others] = runs.filter(({ output }) => output !== null);
  if (!reference) return [];
  const expected = reference.output!;
  const largest = Math.max(...expected.map(Math.abs));
  return others.flatMap(({ row, output }) => {
    // In a stream the first steps are compared, since slow contenders do fewer of them.
    const common = Math.min(output!.length, expected.length);
    if (common === 0) return problem(row, 'there is no output');
    const difference = Math.max(
      ...output!.slice(0, common).map((value, i) => Math.abs(value - expected[i])),
    );
    if (difference <= OUTPUT * largest) return [];
    return problem(
      row,
      `outputs differ by up to ${difference} from those of ${reference.row.contender} (largest: ${largest})`,
    );
  });
}

function problem(row: Row, text: string): Problems {
  addNote(row, text);
  return [`${row.workload} ${row.contender}: ${text}`];
}
