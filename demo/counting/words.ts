// The words that are learned.
const oneHot = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]; // a, b, start

/** The word of n a and n b: what is seen, and what may follow each symbol. While there are only a, both letters may come. */
export function word(n: number) {
  const places = Array.from({ length: 2 * n + 1 }, (_, t) => t);
  return {
    x: places.map((t) => oneHot[t === 0 ? 2 : t <= n ? 0 : 1]),
    y: places.map((t) => [t <= n ? 1 : 0, t > 0 && t < 2 * n ? 1 : 0, t === 2 * n ? 1 : 0]),
  };
}
