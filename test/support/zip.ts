/** Writes zip archives, honest or not. */
import { joined } from '../../src/bytes.ts';
import { crc32 } from '../../src/interchange/crc32.ts';

export interface ZipPart {
  readonly path: string;
  /** As it stands in the archive. */
  readonly content: Uint8Array;
  /** 0 stored, 8 deflated. */
  readonly method?: number;
  /** Bytes unpacked, and their CRC, where `content` is packed or lies. */
  readonly size?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly attributes?: number;
  /** Where it says that it begins, in place of where it does. */
  readonly at?: number;
}

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const joinBytes = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  joined(parts);

/** Little-endian: `[2, 5]` is 5 in two bytes. */
export function littleEndian(...fields: readonly (readonly [bytes: number, value: number])[]) {
  const values = fields.flatMap(([bytes, value]) =>
    Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256),
  );
  return Uint8Array.from(values);
}

export async function deflate(
  bytes: Uint8Array<ArrayBuffer>,
  format: CompressionFormat = 'deflate-raw',
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function zip(parts: readonly ZipPart[]): Uint8Array<ArrayBuffer> {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { path, content, method = 0, flags = 0, attributes = 0, ...given } of parts) {
    const name = bytesOf(path);
    const size = given.size ?? content.length;
    const crc = given.crc ?? crc32(content);
    const facts = [
      ...([
        [2, 20],
        [2, flags],
        [2, method],
        [4, 0],
        [4, crc],
      ] as const),
      ...([
        [4, content.length],
        [4, size],
        [2, name.length],
        [2, 0],
      ] as const),
    ] as const;
    const local = joinBytes(bytesOf('PK\x03\x04'), littleEndian(...facts), name, content);
    directory.push(
      bytesOf('PK\x01\x02'),
      littleEndian([2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, attributes], [4, given.at ?? at]),
      name,
    );
    files.push(local);
    at += local.length;
  }
  const list = joinBytes(...directory);
  const count = parts.length;
  const end = littleEndian([4, 0], [2, count], [2, count], [4, list.length], [4, at], [2, 0]);
  return joinBytes(...files, list, bytesOf('PK\x05\x06'), end);
}
