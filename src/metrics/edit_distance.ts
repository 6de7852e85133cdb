import { check } from '../options.ts';
import type { Check } from '../options.ts';

const ITEMS: Check = [
  'a list or a text',
  (value) => typeof value === 'string' || Array.isArray(value) || ArrayBuffer.isView(value),
];

/**
 * The least number of insertions, deletions and replacements that make one sequence the other (Levenshtein 1966).
 *
 * @param a labels, words, or a text, whose characters (UTF-16 units) are compared
 */
export function editDistance<T>(a: ArrayLike<T>, b: ArrayLike<T>): number {
  check('editDistance', 'a', a, ITEMS);
  check('editDistance', 'b', b, ITEMS);
  let from = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(from[j] + (a[i] === b[j] ? 0 : 1), from[j + 1] + 1, next[j] + 1));
    from = next;
  }
  return from[b.length];
}
