/** Answers `fetch` from memory, as a server does, while something reads. */

export interface ServeOptions {
  /** Takes the addresses that were asked for, and the ranges. */
  readonly asked?: string[];
  readonly ranges?: string[];
  /** Whether it knows parts of files, and says how long they are; true. */
  readonly partial?: boolean;
  readonly length?: boolean;
}

/** @param files by their paths on any host */
export async function serve<T>(
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
  read: () => Promise<T>,
  { asked = [], ranges = [], partial = true, length = true }: ServeOptions = {},
): Promise<T> {
  const original = globalThis.fetch;
  globalThis.fetch = (address, { headers = {} } = {}) => {
    const { pathname, href } = new URL(address as string);
    asked.push(href);
    const file = files[pathname] as Uint8Array<ArrayBuffer> | undefined;
    if (!file) return Promise.resolve(new Response(null, { status: 404 }));
    const { Range: range } = headers as Record<string, string>;
    if (range) ranges.push(range);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec((partial && range) || '') ?? [];
    const part = from === undefined ? file : file.subarray(Number(from), Number(to) + 1);
    const answer: Record<string, string> = {};
    if (length) answer['content-length'] = String(part.length);
    if (length && from !== undefined)
      answer['content-range'] = `bytes ${from}-${Number(from) + part.length - 1}/${file.length}`;
    const status = from === undefined ? 200 : 206;
    return Promise.resolve(new Response(chunks(part), { status, headers: answer }));
  };
  try {
    return await read();
  } finally {
    globalThis.fetch = original;
  }
}

/** In pieces, as they come from a network. */
function chunks(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += 50_000)));
    },
  });
}
