/** A saved model in memory, and downloads of it from a web page. */

/** What `save` gives. */
export interface SavedModel {
  /** Architecture, loss, optimizer and metrics, for who wants to read or change them. */
  readonly json: string;
  /** The whole model, in the safetensors format: all numbers, and `json` in its metadata. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** Downloads a model from a web page, as `NAME.safetensors`, for `loadModel`. @throws Error outside of a web page */
export function downloadModel(model: SavedModel, name = 'model'): void {
  if (typeof document === 'undefined')
    throw new Error('downloadModel: there is no web page here; save to a folder instead');
  const address = URL.createObjectURL(new Blob([model.weights]));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.safetensors`;
  link.click();
  // The browser reads from the URL some time after the click; a minute is more than enough.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
