/**
 * Zip archives (PKWARE's APPNOTE.TXT) as `.keras`, `.npz` and `.pt` files are: stored and deflated entries, with the parts for more than
 * 4 GiB, without encryption. Archives are not trusted: what an entry may become is bounded before anything is unpacked.
 */
import { excerpt } from '../options.ts';
import { Bytes } from './bytes.ts';
import { crc32 } from './crc32.ts';

interface Entry {
  readonly path: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive, and unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Of its bytes in the archive. */
  readonly at: number;
}

export interface Archive {
  /** Of the archive, for errors. */
  readonly file: string;
  /** Of all entries but folders, in the order of the archive: bytes unpacked. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Unpacks an entry and checks its CRC. @throws Error naming it where there is none of that path, or it is damaged */
  read(path: string): Promise<Uint8Array>;
}

const MAX_ENTRIES = 100_000;
/** All entries unpacked. */
const MAX_BYTES = 2 ** 32;
/** How many times the archive's own size its entries may have together, above so many bytes. Numbers that were trained hardly shrink. */
const MAX_RATIO = 100;
const FREE_BYTES = 2 ** 24;

const END = 22;
const LOCAL = 30;
const CENTRAL = 46;
const SYMBOLIC_LINK = 0o12;

/** Whether this is an archive, by its first bytes. */
export const isZip = (bytes: Uint8Array): boolean => new Bytes('', bytes).has(0, 'PK\x03\x04');

/** Reads the directory of an archive. @throws Error naming file and entry where it is damaged, or asks for more than it should */
export function openZip(file: string, array: Uint8Array): Archive {
  const bytes = new Bytes(file, array);
  const entries = directoryOf(bytes);
  checkSizes(file, array.length, [...entries.values()]);
  return {
    file,
    sizes: new Map([...entries].map(([path, { size }]) => [path, size])),
    async read(path) {
      const entry = entries.get(path);
      if (!entry)
        throw new Error(
          `${file}: expected an entry '${path}', got ${listed([...entries.keys()])}; the file is of another kind`,
        );
      const packed = bytes.part(entry.at, entry.packed);
      const content = entry.method === 0 ? packed : await inflate(file, entry, packed);
      if (content.length !== entry.size || crc32(content) !== entry.crc)
        throw new Error(
          `${file}: the entry '${path}' does not match its checksum; the file is damaged: copy or save it again`,
        );
      return content;
    },
  };
}

export const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : excerpt(names.slice(0, 8).join(', '), 500) + (names.length > 8 ? ', …' : '');

function directoryOf(bytes: Bytes): Map<string, Entry> {
  const { count, size, at: first } = endOf(bytes);
  if (count > MAX_ENTRIES)
    bytes.fail(first, `expected at most ${MAX_ENTRIES} entries in the archive, got ${count}`);
  bytes.need(first, size);
  const entries = new Map<string, Entry>();
  const ranges: [begin: number, end: number, path: string][] = [];
  let at = first;
  for (let k = 0; k < count; k++) {
    if (!bytes.has(at, 'PK\x01\x02')) bytes.fail(at, `expected entry ${k} of the archive`);
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.u16(at + place));
    const path = bytes.text(at + CENTRAL, name);
    checkPath(bytes.file, path, bytes.u32(at + 38));
    const { packed, size, local } = extentOf(bytes, at, at + CENTRAL + name, extra);
    const [flags, method] = [bytes.u16(at + 8), bytes.u16(at + 10)];
    if ((flags & 1) !== 0 || (method !== 0 && method !== 8))
      throw new Error(
        `${bytes.file}: expected '${path}' stored or deflated, got ${flags & 1 ? 'it encrypted' : `method ${method}`}; pack the archive again`,
      );
    if (!bytes.has(local, 'PK\x03\x04')) bytes.fail(local, `expected the entry '${path}'`);
    const begin = local + LOCAL + bytes.u16(local + 26) + bytes.u16(local + 28);
    bytes.need(begin, packed);
    ranges.push([local, begin + packed, path]);
    if (!path.endsWith('/')) {
      if (entries.has(path)) bytes.fail(at, `expected '${path}' once, got it twice`);
      entries.set(path, { path, method, crc: bytes.u32(at + 16), packed, size, at: begin });
    }
    at += CENTRAL + name + extra + comment;
  }
  if (at > first + size) bytes.fail(at, 'the directory of the archive is longer than it says');
  // Entries that share bytes unpack to more than an archive can hold.
  ranges.sort(([a], [b]) => a - b);
  ranges.forEach(([begin, , path], k) => {
    if (k > 0 && begin < ranges[k - 1][1])
      bytes.fail(begin, `the entries '${ranges[k - 1][2]}' and '${path}' overlap`);
  });
  return entries;
}

/** Where the directory is, from the end of the archive. */
function endOf(bytes: Bytes): { count: number; size: number; at: number } {
  let end = bytes.length - END;
  const last = Math.max(0, end - 0xffff);
  while (
    end >= last &&
    !(bytes.has(end, 'PK\x05\x06') && end + END + bytes.u16(end + 20) === bytes.length)
  )
    end--;
  if (end < last || end < 0)
    bytes.fail(
      Math.max(0, bytes.length - END),
      'expected the end of a zip archive, which is missing',
    );
  const locator = end - 20;
  if (bytes.has(locator, 'PK\x06\x07')) {
    const large = bytes.u64(locator + 8);
    if (!bytes.has(large, 'PK\x06\x06')) bytes.fail(large, "expected the archive's long end");
    return { count: bytes.u64(large + 32), size: bytes.u64(large + 40), at: bytes.u64(large + 48) };
  }
  return { count: bytes.u16(end + 10), size: bytes.u32(end + 12), at: bytes.u32(end + 16) };
}

/** Sizes and place of an entry; those that do not fit 32 bits are in an extra field. */
function extentOf(
  bytes: Bytes,
  at: number,
  extra: number,
  length: number,
): { packed: number; size: number; local: number } {
  const found = [bytes.u32(at + 24), bytes.u32(at + 20), bytes.u32(at + 42)];
  const end = extra + length;
  for (let field = extra; field + 4 <= end; field += 4 + bytes.u16(field + 2)) {
    if (bytes.u16(field) !== 1) continue;
    let place = field + 4;
    found.forEach((value, k) => {
      if (value !== 0xffffffff) return;
      found[k] = bytes.u64(place);
      place += 8;
    });
  }
  const [size, packed, local] = found;
  return { packed, size, local };
}

function checkPath(file: string, path: string, attributes: number): void {
  const steps = path.replace(/\/$/, '').split('/');
  const leadsOut =
    /[\\\x00-\x1f]|^[A-Za-z]:/.test(path) || steps.some((step) => ['', '.', '..'].includes(step));
  if (leadsOut)
    throw new Error(
      `${file}: expected entries with plain paths, got ${excerpt(JSON.stringify(path))}; the archive was made to harm, or by a faulty program`,
    );
  if (attributes >>> 28 === SYMBOLIC_LINK)
    throw new Error(`${file}: expected files in the archive, got '${path}', a symbolic link`);
}

function checkSizes(file: string, length: number, entries: readonly Entry[]): void {
  let total = 0;
  for (const { path, method, packed, size } of entries) {
    total += size;
    if (method === 0 && packed !== size)
      throw new Error(`${file}: expected ${size} bytes in the entry '${path}', got ${packed}`);
    if (total > MAX_BYTES || total > Math.max(FREE_BYTES, MAX_RATIO * length))
      throw new Error(
        `${file}: expected entries of at most ${MAX_BYTES} bytes, and of ${MAX_RATIO} times the ${length} bytes of the archive, got ${total} up to '${path}'; it would fill the memory`,
      );
  }
}

async function inflate(file: string, { path, size }: Entry, packed: Uint8Array) {
  return unpack(packed, 'deflate-raw', size, (problem) => {
    throw new Error(
      `${file}: the entry '${path}' cannot be unpacked: ${problem}; the file is damaged: copy or save it again`,
    );
  });
}

/**
 * Decompresses to exactly `size` bytes; memory for no more than these is taken.
 *
 * @param fail told what is wrong
 */
export async function unpack(
  packed: Uint8Array,
  format: CompressionFormat,
  size: number,
  fail: (problem: string) => never,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(size);
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  const reader = stream.pipeThrough(new DecompressionStream(format)).getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => fail('its bytes are not deflated'));
    if (done) break;
    if (length + value.length > size) {
      void reader.cancel().catch(() => undefined);
      fail(`it is longer than the ${size} bytes that it states`);
    }
    content.set(value, length);
    length += value.length;
  }
  return length === size ? content : fail(`expected ${size} bytes, got ${length}`);
}
