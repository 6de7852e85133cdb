/** Numbers with a rectangular shape, as `fit` and `predict` of a model take them. */
export interface TextArray<Data extends Int32Array | Float32Array = Int32Array | Float32Array> {
  /** Row-major values. */
  readonly data: Data;
  /** The first axis counts the texts. */
  readonly shape: number[];
}
