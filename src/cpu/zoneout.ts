/** Twin of shaders/lib/zoneout.wgsl. */
import type { NumericArray, Params } from '../backend.ts';
import { philox, ZONEOUT } from '../random.ts';

const EXPECTED = 1;

/** Of the states of a row, what stays in state q of unit j, as a share of its value before the step. */
type Shares = (q: number, j: number) => number;

/** At processing step s of row b; null where there is no zoneout. */
export function zoneoutShares(
  p: Params<'sequence_forward'>,
  flags: NumericArray,
  d: number,
  s: number,
  b: number,
): Shares | null {
  if (!p.zoneout) return null;
  const rateOf = (q: number): number => (q === 0 ? p.outputZoneout : p.stateZoneout);
  if (p.zoneout === EXPECTED) return rateOf;
  const use = ZONEOUT + ((p.reverse >> d) & 1);
  const row = p.ordered ? flags[(1 + p.D) * p.total * p.B + b] : b;
  const blocks = Array.from({ length: Math.ceil(p.H / 4) }, (_, block) =>
    philox([block, row, p.offset + s, use], [p.seedLow, p.seedHigh]),
  );
  return (q, j) => {
    const bits = blocks[j >> 2][j & 3];
    return Number((q === 0 ? bits & 0xffff : bits >>> 16) < rateOf(q) * 65536);
  };
}
