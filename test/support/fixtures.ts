/** Reads golden vectors (see test/fixtures/README.md) in the browser, in Node and in Deno. */

export interface GoldenTensor {
  readonly dtype: 'f32' | 'i32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
export type GoldenGroup = Record<string, GoldenTensor>;

export interface GoldenCase {
  readonly name: string;
  readonly op: string;
  readonly config: Record<string, any>;
  readonly inputs: GoldenGroup;
  /** Empty where the case has none, as are the groups below. */
  readonly params: GoldenGroup;
  readonly buffers: GoldenGroup;
  readonly outputs: GoldenGroup;
  readonly outgrads: GoldenGroup;
  readonly grads: GoldenGroup;
}

const GROUPS = ['inputs', 'params', 'buffers', 'outputs', 'outgrads', 'grads'] as const;
type Group = (typeof GROUPS)[number];

interface StoredTensor {
  dtype: 'f32' | 'i32';
  shape: number[];
  offset: number;
}
type StoredCase = { name: string; op: string; config: Record<string, any> } & {
  [G in Group]?: Record<string, StoredTensor>;
};
interface Stored {
  format: string;
  bin: string;
  bytes: number;
  cases: StoredCase[];
}

/** The cases of a suite of test/fixtures. */
export async function loadFixture(suite: string): Promise<GoldenCase[]> {
  const cases = await load('test/fixtures', '/test/fixtures', suite);
  if (cases === null) throw new Error(`test/fixtures has no suite '${suite}'`);
  return cases;
}

/** The cases of a suite that is too large for the repository, or null where ../shared/golden is not there. */
export function loadLargeFixture(suite: string): Promise<GoldenCase[] | null> {
  return load('../shared/golden', '/golden', suite);
}

async function load(folder: string, url: string, suite: string): Promise<GoldenCase[] | null> {
  const read = 'document' in globalThis ? fetchBytes(url) : await readBytes(folder);
  const json = await read(`${suite}.json`);
  if (json === null) return null;
  const stored = JSON.parse(new TextDecoder().decode(json)) as Stored;
  const blob = await read(stored.bin);
  if (blob === null) throw new Error(`${folder}/${stored.bin} is missing`);
  if (blob.byteLength !== stored.bytes)
    throw new Error(`${stored.bin}: expected ${stored.bytes} bytes, got ${blob.byteLength}`);
  return stored.cases.map((entry) => caseOf(entry, blob));
}

function caseOf(entry: StoredCase, blob: ArrayBuffer): GoldenCase {
  const groups = GROUPS.map((group) => {
    const tensors = Object.entries(entry[group] ?? {}).map(([name, t]) => [name, view(t, blob)]);
    return [group, Object.fromEntries(tensors)];
  });
  return {
    name: entry.name,
    op: entry.op,
    config: entry.config,
    ...(Object.fromEntries(groups) as Record<Group, GoldenGroup>),
  };
}

function view({ dtype, shape, offset }: StoredTensor, blob: ArrayBuffer): GoldenTensor {
  const length = shape.reduce((product, extent) => product * extent, 1);
  const array = dtype === 'i32' ? Int32Array : Float32Array;
  // A copy, so that a test that writes into one tensor leaves its neighbours alone.
  return { dtype, shape, data: new array(blob, offset, length).slice() };
}

type Read = (name: string) => Promise<ArrayBuffer | null>;

function fetchBytes(url: string): Read {
  return async (name) => {
    const response = await fetch(`${url}/${name}`);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${url}/${name}: HTTP ${response.status}`);
    return response.arrayBuffer();
  };
}

/** The runners for Node and Deno start in the root of the project. */
async function readBytes(folder: string): Promise<Read> {
  const { existsSync, readFileSync } = await import('node:fs');
  return async (name) => {
    const path = `${folder}/${name}`;
    if (!existsSync(path)) return null;
    return new Uint8Array(readFileSync(path)).buffer;
  };
}
