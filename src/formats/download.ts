/** A saved model in memory, and downloads of it from a web page. */

/** A model as two files: `model.json` (architecture, loss, optimizer and metrics) and `model.safetensors` (all numbers). */
export interface SavedModel {
  readonly json: string;
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** Downloads a model from a web page, as `NAME.json` and `NAME.safetensors`. @throws Error outside of a web page */
export function downloadModel({ json, weights }: SavedModel, name = 'model'): void {
  if (typeof document === 'undefined')
    throw new Error('downloadModel: there is no web page here; save to a folder instead');
  for (const [data, ending] of [
    [json, 'json'],
    [weights, 'safetensors'],
  ] as const) {
    const address = URL.createObjectURL(new Blob([data]));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${name}.${ending}`;
    link.click();
    // The browser reads from the URL some time after the click; a minute is more than enough.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}
