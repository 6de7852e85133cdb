/** What is in a file of ONNX, without making a model of it: its nodes, and its tensors. */
import { ELEMENT_BYTES } from '../elements.ts';
import type { FileTensor } from '../elements.ts';
import { openFile } from '../source.ts';
import type { FileSource, ReadOptions } from '../source.ts';
import { externalBytes } from './external.ts';
import { readModel } from './read.ts';
import { DATA_TYPES } from './schema.ts';
import type { Message } from './schema.ts';
import { elementType, factsOfTensor, tensorIn } from './tensors.ts';

type Tensor = Message<'TensorProto'>;

/** Whether the first field is the version of the format, as every program writes it. */
export const isOnnx = (bytes: Uint8Array): boolean =>
  bytes[0] === 8 && bytes[1] > 0 && bytes[1] < 64 && (bytes[2] & 7) === 2;

export async function readOnnx(
  source: FileSource,
  options: ReadOptions = {},
): Promise<ReadonlyMap<string, FileTensor>> {
  const file = await openFile('readOnnx', source, options);
  const model = readModel(file.name, await file.whole());
  const external = await externalBytes(file.name, model, source, options);
  const tensors = model.graph ? namedTensors(model.graph) : [];
  return new Map(tensors.map(([name, tensor]) => [name, tensorIn(file.name, tensor, external)]));
}

/** What `inspectFile` tells. */
export function onnxFacts(file: string, bytes: Uint8Array) {
  const model = readModel(file, bytes);
  if (!model.graph) throw new Error(`${file}: expected a model of ONNX, got none`);
  const { graph, producerName = '', producerVersion = '' } = model;
  const opsets = model.opsetImport.map(
    ({ domain = '', version = 0 }) => `${domain === '' ? 'opset' : domain} ${version}`,
  );
  const given = new Set(graph.initializer.map(({ name }) => name));
  const producer = [producerName, producerVersion].filter((text) => text !== '').join(' ');
  return {
    kind: [`ONNX ${opsets.join(', ')}`, producer].filter((text) => text !== '').join(', '),
    layers: nodesIn(graph, ''),
    tensors: namedTensors(graph).map(([name, tensor]) => {
      const { type, shape, size } = factsOfTensor(file, tensor);
      return { name, type, shape, bytes: size * ELEMENT_BYTES[type] };
    }),
    others: [
      ...graph.input
        .filter(({ name }) => !given.has(name))
        .map((value) => `input ${written(value)}`),
      ...graph.output.map((value) => `output ${written(value)}`),
    ],
  };
}

function nodesIn(
  graph: Message<'GraphProto'>,
  path: string,
): { name: string; className: string }[] {
  return graph.node.flatMap(({ name, opType = '', output, attribute }) => {
    if (opType === 'Constant') return [];
    const own = path + (name || output[0] || opType);
    const inside = attribute.flatMap(({ g, name: branch = '' }) =>
      g ? nodesIn(g, `${own}/${branch}/`) : [],
    );
    return [{ name: own, className: opType }, ...inside];
  });
}

/** Initializers and constants of numbers, those of graphs within graphs too. */
function namedTensors(graph: Message<'GraphProto'>): [string, Tensor][] {
  const own = graph.initializer.map((tensor): [string, Tensor] => [tensor.name ?? '', tensor]);
  const others = graph.node.flatMap(({ opType, output, attribute }) =>
    attribute.flatMap(({ t, g }): [string, Tensor][] => [
      ...(t && opType === 'Constant' ? [[output[0] ?? '', t] as [string, Tensor]] : []),
      ...(g ? namedTensors(g) : []),
    ]),
  );
  return [...own, ...others].filter(
    ([, { dataType }]) => dataType !== DATA_TYPES.string && elementType(dataType) !== null,
  );
}

/** `x float32[batch, 4]`. */
function written({ name = '', type }: Message<'ValueInfoProto'>): string {
  const { elemType, shape } = type?.tensorType ?? {};
  const extents = shape?.dim.map(({ dimValue, dimParam }) => dimValue ?? (dimParam || '?'));
  return `${name} ${elementType(elemType) ?? 'of another type'}${extents ? `[${extents.join(', ')}]` : ''}`;
}
