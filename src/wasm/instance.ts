/** The compiled kernels, from their text to functions on a memory. */

/** Of a text of 93 characters, those that stand for a byte alone; each of the other two begins a pair. */
const ALONE = 91;
const CHARACTERS = 93;
/** Added to a byte before, so that the frequent 253, with which instructions of SIMD begin, stands alone too. */
const SHIFT = 4;

/** The bytes of a build, from the text that scripts/generate/wasm.mjs makes of them. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let begun = 0;
  for (let i = 0; i < text.length; i++) {
    // From ' ' to '~', without the quotation mark and the backslash.
    const code = text.charCodeAt(i);
    const place = code - (code > 92 ? 34 : code > 34 ? 33 : 32);
    if (begun === 0 && place >= ALONE) {
      begun = ALONE + CHARACTERS * (place - ALONE);
    } else {
      bytes[length++] = begun + place - SHIFT;
      begun = 0;
    }
  }
  return bytes.slice(0, length);
}

/** A compiled kernel. */
export type NativeKernel = (...values: number[]) => void;

/** The kernels on a memory. @param scratch gives the kernels memory to work in */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratch: (bytes: number) => number,
): Readonly<Record<string, NativeKernel>> {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, scratch } });
  return exports as Record<string, NativeKernel>;
}
