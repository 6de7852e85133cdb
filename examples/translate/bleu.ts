// BLEU of a whole corpus (Papineni et al. 2002).

const LONGEST = 4;

/** How often each sequence of n tokens occurs. */
function countsOf(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = tokens.slice(i, i + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/**
 * BLEU-4 in percent: n-grams up to 4, of which each counts as often as in the reference that has it most often, and a penalty where
 * translations are shorter than their closest references. One is added to both counts from n = 2 on, so that short sentences, which have
 * no 4-grams, count too (Lin and Och 2004).
 *
 * @param references all that are right, for each translation
 */
export function bleu(
  translations: readonly (readonly string[])[],
  references: readonly (readonly (readonly string[])[])[],
): number {
  let logarithms = 0;
  for (let n = 1; n <= LONGEST; n++) {
    const added = n > 1 ? 1 : 0;
    let [right, all] = [added, added];
    translations.forEach((tokens, k) => {
      const known = references[k].map((reference) => countsOf(reference, n));
      for (const [gram, count] of countsOf(tokens, n)) {
        const most = Math.max(...known.map((counts) => counts.get(gram) ?? 0));
        right += Math.min(count, most);
        all += count;
      }
    });
    logarithms += Math.log(right / all) / LONGEST;
  }
  let [length, closest] = [0, 0];
  translations.forEach((tokens, k) => {
    const distance = (other: number): number => Math.abs(other - tokens.length);
    length += tokens.length;
    closest += references[k]
      .map((reference) => reference.length)
      .reduce((best, other) =>
        distance(other) < distance(best) || (distance(other) === distance(best) && other < best)
          ? other
          : best,
      );
  });
  const penalty = length === 0 ? 0 : Math.exp(Math.min(0, 1 - closest / length));
  return 100 * penalty * Math.exp(logarithms);
}

/** The share of translations that are one of their references. */
export function exactShare(
  translations: readonly (readonly string[])[],
  references: readonly (readonly (readonly string[])[])[],
): number {
  const right = translations.filter((tokens, k) =>
    references[k].some((reference) => reference.join(' ') === tokens.join(' ')),
  );
  return right.length / translations.length;
}
