/** Where storages stand in the linear memory. */
import { DeviceError } from '../backend.ts';

const PAGE = 2 ** 16;
/** 4 GiB: what an address of 32 bits reaches. */
const MOST_PAGES = 2 ** 16;
/** Below stands what the compiled kernels bring with them. */
const FIRST = 2 ** 16;
/** Kernels may read so many bytes beyond a block, without using them. */
const BEYOND = 64;

/**
 * Blocks of a linear memory that grows and never shrinks. Sizes are rounded up to four to an octave, and a freed block is taken again for
 * the same size: a step that allocates what the one before did finds all of it. So memory stops growing once every size has been
 * needed as often as it ever is, whatever the order of the shapes. Before it grows, free blocks at its end are given up; where it can grow no
 * more, larger free blocks are cut.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Bytes of free blocks. */
  pooled = 0;
  private readonly free = new Map<number, number[]>();
  private end = FIRST;
  private numbers!: { f32: Float32Array; i32: Int32Array };

  /** @param shared whether threads see it too */
  constructor(shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: 2, maximum: MOST_PAGES, shared });
    this.look();
  }

  /** Views of the whole memory; growing replaces them. */
  get f32(): Float32Array {
    return this.numbers.f32;
  }
  get i32(): Int32Array {
    return this.numbers.i32;
  }

  private look(): void {
    const { buffer } = this.memory;
    this.numbers = { f32: new Float32Array(buffer), i32: new Int32Array(buffer) };
  }

  /** The address of a block of `sizeOf(bytes)` bytes, a multiple of 16. @throws DeviceError beyond 4 GiB */
  take(bytes: number): number {
    const size = blockSize(bytes);
    const found = this.free.get(size)?.pop();
    if (found !== undefined) {
      this.pooled -= size;
      return found;
    }
    if (this.end + size + BEYOND > this.memory.buffer.byteLength) this.trim();
    const address = this.end;
    if (this.reach(address + size + BEYOND)) {
      this.end = address + size;
      return address;
    }
    const larger = Math.min(
      ...[...this.free].flatMap(([one, list]) => (one > size && list.length > 0 ? [one] : [])),
    );
    const cut = this.free.get(larger)?.pop();
    if (cut === undefined) throw this.exhausted(size);
    this.pooled -= larger;
    for (let rest = larger - size, at = cut + size; rest > 0;) {
      const part = Math.floor(rest / stepOf(rest)) * stepOf(rest);
      this.give(at, part);
      at += part;
      rest -= part;
    }
    return cut;
  }

  give(address: number, bytes: number): void {
    const size = blockSize(bytes);
    const list = this.free.get(size);
    if (list) list.push(address);
    else this.free.set(size, [address]);
    this.pooled += size;
  }

  /** Gives up the free blocks at the end: blocks of any size may begin there again. */
  trim(): void {
    const blocks = [...this.free].flatMap(([size, list]) => list.map((address) => [address, size]));
    for (const [address, size] of blocks.sort(([a], [b]) => b - a)) {
      if (address + size !== this.end) break;
      this.end = address;
      this.pooled -= size;
    }
    for (const [size, list] of this.free)
      this.free.set(
        size,
        list.filter((address) => address < this.end),
      );
  }

  /** Whether the memory reaches so far, or could grow to it. */
  private reach(end: number): boolean {
    const present = this.memory.buffer.byteLength / PAGE;
    const needed = Math.ceil(end / PAGE) - present;
    if (needed <= 0) return true;
    const room = MOST_PAGES - present;
    // A quarter at once, so that growing is rare; exactly what is needed where that is refused.
    const wanted = Math.min(Math.max(needed, present >> 2), room);
    for (const pages of needed > room ? [] : [wanted, needed])
      try {
        this.memory.grow(pages);
        this.look();
        return true;
      } catch {
        // Less may do.
      }
    return false;
  }

  private exhausted(size: number): DeviceError {
    return new DeviceError(
      `WebAssembly memory: ${toMiB(this.end - FIRST - this.pooled)} are in use, ${toMiB(size)} more are needed, and ` +
        `the memory cannot grow (4096 MiB are the most that it can be). Use a smaller batch or shorter sequences, or a GPU: webgpu()`,
    );
  }
}

const toMiB = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** How far sizes of blocks lie apart about here: four to an octave, and 16 bytes at least. */
const stepOf = (bytes: number): number =>
  Math.max(16, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 2));

/** Bytes of a block. */
const blockSize = (bytes: number): number =>
  Math.max(16, Math.ceil(bytes / stepOf(bytes)) * stepOf(bytes));
