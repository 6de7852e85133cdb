/** What is compiled: nothing may fall back on its twin unnoticed, which is some hundred times slower. */
import { describe, expect, it } from 'vitest';
import {
  CELL_TWINS,
  MAP_TWINS,
  PAIR_TWINS,
  REDUCTION_TWINS,
  RULE_TWINS,
} from '../../src/cpu/slots.generated.ts';
import { TWINS } from '../../src/cpu/twins.generated.ts';
import { FILLERS, NATIVES } from '../../src/wasm/natives.generated.ts';

const without = (names: object, compiled: readonly string[]): string[] =>
  Object.keys(names).filter((name) => !compiled.includes(name));

describe('compiled to WebAssembly', () => {
  it('is every kernel that has a twin', () => {
    expect(without(TWINS, Object.keys(NATIVES))).toEqual([]);
  });

  it.each([
    ['cell', CELL_TWINS, []],
    ['map', MAP_TWINS, []],
    ['pair', PAIR_TWINS, ['pow']],
    ['reduction', REDUCTION_TWINS, []],
    ['rule', RULE_TWINS, []],
  ] as const)('is what fills the slot %s, but for some', (slot, twins, left) => {
    expect(without(twins, FILLERS[slot])).toEqual(left);
  });
});
