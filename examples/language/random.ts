/** A seeded generator of uniform numbers in [0, 1): a Weyl sequence, mixed by the finaliser of MurmurHash3. */
export function randomSource(seed: number): () => number {
  let state = Math.imul(seed ^ 0x5bd1e995, 0x85ebca6b);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Shuffles in place (Fisher-Yates) and returns the array. */
export function shuffle<T>(array: T[], random: () => number): T[] {
  for (let i = array.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [array[i], array[j]] = [array[j], array[i]];
  }
  return array;
}
