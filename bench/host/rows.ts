/** The results of a run. */
export interface Row {
  workload: string;
  contender: string;
  /** null if the contender could not be measured; `note` says why. */
  median_ms: number | null;
  min_ms: number | null;
  max_ms: number | null;
  /** The distance between the quartiles, relative to the median. */
  spread: number | null;
  n: number;
  loss_first: number | null;
  loss_last: number | null;
  note: string;
  /** Further figures: dispatches, share of real tokens, GFLOP/s, bytes; and the number of the run if there are several. */
  [fact: string]: number | string | null;
}

export interface Report {
  machine: Record<string, string | number>;
  adapter: string;
  rows: Row[];
}

/** Problems of a run apart from targets: a contender failed, a loss did not fall, outputs differ. */
export type Problems = string[];

export const rowOf = (rows: readonly Row[], workload: string, contender: string) =>
  rows.find(
    (row) => row.workload === workload && row.contender === contender && row.median_ms !== null,
  );
