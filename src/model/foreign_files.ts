/** Files of other programs that are given in place of a saved model. Loaded where loading has failed. It imports nothing. */

/** What reads them, in `gatefold/formats`. */
const READERS: readonly (readonly [ending: RegExp, reader: string])[] = [
  [/\.(keras|h5|hdf5)$/i, 'loadKeras'],
  [/\.onnx$/i, 'loadOnnx'],
  [/\.pth?$/i, 'readStateDict'],
  [/\.npz$/i, 'readNpz'],
];

/** What went wrong with a place, and what reads such a file. */
export function explained(error: unknown, place: string): unknown {
  const found = READERS.find(([ending]) => ending.test(place));
  if (!found) return error;
  const { message } = error as Error;
  return new Error(`${message}; ${found[1]} of gatefold/formats reads such files`, {
    cause: error,
  });
}
