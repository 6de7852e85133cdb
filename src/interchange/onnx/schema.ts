/**
 * The messages of an ONNX file as one table, for reading and for writing: those that models of tensors need, of onnx.proto3 of ONNX (IR version 10).
 * A field that is not here is skipped by the reader and never written.
 */

/**
 * What a field holds: `int` a varint of 64 bits with a sign, of which numbers, booleans and enums are made; `float` and `double` 4 and 8 bytes,
 * little-endian; `text` UTF-8; `bytes`; or the name of a message.
 */
type Kind = 'int' | 'float' | 'double' | 'text' | 'bytes' | MessageName;
/** A field's number, its kind, and 'repeated' where it is a list. Lists of numbers may be packed. */
export type Field = readonly [number: number, kind: Kind, repeated?: 'repeated'];

/** Message → field, in the camelCase of protobuf's JSON → number, kind, repeated. */
export const SCHEMA = {
  ModelProto: {
    irVersion: [1, 'int'],
    producerName: [2, 'text'],
    producerVersion: [3, 'text'],
    domain: [4, 'text'],
    modelVersion: [5, 'int'],
    docString: [6, 'text'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto', 'repeated'],
    metadataProps: [14, 'StringStringEntryProto', 'repeated'],
    functions: [25, 'FunctionProto', 'repeated'],
  },
  OperatorSetIdProto: {
    /** Empty for the operators of ONNX itself. */
    domain: [1, 'text'],
    version: [2, 'int'],
  },
  StringStringEntryProto: {
    key: [1, 'text'],
    value: [2, 'text'],
  },
  GraphProto: {
    node: [1, 'NodeProto', 'repeated'],
    name: [2, 'text'],
    initializer: [5, 'TensorProto', 'repeated'],
    docString: [10, 'text'],
    input: [11, 'ValueInfoProto', 'repeated'],
    output: [12, 'ValueInfoProto', 'repeated'],
    valueInfo: [13, 'ValueInfoProto', 'repeated'],
    sparseInitializer: [15, 'SparseTensorProto', 'repeated'],
  },
  NodeProto: {
    /** Names of values; an empty one is an input that is left out. */
    input: [1, 'text', 'repeated'],
    output: [2, 'text', 'repeated'],
    name: [3, 'text'],
    opType: [4, 'text'],
    attribute: [5, 'AttributeProto', 'repeated'],
    docString: [6, 'text'],
    domain: [7, 'text'],
    /** Of a function of a model with several of the same name. */
    overload: [8, 'text'],
  },
  AttributeProto: {
    name: [1, 'text'],
    f: [2, 'float'],
    i: [3, 'int'],
    s: [4, 'bytes'],
    t: [5, 'TensorProto'],
    g: [6, 'GraphProto'],
    floats: [7, 'float', 'repeated'],
    ints: [8, 'int', 'repeated'],
    strings: [9, 'bytes', 'repeated'],
    tensors: [10, 'TensorProto', 'repeated'],
    graphs: [11, 'GraphProto', 'repeated'],
    docString: [13, 'text'],
    /** See `ATTRIBUTE_TYPES`. */
    type: [20, 'int'],
    /** Within a function: the attribute of its call. */
    refAttrName: [21, 'text'],
    sparseTensor: [22, 'SparseTensorProto'],
  },
  ValueInfoProto: {
    name: [1, 'text'],
    type: [2, 'TypeProto'],
    docString: [3, 'text'],
  },
  TypeProto: {
    tensorType: [1, 'TensorTypeProto'],
  },
  /** TypeProto.Tensor. */
  TensorTypeProto: {
    /** See `DATA_TYPES`. */
    elemType: [1, 'int'],
    shape: [2, 'TensorShapeProto'],
  },
  TensorShapeProto: {
    dim: [1, 'DimensionProto', 'repeated'],
  },
  /** TensorShapeProto.Dimension: a number or a name; neither, where it is not known. */
  DimensionProto: {
    dimValue: [1, 'int'],
    dimParam: [2, 'text'],
  },
  TensorProto: {
    dims: [1, 'int', 'repeated'],
    /** See `DATA_TYPES`. */
    dataType: [2, 'int'],
    floatData: [4, 'float', 'repeated'],
    int32Data: [5, 'int', 'repeated'],
    stringData: [6, 'bytes', 'repeated'],
    int64Data: [7, 'int', 'repeated'],
    name: [8, 'text'],
    rawData: [9, 'bytes'],
    doubleData: [10, 'double', 'repeated'],
    uint64Data: [11, 'int', 'repeated'],
    docString: [12, 'text'],
    externalData: [13, 'StringStringEntryProto', 'repeated'],
    /** 1: the values are in another file. */
    dataLocation: [14, 'int'],
  },
  SparseTensorProto: {
    values: [1, 'TensorProto'],
    indices: [2, 'TensorProto'],
    dims: [3, 'int', 'repeated'],
  },
  FunctionProto: {
    name: [1, 'text'],
    input: [4, 'text', 'repeated'],
    output: [5, 'text', 'repeated'],
    attribute: [6, 'text', 'repeated'],
    node: [7, 'NodeProto', 'repeated'],
    docString: [8, 'text'],
    opsetImport: [9, 'OperatorSetIdProto', 'repeated'],
    domain: [10, 'text'],
    /** Attributes of a call with the values that they have where they are left out. */
    attributeProto: [11, 'AttributeProto', 'repeated'],
    overload: [13, 'text'],
  },
} as const satisfies Record<string, Record<string, readonly [number, string, 'repeated'?]>>;

type Schema = typeof SCHEMA;
export type MessageName = keyof Schema;

type Value<K> = K extends MessageName
  ? Message<K>
  : K extends 'text'
    ? string
    : K extends 'bytes'
      ? Uint8Array
      : number;
type Single<F> = F extends readonly [number, infer K] ? Value<K> : never;
type List<F> = F extends readonly [number, infer K, 'repeated'] ? readonly Value<K>[] : never;
type Lists<M extends MessageName> = {
  [F in keyof Schema[M]]: Schema[M][F] extends readonly [number, string, 'repeated'] ? F : never;
}[keyof Schema[M]];

/** A message as it is read: lists are there, if empty, and what the file does not state is left out. */
export type Message<M extends MessageName> = {
  readonly [F in Lists<M>]: List<Schema[M][F]>;
} & {
  readonly [F in Exclude<keyof Schema[M], Lists<M>>]?: Single<Schema[M][F]>;
};

type DraftValue<K> = K extends MessageName ? Draft<K> : Value<K>;
/** A message to write: everything may be left out. */
export type Draft<M extends MessageName> = {
  readonly [F in keyof Schema[M]]?: Schema[M][F] extends readonly [number, infer K, 'repeated']
    ? readonly DraftValue<K>[]
    : Schema[M][F] extends readonly [number, infer K]
      ? DraftValue<K>
      : never;
};

/** TensorProto.DataType of the types that models of numbers have, by the names of `ElementType`. */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

/** AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPES = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;
