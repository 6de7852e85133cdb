/** Writes the messages of an ONNX file, by the table that they are read by. */
import { joined } from '../../bytes.ts';
import { SCHEMA } from './schema.ts';
import type { Draft, Field, MessageName } from './schema.ts';

/** How a value's end is found, by kind; of texts, bytes and messages the length stands before them. */
const WIRES = { int: 0, double: 1, float: 5 } as const;
const WITH_LENGTH = 2;
/** Readers of protobuf take no more. */
const MOST_BYTES = 2 ** 31 - 1;

/** @throws Error where the message takes 2 GiB or more, which no reader takes */
export function encode<M extends MessageName>(
  message: M,
  draft: Draft<M>,
): Uint8Array<ArrayBuffer> {
  const pieces = piecesOf(message, draft);
  const bytes = lengthOf(pieces);
  if (bytes > MOST_BYTES)
    throw new Error(
      `${message}: expected less than 2 GiB, the most that a file of protobuf holds, got ${bytes} bytes; save the model in parts`,
    );
  return joined(pieces);
}

const lengthOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

function piecesOf(message: MessageName, draft: object): Uint8Array[] {
  const fields = Object.entries<Field>(SCHEMA[message]);
  return fields.flatMap(([name, [number, kind, repeated]]) => {
    const value = (draft as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) return [];
    const values = repeated ? (value as readonly unknown[]) : [value];
    const wire = (WIRES as Readonly<Record<string, number>>)[kind] ?? WITH_LENGTH;
    if (wire === WITH_LENGTH)
      return values.flatMap((one) => withLength(number, contentOf(kind, one)));
    const numbers = values.map((one) => numberOf(kind, one as number));
    if (repeated) return numbers.length > 0 ? withLength(number, numbers) : [];
    return [varint(8 * number + wire), ...numbers];
  });
}

function withLength(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  return [varint(8 * number + WITH_LENGTH), varint(lengthOf(pieces)), ...pieces];
}

function contentOf(kind: Field[1], value: unknown): Uint8Array[] {
  if (kind === 'text') return [new TextEncoder().encode(value as string)];
  if (kind === 'bytes') return [value as Uint8Array];
  return piecesOf(kind as MessageName, value as object);
}

function numberOf(kind: Field[1], value: number): Uint8Array {
  if (kind === 'int') return varint(value);
  const view = new DataView(new ArrayBuffer(kind === 'float' ? 4 : 8));
  if (kind === 'float') view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
}

/** Seven bits to a byte, the lowest first; the top bit says that more follow. Negative numbers have 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
