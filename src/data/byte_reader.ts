import { joined } from '../bytes.ts';

/** Reads a chosen number of bytes at a time from chunks of any size. */
export class ByteReader {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private chunk = new Uint8Array();
  private used = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; fewer at the end. They take no memory before they are there, whatever the count. */
  async read(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    await this.advance(count, (part) => parts.push(part));
    return joined(parts);
  }

  /** @returns the number of bytes skipped: fewer than `count` at the end */
  async skip(count: number): Promise<number> {
    let length = 0;
    await this.advance(count, (part) => {
      length += part.length;
    });
    return length;
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private async advance(count: number, use: (part: Uint8Array) => void): Promise<void> {
    while (count > 0) {
      if (this.used === this.chunk.length) {
        const next = await this.iterator.next();
        if (next.done) return;
        this.chunk = next.value as Uint8Array<ArrayBuffer>;
        this.used = 0;
      }
      const part = this.chunk.subarray(this.used, this.used + count);
      this.used += part.length;
      count -= part.length;
      use(part);
    }
  }
}
