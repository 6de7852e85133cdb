/** Values of tensors that are in other files beside an ONNX file: only in its folder, and never more than a tensor takes. */
import { beside } from '../safetensors.ts';
import { ELEMENT_BYTES } from '../elements.ts';
import { openFile } from '../source.ts';
import type { FileSource, OpenFile, ReadOptions } from '../source.ts';
import type { Message } from './schema.ts';
import { factsOfTensor, placeOf } from './tensors.ts';
import type { ExternalBytes } from './tensors.ts';
import { excerpt } from '../../options.ts';

const MAX_SHARE = 8;

interface ExternalOptions extends ReadOptions {
  readonly externalData?: Readonly<Record<string, FileSource>>;
}

export async function externalBytes(
  file: string,
  model: Message<'ModelProto'>,
  source: FileSource,
  { externalData, onProgress, signal }: ExternalOptions,
): Promise<ExternalBytes> {
  const tensors = model.graph ? tensorsIn(model.graph) : [];
  const outside = tensors.filter(({ dataLocation }) => dataLocation === 1);
  const found = new Map<Message<'TensorProto'>, Uint8Array>();
  const open = new Map<string, OpenFile>();
  const read = new Map<string, number>();
  for (const tensor of outside) {
    const place = placeOf(file, tensor);
    const facts = new Map(tensor.externalData.map(({ key = '', value = '' }) => [key, value]));
    const location = facts.get('location') ?? '';
    checkLocation(place, location);
    const { size, type } = factsOfTensor(file, tensor);
    const length = size * ELEMENT_BYTES[type];
    const offset = Number(facts.get('offset') ?? 0);
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new Error(
        `${place}: expected a place in '${location}', got '${facts.get('offset')}'; the file is damaged`,
      );
    const where =
      externalData && Object.hasOwn(externalData, location)
        ? externalData[location]
        : source instanceof URL
          ? new URL(location, source)
          : typeof source === 'string'
            ? beside(source, location)
            : null;
    if (where === null)
      throw new Error(
        `${place}: expected its values, which are in the file '${location}'; give it: loadOnnx(file, { externalData: { ${excerpt(JSON.stringify(location))}: … } })`,
      );
    const opened =
      open.get(location) ??
      (await openFile('loadOnnx', where, {
        ...(onProgress && { onProgress }),
        ...(signal && { signal }),
      }));
    open.set(location, opened);
    const bytes = await opened.part(offset, offset + length);
    if (bytes.length !== length)
      throw new Error(
        `${place}: expected ${length} bytes from byte ${offset} of '${location}' on, got ${bytes.length}; the file is damaged`,
      );
    found.set(tensor, bytes);
    // Two tensors may share their values, but not so many that a small file fills the memory.
    const taken = (read.get(location) ?? 0) + length;
    read.set(location, taken);
    const most = MAX_SHARE * (opened.size() ?? taken);
    if (taken > most)
      throw new Error(
        `${place}: expected tensors of at most ${MAX_SHARE} times the bytes of '${location}', got ${taken} bytes; the file is damaged`,
      );
  }
  return found;
}

/** A file of the same folder, or of one in it. */
function checkLocation(place: string, location: string): void {
  const isPlain =
    !/[\\:\x00-\x1f?#%]/.test(location) &&
    location.split('/').every((step) => !['', '.', '..'].includes(step));
  if (!isPlain)
    throw new Error(
      `${place}: expected its values in a file of the same folder, got ${excerpt(JSON.stringify(location))}; the file was made to harm, or by a faulty program`,
    );
}

/** All tensors of a graph, those of graphs within it too. */
function tensorsIn(graph: Message<'GraphProto'>): Message<'TensorProto'>[] {
  return [
    ...graph.initializer,
    ...graph.node.flatMap(({ attribute }) =>
      attribute.flatMap(({ t, g, tensors, graphs }) => [
        ...(t ? [t] : []),
        ...tensors,
        ...(g ? tensorsIn(g) : []),
        ...graphs.flatMap(tensorsIn),
      ]),
    ),
  ];
}
