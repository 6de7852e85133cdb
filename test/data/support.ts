/** Made-up files: bytes in odd pieces, gzip, tar. */
const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** The bytes in pieces of `size`, so that characters, line ends and headers are torn. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const result: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) result.push(bytes.slice(at, at + size));
  return result;
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

interface Entry {
  readonly path: string;
  readonly text?: string;
  /** In place of `text`. */
  readonly bytes?: Uint8Array;
  /** '0' a file, '5' a folder, 'x' and 'L' long names. */
  readonly type?: string;
  readonly prefix?: string;
}

/** A ustar archive, by POSIX's table of the header's fields. */
export function tar(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  for (const { path, text = '', bytes, type = '0', prefix = '' } of entries) {
    const body = bytes ?? utf8(text);
    const header = new Uint8Array(512);
    const put = (at: number, value: string): void => header.set(utf8(value), at);
    const octal = (value: number, digits: number): string =>
      value.toString(8).padStart(digits, '0');
    put(0, path);
    put(100, `${octal(0o644, 7)}\0`);
    put(124, `${octal(body.length, 11)}\0`);
    put(136, `${octal(0, 11)}\0`);
    put(148, ' '.repeat(8));
    put(156, type);
    put(257, 'ustar\x0000');
    put(345, prefix);
    put(
      148,
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        6,
      )}\0 `,
    );
    const padded = new Uint8Array(Math.ceil(body.length / 512) * 512);
    padded.set(body);
    blocks.push(header, padded);
  }
  blocks.push(new Uint8Array(1024));
  return new Uint8Array(blocks.flatMap((block) => [...block]));
}
