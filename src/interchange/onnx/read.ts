/**
 * Reads protocol buffers by the table in schema.ts. A file is not trusted: every length is checked against what there is, and how deep messages
 * lie and how many there are is limited, so that time and memory follow from the length of the file.
 */
import { Bytes } from '../bytes.ts';
import { SCHEMA } from './schema.ts';
import type { Field, Message, MessageName } from './schema.ts';

/** Messages within messages; graphs within graphs take three each. */
const MAX_DEPTH = 64;
/** The largest models have some hundred thousand. */
const MAX_MESSAGES = 2 ** 21;
const [VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES] = [0, 1, 2, 5] as const;
const EMPTY: readonly never[] = Object.freeze([]);

interface Known {
  readonly field: string;
  readonly kind: Field[1];
  readonly repeated: boolean;
}
interface Layout {
  /** By number. */
  readonly fields: ReadonlyMap<number, Known>;
  readonly lists: readonly string[];
}

const LAYOUTS = new Map<MessageName, Layout>();

function layoutOf(name: MessageName): Layout {
  const found = LAYOUTS.get(name);
  if (found) return found;
  const entries = Object.entries<Field>(SCHEMA[name]);
  const layout = {
    fields: new Map(
      entries.map(([field, [number, kind, repeated]]) => [
        number,
        { field, kind, repeated: repeated !== undefined },
      ]),
    ),
    lists: entries.flatMap(([field, [, , repeated]]) => (repeated ? field : [])),
  };
  LAYOUTS.set(name, layout);
  return layout;
}

/** The model in the bytes of a file, which `bytes` and raw values stay views of. */
export function readModel(file: string, bytes: Uint8Array): Message<'ModelProto'> {
  return new Reader(file, bytes).message('ModelProto', 0, bytes.length, 0) as Message<'ModelProto'>;
}

class Reader {
  private readonly bytes: Bytes;
  private at = 0;
  private messages = 0;

  constructor(file: string, bytes: Uint8Array) {
    this.bytes = new Bytes(file, bytes);
  }

  message(name: MessageName, begin: number, end: number, depth: number): object {
    if (depth > MAX_DEPTH)
      this.bytes.fail(begin, `expected at most ${MAX_DEPTH} messages inside each other, got more`);
    if (++this.messages > MAX_MESSAGES)
      this.bytes.fail(begin, `expected at most ${MAX_MESSAGES} messages, got more`);
    const { fields, lists } = layoutOf(name);
    const found: Record<string, unknown> = {};
    for (const list of lists) found[list] = EMPTY;
    this.at = begin;
    while (this.at < end) {
      const from = this.at;
      const tag = this.varint();
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      if (number < 1 || number >= 2 ** 29)
        this.bytes.fail(from, `expected a field of ${name}, got number ${number}`);
      const known = fields.get(number);
      if (!known) this.skip(wire);
      else if (!known.repeated) found[known.field] = this.value(known, name, wire, depth);
      else {
        if (found[known.field] === EMPTY) found[known.field] = [];
        this.item(found[known.field] as unknown[], known, name, wire, depth);
      }
      if (this.at > end)
        this.bytes.fail(from, `expected a field within ${name}, which ends at byte ${end}`);
    }
    return found;
  }

  /** An element of a list, or several numbers in a row. */
  private item(
    list: unknown[],
    known: Known,
    name: MessageName,
    wire: number,
    depth: number,
  ): void {
    const size = { int: VARINT, float: FOUR_BYTES, double: EIGHT_BYTES }[known.kind as 'int'];
    if (size === undefined || wire !== LENGTH) {
      list.push(this.value(known, name, wire, depth));
      return;
    }
    const end = this.length();
    while (this.at < end) list.push(this.value(known, name, size, depth));
    if (this.at > end) this.bytes.fail(end, `expected whole numbers in '${known.field}'`);
  }

  private value({ kind, field }: Known, name: MessageName, wire: number, depth: number): unknown {
    const from = this.at;
    const wanted = { int: VARINT, float: FOUR_BYTES, double: EIGHT_BYTES }[kind as 'int'] ?? LENGTH;
    if (wire !== wanted)
      this.bytes.fail(from, `expected '${field}' of ${name} as ${kind}, got wire type ${wire}`);
    if (kind === 'int') return this.varint();
    if (kind === 'float' || kind === 'double') {
      const size = kind === 'float' ? 4 : 8;
      const { buffer, byteOffset } = this.bytes.part(from, size);
      this.at += size;
      const view = new DataView(buffer, byteOffset, size);
      return kind === 'float' ? view.getFloat32(0, true) : view.getFloat64(0, true);
    }
    const end = this.length();
    const begin = this.at;
    if (kind !== 'text' && kind !== 'bytes') {
      const inner = this.message(kind, begin, end, depth + 1);
      this.at = end;
      return inner;
    }
    this.at = end;
    return kind === 'text'
      ? this.bytes.text(begin, end - begin)
      : this.bytes.part(begin, end - begin);
  }

  /** Where what begins here ends. */
  private length(): number {
    const from = this.at;
    const length = this.varint();
    if (!(length >= 0 && this.at + length <= this.bytes.length))
      this.bytes.fail(from, `expected ${length} bytes, but the file ends before`);
    return this.at + length;
  }

  /** 64 bits with a sign; beyond 2^53 rounded, as the ends of slices are that mean "all". */
  private varint(): number {
    const from = this.at;
    const parts = [0, 0, 0];
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes.u8(this.at++);
      parts[i >> 2] += (byte & 127) * 2 ** (7 * (i & 3));
      if (byte > 127) continue;
      const [low, middle, high] = parts;
      const top = high % 256;
      if (top < 128) return low + middle * 2 ** 28 + top * 2 ** 56;
      const most = 2 ** 28 - 1;
      return -(most - low + (most - middle) * 2 ** 28 + (255 - top) * 2 ** 56 + 1);
    }
    return this.bytes.fail(from, 'expected a number of at most ten bytes');
  }

  private skip(wire: number): void {
    const from = this.at;
    if (wire === VARINT) this.varint();
    else if (wire === LENGTH) this.at = this.length();
    else if (wire === EIGHT_BYTES || wire === FOUR_BYTES) {
      const size = wire === EIGHT_BYTES ? 8 : 4;
      this.bytes.need(from, size);
      this.at += size;
    } else this.bytes.fail(from, `expected a field, got one of wire type ${wire}`);
  }
}
