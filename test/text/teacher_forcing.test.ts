import { describe, expect, it } from 'vitest';
import { teacherForcing } from '../../src/text/index.ts';

describe('teacherForcing', () => {
  it('shifts ids by a step, between start and stop', () => {
    const { inputs, targets } = teacherForcing([[5, 7], [9], []], { startToken: 2, stopToken: 3 });
    expect(inputs).toEqual({ data: Int32Array.of(2, 5, 7, 2, 9, 0, 2, 0, 0), shape: [3, 3] });
    expect(targets).toEqual({ data: Int32Array.of(5, 7, 3, 9, 3, 0, 3, 0, 0), shape: [3, 3] });
  });

  it('cuts and pads', () => {
    const options = { startToken: 2, stopToken: 3, maxlen: 2, padding: 4 };
    const { inputs, targets } = teacherForcing([[5, 7, 8], [9]], options);
    expect([...inputs.data]).toEqual([2, 5, 2, 9]);
    expect([...targets.data]).toEqual([5, 7, 9, 3]);
    const wide = teacherForcing([[9]], { ...options, maxlen: 4 });
    expect([...wide.targets.data]).toEqual([9, 3, 4, 4]);
  });

  it('says what it does not take', () => {
    const tokens = { startToken: 2, stopToken: 3 };
    expect(() => teacherForcing([[5], [2]], tokens)).toThrow(
      'teacherForcing: expected ids other than startToken, got 2 in sequence 1; give start, stop and padding ids of their own',
    );
    expect(() => teacherForcing([[5, 0.5]], tokens)).toThrow(
      /teacherForcing: sequence 0: id: expected a whole number/,
    );
    expect(() => teacherForcing([[5]], { ...tokens, stopToken: -1 })).toThrow(
      /teacherForcing: stopToken: expected a whole number of at least 0/,
    );
    expect(() => teacherForcing('no' as never, tokens)).toThrow(/expected a list of sequences/);
  });
});
