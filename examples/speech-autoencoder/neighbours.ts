// Names a word by its nearest neighbour among words whose names are known.

export interface Named {
  readonly vectors: readonly Float32Array[];
  readonly names: readonly string[];
}

/** The share of `unknown` whose nearest neighbour in `known`, by the Euclidean distance, has their name. */
export function accuracyByNeighbour(known: Named, unknown: Named): number {
  const right = unknown.vectors.filter((vector, i) => {
    return known.names[nearest(known.vectors, vector)] === unknown.names[i];
  });
  return right.length / unknown.vectors.length;
}

function nearest(vectors: readonly Float32Array[], vector: Float32Array): number {
  let [best, least] = [-1, Infinity];
  vectors.forEach((other, i) => {
    let distance = 0;
    for (let k = 0; k < vector.length && distance < least; k++)
      distance += (vector[k] - other[k]) ** 2;
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}
