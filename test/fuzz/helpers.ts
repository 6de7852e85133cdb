/**
 * What the programs of cases may call beside the library. Their source is printed with a finding, so that it runs by itself: each of
 * them uses nothing but the library, JavaScript, Node and the others here.
 */
import { Tensor, tensor } from '../../src/index.ts';

/** Throws what a case has found. */
export function found(what: string): never {
  throw Object.assign(new Error(what), { name: 'Found' });
}

/** Throws where a number among `values`, however nested, is NaN. Tensors are read. */
export async function finite(...values: any[]): Promise<void> {
  for (const value of values) {
    if (value instanceof Tensor) await finite(await value.data());
    else if (typeof value === 'number' && Number.isNaN(value)) found('silent NaN');
    else if (ArrayBuffer.isView(value)) {
      const at = (value as Float32Array).findIndex?.((number) => Number.isNaN(number)) ?? -1;
      if (at >= 0) found(`silent NaN at index ${at}`);
    } else if (value && typeof value === 'object') await finite(...Object.values(value as object));
  }
}

/** Trains two steps towards 1, on whatever the model's outputs are; its weights and outputs must stay numbers. */
export async function train(net: any, x: any, options: object = {}): Promise<void> {
  net.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
  const before = [await net.predict(x)].flat();
  await finite(before);
  const y = before.map(({ size, shape }) => ({ data: new Float32Array(size).fill(1), shape }));
  await net.fit(x, y.length === 1 ? y[0] : y, { epochs: 2, verbose: 0 });
  await finite(await net.getWeights(), await net.predict(x));
}

/** Throws unless `run` throws an Error that names the option `name` of `whose`; `unknown` where there is none of that name. */
export async function refuses(
  whose: string,
  name: string,
  run: () => unknown,
  unknown = false,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error && !error.message.includes(name))
      throw new Error(`the message does not name ${name}: ${error.message}`, { cause: error });
    throw error;
  }
  found(`${whose}: ${unknown ? `an unknown name, '${name}',` : name} was accepted`);
}

/** Reads tensors, and the first few of what can be iterated. */
export async function settled(value: any): Promise<unknown> {
  if (value instanceof Tensor) return value.array();
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const item of value.slice(0, 20)) list.push(await settled(item));
    return list;
  }
  if (value && typeof value[Symbol.asyncIterator] === 'function') {
    const list: unknown[] = [];
    for await (const item of value) if (list.push(item) >= 20) break;
    return list;
  }
  return value;
}

/**
 * Runs a call; where it fails, the model's weights, optimizer and counters must be as before, and no memory may be left. Batches of validation that
 * are made one by one come after an epoch of training, which stays where one of them is wrong.
 */
export async function unchanged(
  net: any,
  run: (given?: unknown) => unknown,
  given?: any,
): Promise<unknown> {
  const [data] = [given?.validationData].flat();
  const isLate =
    typeof data === 'function' ||
    (!Array.isArray(data) &&
      [Symbol.iterator, Symbol.asyncIterator].some((name) => name in Object(data)));
  const state = async (): Promise<string> => {
    const { json, weights } = await net.save();
    return `${json} ${Buffer.from(weights).toString('base64')}`;
  };
  const before = await state();
  const { storages } = net.device.stats();
  try {
    return await run(given);
  } catch (error) {
    if (!isLate && (await state()) !== before)
      found(`weights or counters changed (${String(error)})`);
    const left = net.device.stats().storages - storages;
    if (left > 0) found(`the call that failed left ${left} storages (${String(error)})`);
    throw error;
  }
}

/** A tensor that is used after its memory was given back. */
export function freed(): Tensor {
  const one = tensor([1, 2]);
  one.dispose();
  return one;
}

/** Sets what is at a place of an object, `['a', '0', 'b']`; undefined deletes it. */
export function set(object: any, place: string[], value: unknown): void {
  const keys = [...place];
  const last = keys.pop()!;
  let at = object;
  for (const key of keys) at = at?.[key];
  // A list's length is no place of its own, and stays.
  if (!at || typeof at !== 'object' || (Array.isArray(at) && last === 'length')) return;
  if (value === undefined) delete at[last];
  else
    Object.defineProperty(at, last, {
      // A part of the object itself would make a circle.
      value: typeof value === 'object' && value !== null ? structuredClone(value) : value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
}

/** Bytes one after the other. */
export function joined(...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

/** Chunks of bytes, each of a size of its own; no more than 2^16 of them, which take long enough. */
export async function* chunks(bytes: Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length], bytes.length / 2 ** 16);
    const end = Math.min(bytes.length, at + Math.ceil(size));
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** All elements of a dataset or a generator, at most so many. */
export async function all(source: any, most = 10_000): Promise<any[]> {
  const list: any[] = [];
  for await (const item of source) {
    list.push(item);
    if (list.length >= most) break;
  }
  return list;
}

/** A tar archive of files by their paths; `header` may damage a header before its checksum is written. */
export function tar(
  files: Record<string, string>,
  header: (bytes: Uint8Array) => void = () => undefined,
): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const [path, text] of Object.entries(files)) {
    const block = new Uint8Array(512);
    const put = (value: string, at: number) => block.set(Buffer.from(value), at);
    put(path, 0);
    put(Buffer.byteLength(text).toString(8).padStart(11, '0'), 124);
    put('0', 156);
    put('ustar\x0000', 257);
    header(block);
    put(' '.repeat(8), 148);
    put(
      block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0') + '\0',
      148,
    );
    const padding = new Uint8Array((512 - (text.length % 512)) % 512);
    bytes.push(...block, ...Buffer.from(text), ...padding);
  }
  return Uint8Array.from([...bytes, ...new Uint8Array(1024)]);
}

/** What is read, or why not, must not depend on how the bytes arrive. */
export async function alike(
  read: (source: any) => any,
  bytes: Uint8Array,
  ...sizes: number[]
): Promise<void> {
  const errors: unknown[] = [];
  const outcome = async (source: () => any): Promise<string> => {
    try {
      return JSON.stringify(await all(read(source)));
    } catch (error) {
      errors.push(error);
      return String(error);
    }
  };
  const once = await outcome(() => [bytes]);
  const parts = await outcome(() => chunks(bytes, ...sizes));
  // Reading may end before the gzip data does.
  const isUnpacked = ![once, parts].some((text) => text.includes('cannot be unpacked'));
  if (once !== parts && isUnpacked)
    found(`in chunks ${parts.slice(0, 200)}, as a whole ${once.slice(0, 200)}`);
  if (errors.length > 0) throw errors[0];
}
