/** Programs as a part of an address: deflated, in an alphabet that addresses take as it is. */

const through = (bytes: BlobPart, stream: GenericTransformStream): Response =>
  new Response(new Blob([bytes]).stream().pipeThrough(stream as never));

export async function packed(text: string): Promise<string> {
  const deflated = through(text, new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await deflated.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @returns null for what is no packed text */
export async function unpacked(text: string): Promise<string | null> {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return await through(bytes, new DecompressionStream('deflate-raw')).text();
  } catch {
    return null;
  }
}
