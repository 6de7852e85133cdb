/** The compiled kernels, from their digits to functions on a memory. */

/** The bytes of a build, from their hexadecimal digits. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  // New in 2025; the loop takes milliseconds while it is interpreted.
  const { fromHex } = Uint8Array as { fromHex?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromHex) return fromHex(text);
  const bytes = new Uint8Array(text.length / 2);
  // Of a digit the lowest four bits are its value; letters, from 'a' on, have the next higher bits and stand 9 below theirs.
  const valueAt = (i: number): number => {
    const code = text.charCodeAt(i);
    return (code & 15) + 9 * (code >> 6);
  };
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * valueAt(2 * i) + valueAt(2 * i + 1);
  return bytes;
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
