/** Seeded numbers for tests: the same on every run and machine. */
export interface Host {
  shape: number[];
  data: Float32Array | Int32Array;
}

/** Uniform numbers in [0, 1) (a 32-bit mixing generator). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Floats in [-scale, scale), exactly representable in float32. */
export function floats(shape: number[], seed: number, scale = 1): Host {
  const next = generator(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float32Array.from({ length: size }, () => (next() * 2 - 1) * scale) };
}

/** Integers in [low, high). */
export function integers(shape: number[], seed: number, low: number, high: number): Host {
  const next = generator(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return {
    shape,
    data: Int32Array.from({ length: size }, () => low + Math.floor(next() * (high - low))),
  };
}
