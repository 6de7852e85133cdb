/**
 * HDF5 files as h5py writes them by default, and what of the newer layout needs no fractal heaps. Every object and every node of a tree is read
 * once: a file in which one leads back to another is refused, so that reading takes no longer than the file is long.
 */
import { sizeOf } from '../../tensor.ts';
import { Bytes } from '../bytes.ts';
import type { FileTensor } from '../elements.ts';
import { listed } from '../zip.ts';
import { addressAt, dataTypeAt, filtersAt, layoutAt, numberAt, shapeAt } from './messages.ts';
import type { DataType } from './messages.ts';
import { treeLeaves } from './tree.ts';
import { readNumbers, textsAt } from './values.ts';
import type { Stored } from './values.ts';

export interface Attribute {
  readonly shape: readonly number[];
  /** Texts, or numbers. */
  read(): Promise<readonly string[] | FileTensor>;
}

export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  /** What its elements are, in words where they are no numbers. */
  readonly type: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** @throws Error where its elements are no numbers */
  read(): Promise<FileTensor>;
}

export interface Hdf5Group {
  readonly path: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
}

const SIGNATURE = '\x89HDF\r\n\x1a\n';
const MAX_NAME = 4096;
const MAX_DEPTH = 64;

const DATASPACE = 0x01;
const LINK_INFO = 0x02;
const DATATYPE = 0x03;
const LINK = 0x06;
const LAYOUT = 0x08;
const FILTERS = 0x0b;
const ATTRIBUTE = 0x0c;
const CONTINUATION = 0x10;
const SYMBOL_TABLE = 0x11;
const ATTRIBUTE_INFO = 0x15;

export const isHdf5 = (array: Uint8Array): boolean => new Bytes('', array).has(0, SIGNATURE);

/** The root of a file, with all that is in it. @throws Error naming file and place where it is damaged */
export function openHdf5(file: string, array: Uint8Array): Hdf5Group {
  const bytes = new Bytes(file, array);
  if (!bytes.has(0, SIGNATURE)) bytes.fail(0, 'expected an HDF5 file');
  const version = bytes.u8(8);
  if (version > 3) bytes.fail(8, `expected a superblock of version 0 to 3, got ${version}`);
  const sizes = version < 2 ? 13 : 9;
  if (bytes.u8(sizes) !== 8 || bytes.u8(sizes + 1) !== 8)
    bytes.fail(sizes, 'expected places and lengths of 8 bytes');
  const base = addressAt(bytes, version < 2 ? (version === 0 ? 24 : 28) : 12);
  if (base !== 0) bytes.fail(8, 'expected places that count from the beginning of the file');
  const root = bytes.u64([64, 68, 36, 36][version]);
  return new Reader(bytes).group(root, '');
}

interface Message {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

class Reader {
  readonly bytes: Bytes;
  /** Places that were read. */
  private readonly seen = new Set<number>();
  private depth = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  private once(at: number, what: string): void {
    if (this.seen.has(at))
      this.bytes.fail(at, `expected ${what} once, got it again: a loop, or another name for it`);
    this.seen.add(at);
  }

  group(at: number, path: string): Hdf5Group {
    const messages = this.messages(at);
    if (++this.depth > MAX_DEPTH)
      this.bytes.fail(at, `groups are nested more than ${MAX_DEPTH} deep`);
    const groups = new Map<string, Hdf5Group>();
    const datasets = new Map<string, Hdf5Dataset>();
    for (const [name, place] of this.links(messages, path)) {
      const inside = this.header(place, `${path}/${name}`);
      if ('groups' in inside) groups.set(name, inside);
      else datasets.set(name, inside);
    }
    this.depth--;
    return { path: path || '/', attributes: this.attributes(messages), groups, datasets };
  }

  private header(at: number, path: string): Hdf5Group | Hdf5Dataset {
    // Its messages tell what an object is; they are read again by who makes it.
    const isDataset = this.messages(at, false).some(({ type }) => type === LAYOUT);
    return isDataset ? this.dataset(at, path) : this.group(at, path);
  }

  private dataset(at: number, path: string): Hdf5Dataset {
    const messages = this.messages(at);
    const place = (type: number, what: string): number =>
      (
        messages.find((message) => message.type === type) ??
        this.bytes.fail(at, `expected ${what} of '${path}'`)
      ).at;
    const dataType = dataTypeAt(this.bytes, place(DATATYPE, 'the type'));
    const shape = shapeAt(this.bytes, place(DATASPACE, 'the shape')) ?? [0];
    const layout = layoutAt(this.bytes, place(LAYOUT, 'the layout'));
    const filters = messages.find(({ type }) => type === FILTERS);
    const stored: Stored = {
      path,
      dataType,
      shape,
      layout,
      filters: filters ? filtersAt(this.bytes, filters.at) : [],
    };
    return {
      path,
      shape,
      type: dataType.kind === 'numbers' ? dataType.type : dataType.kind,
      attributes: this.attributes(messages),
      read: () => readNumbers(this.bytes, stored),
    };
  }

  // ---- messages of an object header -----------------------------------------------------------------------------------

  /** @param mark whether the header is taken as read */
  private messages(at: number, mark = true): Message[] {
    const { bytes } = this;
    if (mark) this.once(at, 'an object');
    const found: Message[] = [];
    const isNew = bytes.has(at, 'OHDR');
    if (!isNew && bytes.u8(at) !== 1) bytes.fail(at, 'expected the header of an object');
    const ordered = isNew && (bytes.u8(at + 5) & 4) !== 0 ? 2 : 0;
    const [head, align] = isNew ? [4 + ordered, 1] : [8, 8];
    const blocks = [
      isNew ? newBlock(bytes, at) : { at: at + 16, end: at + 16 + bytes.u32(at + 8) },
    ];
    const begun = new Set<number>();
    for (const block of blocks) {
      if (begun.has(block.at)) bytes.fail(block.at, 'expected each part of a header once: a loop');
      begun.add(block.at);
      bytes.need(block.at, block.end - block.at);
      for (let place = block.at; place + head <= block.end;) {
        const type = isNew ? bytes.u8(place) : bytes.u16(place);
        const size = bytes.u16(place + (isNew ? 1 : 2));
        const flags = bytes.u8(place + (isNew ? 3 : 4));
        const from = place + head;
        if (from + size > block.end) bytes.fail(place, 'a message of a header leaves it');
        if ((flags & 2) !== 0 && type !== 0)
          bytes.fail(place, 'expected a type of its own, got one that is shared');
        if (type === CONTINUATION) {
          const next = bytes.u64(from);
          const end = next + bytes.u64(from + 8);
          if (isNew && !bytes.has(next, 'OCHK')) bytes.fail(next, 'expected more of a header');
          blocks.push(isNew ? { at: next + 4, end: end - 4 } : { at: next, end });
        } else found.push({ type, at: from, size });
        place = from + align * Math.ceil(size / align);
      }
    }
    return found;
  }

  // ---- links ----------------------------------------------------------------------------------------------------------

  private links(messages: readonly Message[], path: string): Map<string, number> {
    const links = new Map<string, number>();
    const take = (name: string, at: number): void => {
      if (links.has(name)) this.bytes.fail(at, `expected '${name}' once in '${path || '/'}'`);
      links.set(name, at);
    };
    for (const { type, at } of messages) {
      if (type === SYMBOL_TABLE) this.symbols(this.bytes.u64(at), this.bytes.u64(at + 8), take);
      else if (type === LINK) this.link(at, path, take);
      else if (type === LINK_INFO) {
        const flags = this.bytes.u8(at + 1);
        if (addressAt(this.bytes, at + 2 + ((flags & 1) !== 0 ? 8 : 0)) !== null)
          throw new Error(
            `${this.bytes.file}: expected a group '${path || '/'}' in the layout that h5py writes by default, got one with a fractal heap; ` +
              "write the file again without libver='latest'",
          );
      }
    }
    return links;
  }

  private link(at: number, path: string, take: (name: string, at: number) => void): void {
    const { bytes } = this;
    const flags = bytes.u8(at + 1);
    let place = at + 2;
    const kind = (flags & 8) !== 0 ? bytes.u8(place++) : 0;
    place += ((flags & 4) !== 0 ? 8 : 0) + ((flags & 16) !== 0 ? 1 : 0);
    const width = 1 << (flags & 3);
    const length = numberAt(bytes, place, width);
    if (length > MAX_NAME) bytes.fail(place, `expected a name of at most ${MAX_NAME} bytes`);
    const name = bytes.text(place + width, length);
    if (kind !== 0) this.noLink(path, name);
    take(name, bytes.u64(place + width + length));
  }

  private noLink(path: string, name: string): never {
    throw new Error(
      `${this.bytes.file}: expected objects of the file itself, got '${path}/${name}', a link to another name or file`,
    );
  }

  /** Of a group in the older layout: a tree of tables, whose names are in a heap. */
  private symbols(tree: number, heap: number, take: (name: string, at: number) => void): void {
    const { bytes } = this;
    this.once(heap, 'the names of a group');
    if (!bytes.has(heap, 'HEAP')) bytes.fail(heap, 'expected the names of a group');
    const size = bytes.u64(heap + 8);
    const names = bytes.u64(heap + 24);
    bytes.need(names, size);
    for (const table of this.leaves(tree)) {
      this.once(table, 'a table of a group');
      if (!bytes.has(table, 'SNOD')) bytes.fail(table, 'expected a table of a group');
      const count = bytes.u16(table + 6);
      for (let k = 0; k < count; k++) {
        const entry = table + 8 + 40 * k;
        const offset = bytes.u64(entry);
        const limit = Math.min(size - offset, MAX_NAME);
        const length = limit > 0 ? bytes.part(names + offset, limit).indexOf(0) : -1;
        if (length < 0) bytes.fail(entry, 'expected a name that ends');
        const name = bytes.text(names + offset, length);
        if (bytes.u32(entry + 16) === 2) this.noLink('', name);
        take(name, bytes.u64(entry + 8));
      }
    }
  }

  private leaves(at: number): number[] {
    return treeLeaves(this.bytes, at, {
      type: 0,
      key: 8,
      once: (place) => this.once(place, 'a node'),
    }).map(({ child }) => child);
  }

  // ---- attributes -----------------------------------------------------------------------------------------------------

  private attributes(messages: readonly Message[]): Map<string, Attribute> {
    const { bytes } = this;
    const found = new Map<string, Attribute>();
    for (const { type, at, size } of messages) {
      if (type === ATTRIBUTE_INFO) {
        const flags = bytes.u8(at + 1);
        if (addressAt(bytes, at + 2 + ((flags & 1) !== 0 ? 2 : 0)) !== null)
          bytes.fail(
            at,
            "expected attributes in the layout that h5py writes by default; write the file again without libver='latest'",
          );
      }
      if (type !== ATTRIBUTE) continue;
      const version = bytes.u8(at);
      const lengths = [2, 4, 6].map((place) => bytes.u16(at + place));
      const align = version === 1 ? 8 : 1;
      const [named, typed, spaced] = lengths.map((length) => align * Math.ceil(length / align));
      const name = at + (version === 3 ? 9 : 8);
      const dataType = dataTypeAt(bytes, name + named);
      const shape = shapeAt(bytes, name + named + typed) ?? [0];
      const data = name + named + typed + spaced;
      if (data > at + size) bytes.fail(at, 'an attribute leaves its header');
      const text = bytes.text(name, Math.max(0, lengths[0])).replace(/\0.*$/s, '');
      found.set(text, { shape, read: () => this.value(text, dataType, shape, data) });
    }
    return found;
  }

  private async value(name: string, dataType: DataType, shape: readonly number[], at: number) {
    const { bytes } = this;
    const count = sizeOf(shape);
    bytes.need(at, count * dataType.size);
    if (dataType.kind === 'numbers') {
      const layout = { kind: 'compact', at, size: count * dataType.size } as const;
      return readNumbers(bytes, { path: name, dataType, shape, layout, filters: [] });
    }
    return textsAt(bytes, dataType, count, at, name);
  }
}

function newBlock(bytes: Bytes, at: number): { at: number; end: number } {
  const flags = bytes.u8(at + 5);
  const place = at + 6 + ((flags & 32) !== 0 ? 16 : 0) + ((flags & 16) !== 0 ? 4 : 0);
  const width = 1 << (flags & 3);
  const begin = place + width;
  return { at: begin, end: begin + numberAt(bytes, place, width) };
}

/** What is at a path such as `layers/lstm/cell/vars`, or null. */
export function groupAt(group: Hdf5Group, path: string): Hdf5Group | null {
  let found: Hdf5Group | undefined = group;
  for (const step of path.split('/').filter((one) => one !== '')) found = found?.groups.get(step);
  return found ?? null;
}

/** A text of an attribute; null where there is none. */
export async function textOf(
  { attributes, path }: Hdf5Group,
  name: string,
  file: string,
): Promise<string | null> {
  const texts = await textsOf({ attributes, path }, name, file);
  return texts?.[0] ?? null;
}

/** The texts of an attribute; null where there is none. Keras cuts lists that are too long for one: `layer_names0`, `layer_names1`. */
export async function textsOf(
  { attributes, path }: Pick<Hdf5Group, 'attributes' | 'path'>,
  name: string,
  file: string,
): Promise<readonly string[] | null> {
  const cut = [...Array(attributes.size).keys()].map((k) => attributes.get(`${name}${k}`));
  const parts = [attributes.get(name), ...cut].filter((part) => part !== undefined);
  if (parts.length === 0) return null;
  const values = await Promise.all(parts.map((part) => part.read()));
  if (values.some((value) => !Array.isArray(value) && sizeOf((value as FileTensor).shape) > 0))
    throw new Error(
      `${file}: expected texts in attribute '${name}' of '${path}', got ${listed(['numbers'])}`,
    );
  return values.flatMap((value) => (Array.isArray(value) ? (value as string[]) : []));
}
