// What a cell declares between two phases, of one row: the mean and the variance of neighbouring saved slots, over all units.
// `moments` has four bits each for the slots of the mean and of the variance, for the first of the neighbours, and for how many they are.
import { F } from './lanes';
import { fillRow, sumRow } from './rows';

/** Forward: every unit is told both. @param row bytes of H numbers */
export function takeMoments(saved: usize, row: usize, moments: usize): void {
  const from = saved + ((moments >> 8) & 15) * row;
  const units = row / F;
  const count = (moments >> 12) * units;
  const mean = sumRow(from, count, 0, false) / <f32>count;
  // In two passes: the mean of the squares would lose the variance beside a large mean.
  const variance = sumRow(from, count, mean, true) / <f32>count;
  fillRow(saved + (moments & 15) * row, mean, units);
  fillRow(saved + ((moments >> 4) & 15) * row, variance, units);
}

/** Backward: each of the two slots is replaced by its mean over the units. */
export function meanGradients(saved: usize, row: usize, moments: usize): void {
  const units = row / F;
  for (let shift: usize = 0; shift < 8; shift += 4) {
    const at = saved + ((moments >> shift) & 15) * row;
    fillRow(at, sumRow(at, units, 0, false) / <f32>units, units);
  }
}
