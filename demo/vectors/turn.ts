/** Turns a picture so that it moves as little as possible from one moment to the next: a projection may turn and flip at any time. */

export interface Placed {
  readonly word: string;
  readonly x: number;
  readonly y: number;
}

/** @returns the points after, turned and flipped so that the sum of squared distances to those before is least */
export function turnedTowards(before: readonly Placed[], after: readonly Placed[]): Placed[] {
  const places = new Map(before.map((point) => [point.word, point]));
  /** Without and with a flip: cosine and sine of the best angle, times its length. */
  const best = [1, -1].map((flip) => {
    let [cosine, sine] = [0, 0];
    for (const { word, x, y } of after) {
      const old = places.get(word);
      if (!old) continue;
      cosine += old.x * x + old.y * flip * y;
      sine += old.y * x - old.x * flip * y;
    }
    return { flip, cosine, sine, length: Math.hypot(cosine, sine) };
  });
  const { flip, cosine, sine, length } = best[0].length >= best[1].length ? best[0] : best[1];
  if (length === 0) return [...after];
  const [c, s] = [cosine / length, sine / length];
  return after.map(({ word, x, y }) => ({
    word,
    x: c * x - s * flip * y,
    y: s * x + c * flip * y,
  }));
}
