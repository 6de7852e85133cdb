/** Reads model files of other frameworks, and what they answer: see test/fixtures/formats/README.md. */
import { expect } from 'vitest';
import type { Tensor } from '../../src/tensor.ts';

export interface FormatTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly any[];
}

export interface FormatCase {
  readonly file: string;
  readonly note: string;
  readonly inputs: readonly FormatTensor[];
  readonly outputs: readonly FormatTensor[];
  readonly [key: string]: any;
}

type Folder = 'keras' | 'pytorch' | 'npz' | 'onnx' | 'tfjs';
const ROOT = 'test/fixtures/formats';

/** The cases of a folder by their file. */
export async function loadFormats(folder: Folder): Promise<ReadonlyMap<string, FormatCase>> {
  const text = new TextDecoder().decode(await formatFile(folder, 'expected.json.gz'));
  const { cases } = JSON.parse(text) as { cases: FormatCase[] };
  return new Map(cases.map((one) => [one.file, one]));
}

/** The bytes of a file; of one that ends in `.gz`, what is packed in it. */
export async function formatFile(folder: Folder, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = `${ROOT}/${folder}/${name}`;
  const bytes = 'document' in globalThis ? await fetchBytes(`/${path}`) : await readBytes(path);
  // The server of the tests in a browser has it unpacked by the browser.
  if (!name.endsWith('.gz') || bytes[0] !== 0x1f) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The runners for Node and Deno start in the root of the project. */
async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { readFile } = await import('node:fs/promises');
  return new Uint8Array(await readFile(path));
}

/** Holds numbers against those of a framework, within 1e-5 of the largest of them. */
export function expectClose(
  actual: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  { name, shape, data }: FormatTensor,
  tolerance = 1e-5,
): void {
  expect(actual.shape, name).toEqual(shape);
  const wanted = data as readonly number[];
  const limit = tolerance * Math.max(...wanted.map(Math.abs), 1e-30);
  const off = wanted.map((value, i) => Math.abs(value - actual.data[i]));
  // A comparison that NaN fails.
  const worst = off.findIndex((distance) => !(distance <= limit));
  expect(
    worst < 0 ? null : `[${worst}]: expected ${wanted[worst]}, got ${actual.data[worst]}`,
    name,
  ).toBeNull();
}

/** The same of tensors on a device, each of a case's outputs. */
export async function expectOutputs(
  outputs: Tensor | readonly Tensor[],
  expected: readonly FormatTensor[],
): Promise<void> {
  const list = Array.isArray(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];
  expect(list).toHaveLength(expected.length);
  for (const [i, output] of list.entries())
    expectClose({ shape: output.shape, data: await output.data() }, expected[i]);
}

/** An input of a case as what `predict` takes. */
export function inputOf({ dtype, shape, data }: FormatTensor) {
  const values = dtype.startsWith('float') ? Float32Array.from(data) : Int32Array.from(data);
  return { shape: [...shape], data: values };
}
