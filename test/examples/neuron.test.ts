import { describe, expect, it } from 'vitest';
import { Characters, propertiesOf } from '../../examples/neuron/text.ts';
import { bestUnit, correlation } from '../../examples/neuron/units.ts';
import { generator } from '../support/random.ts';

const flags = (values: Float32Array) => values.join('');

describe('facts of source code', () => {
  it('know quotes, comments, brackets and the place in the line', () => {
    const text = `f('a(\\'b', "c"); // it's\n/* ' */ x`;
    const facts = propertiesOf(text);
    const runs = (...lengths: number[]) =>
      lengths.map((length, i) => String(i % 2).repeat(length)).join('');
    expect(flags(facts['in quotes'])).toBe(runs(2, 6, 3, 2, 21));
    expect(flags(facts['in a comment'])).toBe(runs(18, 6, 2, 5, 3));
    expect(flags(facts['brackets open'])).toBe(runs(1, 13, 20));
    expect(Array.from(facts['place in the line'])).toEqual([
      ...Array.from({ length: 25 }, (_, i) => i),
      ...Array.from({ length: 9 }, (_, i) => i),
    ]);
  });

  it('end a quote with its line, unless it is a backquote', () => {
    expect(flags(propertiesOf(`'a\nb`)['in quotes'])).toBe('1100');
    expect(flags(propertiesOf('`a\nb`c')['in quotes'])).toBe('111100');
  });
});

it('characters that the training text does not have are 0', () => {
  const characters = new Characters('banana');
  expect(characters.size).toBe(4);
  expect(Array.from(characters.encode('nabc'))).toEqual([3, 1, 2, 0]);
});

describe('units', () => {
  it('are correlated with a fact as Pearson says', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(correlation([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
    expect(correlation([1, 1, 1], [1, 2, 3])).toBe(0);
  });

  it('are chosen in the first half and measured in the second', () => {
    const next = generator(3);
    const fact = Float32Array.from({ length: 400 }, () => Number(next() < 0.5));
    const data = new Float32Array(400 * 3);
    fact.forEach((value, t) => {
      data[3 * t] = next();
      data[3 * t + 1] = (t < 200 ? 1 - 2 * value : next()) + 0.1 * next();
      data[3 * t + 2] = 0.5 * value + next();
    });
    const found = bestUnit({ data, shape: [1, 400, 3] }, fact);
    expect(found.unit).toBe(1);
    expect(found.chosenBy).toBeGreaterThan(0.95);
    expect(Math.abs(found.measured)).toBeLessThan(0.3);
    // Turned round, so that it rises with the fact.
    expect(correlation(found.values.subarray(0, 200), fact.subarray(0, 200))).toBeCloseTo(found.chosenBy, 6); // prettier-ignore
  });
});
