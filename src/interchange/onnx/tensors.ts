/** Tensors of an ONNX file: in the message itself as bytes or as numbers, or in a file beside it. */
import { decodeElements, ELEMENT_BYTES } from '../elements.ts';
import type { ElementType, FileTensor, TensorValues } from '../elements.ts';
import { DATA_TYPES } from './schema.ts';
import type { Message } from './schema.ts';

type TensorProto = Message<'TensorProto'>;
/** The bytes of tensors whose values are in another file. */
export type ExternalBytes = ReadonlyMap<TensorProto, Uint8Array>;

const TYPE_NAMES: ReadonlyMap<number, ElementType> = new Map(
  Object.entries(DATA_TYPES).flatMap(([name, code]) =>
    Object.hasOwn(ELEMENT_BYTES, name) ? [[code, name as ElementType] as const] : [],
  ),
);

/** Of a number in the file; null of texts, complex numbers and numbers of fewer than 8 bits. */
export const elementType = (code = 0): ElementType | null => TYPE_NAMES.get(code) ?? null;

/** What stands in front of errors. */
export const placeOf = (file: string, { name }: TensorProto): string =>
  `${file}, tensor '${name ?? ''}'`;

/** Type and shape; throws where they are none. */
export function factsOfTensor(
  file: string,
  tensor: TensorProto,
): { type: ElementType; shape: readonly number[]; size: number } {
  const place = placeOf(file, tensor);
  const type = elementType(tensor.dataType);
  if (!type)
    throw new Error(
      `${place}: expected numbers of a type of ${Object.keys(ELEMENT_BYTES).join(', ')}, got type ${tensor.dataType ?? 0} of ONNX; convert it first`,
    );
  const size = tensor.dims.reduce((product, extent) => product * extent, 1);
  if (tensor.dims.some((extent) => !(extent >= 0 && extent < 2 ** 31)) || !(size < 2 ** 40))
    throw new Error(
      `${place}: expected extents that a tensor can have, got [${tensor.dims}]; the file is damaged`,
    );
  return { type, shape: tensor.dims, size };
}

/** The values of a tensor; as many as its shape says, or an error. */
export function tensorIn(file: string, tensor: TensorProto, external: ExternalBytes): FileTensor {
  const { type, shape, size } = factsOfTensor(file, tensor);
  const bytes = tensor.dataLocation === 1 ? external.get(tensor) : tensor.rawData;
  const expected = size * ELEMENT_BYTES[type];
  if (bytes) {
    if (bytes.length !== expected)
      throw new Error(
        `${placeOf(file, tensor)}: expected ${expected} bytes for ${type} [${shape}], got ${bytes.length}; the file is damaged`,
      );
    return { type, shape, data: decodeElements(type, bytes) };
  }
  const numbers = listed(type, tensor);
  if (numbers.length !== size)
    throw new Error(
      `${placeOf(file, tensor)}: expected ${size} values for ${type} [${shape}], got ${numbers.length}; the file is damaged`,
    );
  return { type, shape, data: fromNumbers(type, numbers) };
}

/** The field that has the numbers of a type. */
function listed(type: ElementType, tensor: TensorProto): readonly number[] {
  if (type === 'float32') return tensor.floatData;
  if (type === 'float64') return tensor.doubleData;
  if (type === 'int64') return tensor.int64Data;
  if (type === 'uint32' || type === 'uint64') return tensor.uint64Data;
  return tensor.int32Data;
}

function fromNumbers(type: ElementType, numbers: readonly number[]): TensorValues {
  // Of half precision the numbers are the bits.
  if (type === 'float16' || type === 'bfloat16')
    return decodeElements(type, new Uint8Array(Uint16Array.from(numbers).buffer));
  if (type === 'float32') return Float32Array.from(numbers);
  if (type === 'bool') return Int32Array.from(numbers, (value) => Number(value !== 0));
  const fits = numbers.every((value) => value === (value | 0));
  return type !== 'float64' && fits ? Int32Array.from(numbers) : Float64Array.from(numbers);
}
