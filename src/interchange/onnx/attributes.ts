/** Attributes of nodes: what each is, and readers that name the attribute where it is something else. */
import type { Message } from './schema.ts';
import type { Known } from './values.ts';
import { excerpt } from '../../options.ts';

type Attribute = number | string | readonly number[] | readonly string[] | Known;
export type Attributes = Readonly<Record<string, Attribute | undefined>>;

const FIELDS = ['f', 'i', 's', 't', 'floats', 'ints', 'strings'] as const;
/** By AttributeProto.type; ONNX writes it from IR version 2 on. */
const BY_TYPE: Readonly<Record<number, (typeof FIELDS)[number]>> = {
  1: 'f',
  2: 'i',
  3: 's',
  4: 't',
  6: 'floats',
  7: 'ints',
  8: 'strings',
};

/**
 * The attributes of a node by their names. Graphs, which `If` has, and kinds that no operator here takes are left out.
 *
 * @param place of the node, for errors
 */
export function attributesOf(
  place: string,
  { attribute }: Message<'NodeProto'>,
  read: (tensor: Message<'TensorProto'>) => Known,
): Attributes {
  const found = Object.create(null) as Record<string, Attribute>;
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  for (const one of attribute) {
    const { name = '', type = 0 } = one;
    if (name === '' || name in found)
      throw new Error(`${place}: expected attributes with different names, got '${name}' twice`);
    if (one.refAttrName)
      throw new Error(`${place}: expected a value of '${name}', got a reference of a function`);
    const field =
      BY_TYPE[type] ??
      (type === 0
        ? FIELDS.find((key) => ([] as unknown[]).concat(one[key] ?? []).length > 0)
        : null);
    if (field === 'f' || field === 'i') found[name] = one[field] ?? 0;
    else if (field === 's') found[name] = text(one.s ?? new Uint8Array(0));
    else if (field === 't' && one.t) found[name] = read(one.t);
    else if (field === 'floats' || field === 'ints') found[name] = one[field];
    else if (field === 'strings') found[name] = one.strings.map(text);
  }
  return found;
}

const fail = (name: string, expected: string, got: unknown): never => {
  throw new Error(`expected ${name} to be ${expected}, got ${excerpt(JSON.stringify(got))}`);
};

export function numberAttribute<T extends number | undefined>(
  attributes: Attributes,
  name: string,
  otherwise: T,
): number | T {
  const value = attributes[name] ?? otherwise;
  return typeof value === 'number' || value === undefined
    ? (value as number | T)
    : fail(name, 'a number', value);
}

export function textAttribute(attributes: Attributes, name: string, otherwise: string): string {
  const value = attributes[name] ?? otherwise;
  return typeof value === 'string' ? value : fail(name, 'a text', value);
}

export function numbersAttribute(attributes: Attributes, name: string): readonly number[] | null {
  const value = attributes[name] ?? null;
  const fits = value === null || (Array.isArray(value) && typeof (value[0] ?? 0) === 'number');
  return fits ? (value as readonly number[] | null) : fail(name, 'a list of numbers', value);
}

export function textsAttribute(attributes: Attributes, name: string): readonly string[] | null {
  const value = attributes[name] ?? null;
  const fits = value === null || (Array.isArray(value) && typeof (value[0] ?? '') === 'string');
  return fits ? (value as readonly string[] | null) : fail(name, 'a list of texts', value);
}

export function tensorAttribute(attributes: Attributes, name: string): Known | null {
  const value = attributes[name] ?? null;
  const fits = value === null || (typeof value === 'object' && !Array.isArray(value));
  return fits ? (value as Known | null) : fail(name, 'a tensor', value);
}
