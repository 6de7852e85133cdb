/** What a run found. */
export interface Row {
  workload: string;
  contender: string;
  /** Null where the contender could not be measured; `note` says why. */
  median_ms: number | null;
  min_ms: number | null;
  max_ms: number | null;
  /** Between the quartiles, as a share of the median. */
  spread: number | null;
  n: number;
  loss_first: number | null;
  loss_last: number | null;
  note: string;
  /** Facts of the workload, and the number of the run where there are several: dispatches, share of real tokens, GFLOP/s, bytes. */
  [fact: string]: number | string | null;
}

export interface Report {
  machine: Record<string, string | number>;
  adapter: string;
  rows: Row[];
}

/** What was wrong with a run, besides targets: a contender that failed, a loss that did not fall, outputs that differ. */
export type Problems = string[];

export const rowOf = (rows: readonly Row[], workload: string, contender: string) =>
  rows.find(
    (row) => row.workload === workload && row.contender === contender && row.median_ms !== null,
  );
