/** Which unit follows a mark that the reader makes on a sequence. */

/** Numbers that a unit has at each step, [time, units], by what they are called. */
export type Followed = readonly (readonly [name: string, values: Float32Array])[];

export interface Follower {
  readonly name: string;
  readonly unit: number;
  /** From -1 to 1. */
  readonly correlation: number;
}

/** Pearson's correlation of each unit with being marked; the strongest, whichever its sign. Null where all steps are alike. */
export function followerOf(
  followed: Followed,
  time: number,
  units: number,
  marked: readonly number[],
): Follower | null {
  const marks = new Float64Array(time);
  for (const step of marked) if (step < time) marks[step] = 1;
  const share = marks.reduce((sum, mark) => sum + mark, 0) / time;
  if (share === 0 || share === 1) return null;
  let best: Follower | null = null;
  for (const [name, values] of followed)
    for (let unit = 0; unit < units; unit++) {
      let [sum, squares, product] = [0, 0, 0];
      for (let step = 0; step < time; step++) {
        const value = values[step * units + unit];
        sum += value;
        squares += value * value;
        product += value * (marks[step] - share);
      }
      const spread = Math.sqrt(Math.max(0, squares - (sum * sum) / time) * time * share * (1 - share)); // prettier-ignore
      if (!(spread > 1e-9)) continue;
      const correlation = product / spread;
      if (!best || Math.abs(correlation) > Math.abs(best.correlation))
        best = { name, unit, correlation };
    }
  return best;
}
