/** The greatest eigenvalues against all of them. */
import { expect, it } from 'vitest';
import { Random } from '../../src/random.ts';
import { eigen } from '../../src/vectors/jacobi.ts';
import { dot, leading } from '../../src/vectors/leading_eigenvalues.ts';
import { expectClose } from '../support/check.ts';

/** Products of random rows whose columns fade like those of word vectors. */
function products(terms: number, size = 150): Float64Array[] {
  const random = new Random(2);
  const rows = Array.from({ length: size }, () =>
    Float64Array.from({ length: terms }, (_, i) => random.normal() / (1 + i)),
  );
  return rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)));
}

it.each([2, 40, 300])('are those of Jacobi: %s terms', (terms) => {
  const matrix = products(terms);
  const { values, vectors } = leading(matrix, 2);
  const all = eigen(matrix);
  expectClose(values, all.values.slice(0, 2), 'values', { absolute: 0, relative: 1e-9 });
  vectors.forEach((vector, k) => {
    expect(Math.abs(dot(vector, all.vectors[k]))).toBeCloseTo(1, 9);
  });
});

it('are found where all are equal, or none', () => {
  const diagonal = (value: number) =>
    Array.from({ length: 150 }, (_, i) =>
      Float64Array.from({ length: 150 }, (_, j) => (i === j ? value : 0)),
    );
  const { values, vectors } = leading(diagonal(3), 2);
  expectClose(values, [3, 3], 'values', { absolute: 1e-12, relative: 0 });
  expect(dot(vectors[0], vectors[1])).toBeCloseTo(0, 12);
  expect(leading(diagonal(0), 2).values).toEqual([0, 0]);
});
