/** A saved model in memory, and as downloads of a web page. */

/** A model as two files: `model.json` (architecture, how it was compiled) and `model.safetensors` (all numbers). */
export interface SavedModel {
  readonly json: string;
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** Hands the two files to the user of a web page as downloads `NAME.json` and `NAME.safetensors`. */
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
    // The browser reads the address after the click; a minute is ample.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}
