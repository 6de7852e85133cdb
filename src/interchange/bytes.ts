/** Bytes of a file that is not trusted: every read is checked, and an error names the file and the place. */

/** Throws what is wrong at a byte of a file. */
export function damaged(file: string, at: number, problem: string): never {
  throw new Error(
    `${file}, byte ${at}: ${problem}; the file is damaged or in another format: save it again`,
  );
}

/** Little-endian numbers and texts at places of a file. */
export class Bytes {
  readonly file: string;
  readonly array: Uint8Array;
  private readonly view: DataView;

  constructor(file: string, array: Uint8Array) {
    this.file = file;
    this.array = array;
    this.view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  }

  get length(): number {
    return this.array.length;
  }

  fail(at: number, problem: string): never {
    return damaged(this.file, at, problem);
  }

  /** Throws unless `length` bytes from `at` on are in the file. */
  need(at: number, length: number): void {
    if (!(at >= 0 && length >= 0 && at + length <= this.length))
      this.fail(at, `expected ${length} more bytes, but it ends at byte ${this.length}`);
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.view.getUint8(at);
  }
  u16(at: number): number {
    this.need(at, 2);
    return this.view.getUint16(at, true);
  }
  u32(at: number): number {
    this.need(at, 4);
    return this.view.getUint32(at, true);
  }
  i32(at: number): number {
    this.need(at, 4);
    return this.view.getInt32(at, true);
  }
  /** As a number; throws where it is too large to be a place or a length. */
  u64(at: number): number {
    this.need(at, 8);
    const value = this.view.getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      this.fail(at, `expected a length or a place, got ${value}`);
    return Number(value);
  }
  /** Big-endian, as a pickle has it. */
  f64(at: number): number {
    this.need(at, 8);
    return this.view.getFloat64(at);
  }

  /** A part of the file, not copied. */
  part(at: number, length: number): Uint8Array {
    this.need(at, length);
    return this.array.subarray(at, at + length);
  }

  /** UTF-8; throws where it is not. */
  text(at: number, length: number): string {
    const bytes = this.part(at, length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return this.fail(at, `expected ${length} bytes of UTF-8 text, got others`);
    }
  }

  /** Whether these characters of ASCII stand there. */
  has(at: number, mark: string): boolean {
    return (
      at >= 0 &&
      at + mark.length <= this.length &&
      [...mark].every((character, i) => this.array[at + i] === character.charCodeAt(0))
    );
  }
}
