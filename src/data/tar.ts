/**
 * Reads the files of a tar archive as a stream: POSIX ustar (IEEE Std 1003.1, pax), with long paths of pax and of GNU tar.
 */
import { checkNames } from '../options.ts';
import { ByteReader } from './byte_reader.ts';
import { gunzip } from './gunzip.ts';
import { open } from './source.ts';
import type { Chunk, SingleSource } from './source.ts';

/** A file in an archive that `readTar` reads. */
export interface ArchiveFile {
  /** As in the archive, with `/` between folders. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** The whole file. Call it before asking for the next file: the archive is read once, from beginning to end. */
  bytes(): Promise<Uint8Array>;
}

const BLOCK = 512;
const MOST_BYTES = 2 ** 33;
/** Of a header that holds a long path. */
const MOST_HEADER_BYTES = 2 ** 20;
/** What a header says of the next file in place of that one's own. */
interface Long {
  readonly path?: string;
  readonly size?: number;
}

const decoder = new TextDecoder();

/**
 * The regular files of an archive, gzipped or not; folders and links are skipped. A file takes no memory unless its
 * `bytes` are asked for.
 *
 * @param options.name of the archive in errors, where the source has no name of its own
 * @throws Error if the source is not a tar archive, a size in it is none or beyond 8 GiB, or it ends too early
 */
export async function* readTar(
  source: SingleSource,
  options: { readonly name?: string } = {},
): AsyncGenerator<ArchiveFile> {
  checkNames('readTar', options, ['name']);
  const { name, chunks } = await open(source, options.name);
  const reader = new ByteReader(gunzip(bytesOnly(chunks, name), name));
  const cutOff = (): Error => new Error(`${name}: expected a whole tar archive, it is cut off`);
  const contents = async (size: number): Promise<Uint8Array> => {
    const bytes = await reader.read(size);
    if (bytes.length < size) throw cutOff();
    return bytes;
  };
  let longPath: string | null = null;
  let longSize: number | null = null;
  try {
    for (;;) {
      const header = await reader.read(BLOCK);
      // An archive ends with two empty blocks; some programs leave them out.
      if (header.length === 0 || header.every((byte) => byte === 0)) return;
      if (header.length < BLOCK) throw cutOff();
      checkHeader(header, name);
      const type = String.fromCharCode(header[156]);
      const isHeader = type === 'x' || type === 'L';
      const size = (isHeader ? null : longSize) ?? numberAt(header, 124, 12);
      const most = isHeader ? MOST_HEADER_BYTES : MOST_BYTES;
      if (!Number.isInteger(size) || size < 0 || size > most)
        throw new Error(
          `${name}: expected a size from 0 to ${most} bytes of '${longPath ?? pathOf(header)}', got ` +
            `${Number.isNaN(size) ? `'${textAt(header, 124, 12)}'` : size}; the archive is damaged, or a file is too large`,
        );
      let unread = size;
      if (isHeader) {
        const bytes = await contents(size);
        unread = 0;
        const found: Long = type === 'L' ? { path: textAt(bytes, 0, size) } : paxRecords(bytes);
        longPath = found.path ?? longPath;
        longSize = found.size ?? longSize;
      } else {
        // Type 7, contiguous files, are regular files too; before ustar, a folder was a file whose name ends in a slash.
        const path = longPath ?? pathOf(header);
        if (type === '0' || type === '7' || (type === '\0' && !path.endsWith('/')))
          yield {
            path,
            size,
            async bytes() {
              if (unread !== size) throw new Error(`${name}: a file of it can be read only once`);
              unread = 0;
              return contents(size);
            },
          };
        longPath = null;
        longSize = null;
      }
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      if ((await reader.skip(unread + padding)) < unread) throw cutOff();
      unread = -1;
    }
  } finally {
    await reader.close();
  }
}

async function* bytesOnly(chunks: AsyncIterable<Chunk>, name: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (typeof chunk === 'string')
      throw new Error(`${name}: expected bytes of a tar archive, got text`);
    yield chunk;
  }
}

/** Verifies the checksum, the sum of all bytes of the header with those of the checksum itself counted as spaces. */
function checkHeader(header: Uint8Array, name: string): void {
  let sum = 0;
  header.forEach((byte, at) => (sum += at >= 148 && at < 156 ? 0x20 : byte));
  if (sum !== numberAt(header, 148, 8))
    throw new Error(`${name}: expected a tar archive (perhaps gzipped), got something else`);
}

/**
 * A number in octal digits or, as GNU tar writes sizes from 8 GiB, in binary with a sign if the first byte has its high bit set; NaN where it
 * is neither.
 */
function numberAt(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (field[0] & 0x80) {
    const first = (field[0] & 0x3f) - (field[0] & 0x40);
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, first);
  }
  const digits = textAt(header, at, length).trim();
  return /^[0-7]*$/.test(digits) ? parseInt(digits || '0', 8) : NaN;
}

/** The text of a field, up to the first zero byte. */
function textAt(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

function pathOf(header: Uint8Array): string {
  // GNU tar stores times where ustar has the first part of a long path.
  const isUstar = textAt(header, 257, 6) === 'ustar';
  const prefix = isUstar ? textAt(header, 345, 155) : '';
  return prefix ? `${prefix}/${textAt(header, 0, 100)}` : textAt(header, 0, 100);
}

/** The path and the size in the records `LENGTH key=value\n` of a pax header; LENGTH is that of the whole record. */
function paxRecords(bytes: Uint8Array): Long {
  const found: { -readonly [Name in keyof Long]: Long[Name] } = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = parseInt(decoder.decode(bytes.subarray(at, space)), 10);
    if (!(length > 0)) break;
    const record = decoder.decode(bytes.subarray(space + 1, at + length - 1));
    if (record.startsWith('path=')) found.path = record.slice('path='.length);
    if (record.startsWith('size=')) found.size = Number(record.slice('size='.length) || NaN);
    at += length;
  }
  return found;
}
