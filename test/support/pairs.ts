/** Combinations to test where all with all would be too many: every pair of values occurs in one of them. */

type Factors = Readonly<Record<string, readonly unknown[]>>;
export type Combination<F extends Factors> = { [K in keyof F]: F[K][number] };

/**
 * Rows of one value a factor, few of them, such that any two values of different factors stand together in a row (a covering array of
 * strength two, greedily made). The same factors give the same rows.
 */
export function pairs<F extends Factors>(factors: F): Combination<F>[] {
  const names = Object.keys(factors);
  const key = (i: number, a: number, j: number, b: number) =>
    i < j ? `${i}:${a} ${j}:${b}` : `${j}:${b} ${i}:${a}`;
  const open = new Map<string, [number, number, number, number]>();
  names.forEach((first, i) =>
    names.slice(i + 1).forEach((second, offset) => {
      const j = i + 1 + offset;
      factors[first].forEach((_, a) =>
        factors[second].forEach((_, b) => open.set(key(i, a, j, b), [i, a, j, b])),
      );
    }),
  );
  const used = names.map((name) => factors[name].map(() => 0));
  const rows: Combination<F>[] = [];
  while (open.size > 0) {
    const [[i, a, j, b]] = open.values();
    const chosen = names.map((): number | null => null);
    [chosen[i], chosen[j]] = [a, b];
    // Each other factor takes the value that makes most new pairs with what is chosen; of equals, the one least used.
    names.forEach((_, f) => {
      if (chosen[f] !== null) return;
      const gain = (value: number) =>
        chosen.filter((other, g) => other !== null && open.has(key(f, value, g, other))).length;
      const values = used[f].map((_, value) => value);
      values.sort((p, q) => gain(q) - gain(p) || used[f][p] - used[f][q] || p - q);
      chosen[f] = values[0];
    });
    const row = chosen as number[];
    row.forEach((value, f) => {
      used[f][value]++;
      row
        .slice(f + 1)
        .forEach((other, offset) => open.delete(key(f, value, f + 1 + offset, other)));
    });
    rows.push(
      Object.fromEntries(names.map((name, f) => [name, factors[name][row[f]]])) as Combination<F>,
    );
  }
  return rows;
}
