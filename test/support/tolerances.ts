/** The table of tolerances. It is a ceiling: nothing in the tests may allow more. */
export interface Tolerance {
  absolute: number;
  /** Times the largest magnitude in the expected tensor. */
  relative: number;
}

export const TOLERANCE = {
  /** The float64 twin against PyTorch's float64, rounded once to float32. */
  golden: { absolute: 1e-9, relative: 2e-7 },
  /** The GPU (float32) against the twin. */
  gpu: { absolute: 2e-6, relative: 2e-5 },
  /** The GPU against the twin over long sequences. */
  long: { absolute: 2e-6, relative: 1e-4 },
} as const satisfies Record<string, Tolerance>;
