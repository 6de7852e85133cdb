import type { Config } from '../layers/base.ts';

/** Whether a recurrent layer computes expectations where it predicts, which it does with zoneout alone: no other program does. */
export function hasZoneout({ zoneout = 0 }: Config): boolean {
  const rates = typeof zoneout === 'object' ? Object.values(zoneout as object) : [zoneout];
  return rates.some((rate) => rate !== 0);
}
