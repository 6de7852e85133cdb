/** Plain code that tests of decoding compare with. */

/** Of each row of so many numbers. */
export function logSoftmax(logits: ArrayLike<number>, width: number): Float32Array {
  const out = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    const row = Array.from({ length: width }, (_, i) => logits[start + i]);
    const largest = Math.max(...row);
    const shift = largest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0));
    out.set(
      row.map((x) => x - shift),
      start,
    );
  }
  return out;
}

/** Pearson's statistic of counts, against shares of which those that are 0 are left out. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => {
    const expected = total * shares[i];
    return expected === 0 ? sum : sum + (count - expected) ** 2 / expected;
  }, 0);
}
