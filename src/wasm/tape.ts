/** What the device has computed, to compute it again. Weights that it multiplies with are packed once for that, and not at every turn. */
import type { KernelName, Storage, Variant } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import type { CellName } from '../kernels.generated.ts';
import type { Heap } from './heap.ts';
import { addressOf, BYTES } from './storage.ts';

/** Columns of a panel, as in lib/panels.ts. */
const WIDTH = 8;

/** The right operand of a product, [K,N] from its `offset` on, with rows `stride` apart. */
interface Right {
  readonly storage: Storage;
  readonly offset: number;
  readonly stride: number;
  readonly K: number;
  readonly N: number;
}

/** That of a call, where its kernel packs it and may be given it packed. */
export function rightOf(
  kernel: KernelName,
  bindings: Readonly<Record<string, Storage | null>>,
  p: Readonly<Record<string, number>>,
  { slots = {} }: Variant,
): Right | null {
  const right = rightIn(kernel, bindings, p, (slots as { cell?: CellName }).cell ?? 'simple');
  return right?.storage.dtype === 'float32' ? right : null;
}

function rightIn(
  kernel: KernelName,
  { b, recurrentKernel }: Readonly<Record<string, Storage | null>>,
  p: Readonly<Record<string, number>>,
  cell: CellName,
): Right | null {
  if (kernel === 'matmul' && p.M > 1 && p.batch === 1 && p.transB === 0 && p.maskMode === 0)
    return { storage: b!, offset: p.bOffset, stride: p.ldb, K: p.K, N: p.N };
  const { phases, recurrentGates, projection } = CELLS[cell];
  const simple = phases.length === 1 && recurrentGates > 0 && projection === null;
  // Fewer rows than a tile has are multiplied with what is not packed.
  if (kernel !== 'sequence_forward' || p.B < 4 || p.D > 1 || !simple) return null;
  const N = recurrentGates * p.H;
  return { storage: recurrentKernel!, offset: 0, stride: N, K: p.H, N };
}

export class Tape {
  /** Storages that hold something else at every turn: they are no weights. */
  readonly changing = new Set<Storage>();
  private readonly heap: Heap;
  private readonly usePanels: (at: number) => void;
  private readonly calls: { readonly action: () => unknown; readonly right: Right | null }[] = [];
  private readonly packed: { readonly right: Right; readonly address: number }[] = [];
  /** What is computed at every turn; made at the first one. */
  private program: (() => unknown)[] | null = null;
  private changes = 0;

  constructor(heap: Heap, usePanels: (at: number) => void) {
    this.heap = heap;
    this.usePanels = usePanels;
  }

  add(action: () => unknown, right: Right | null = null): void {
    this.calls.push({ action, right });
  }

  /** @param changes grows with all that is computed or written elsewhere, which may be weights */
  replay(changes: number): void {
    this.program ??= this.calls.map((call) => this.compiled(call));
    if (changes !== this.changes)
      for (const { right, address } of this.packed) this.pack(right, address);
    this.changes = changes;
    for (const action of this.program) action();
  }

  dispose(): void {
    for (const { right, address } of this.packed.splice(0)) this.heap.give(address, bytesOf(right));
  }

  private compiled({ action, right }: (typeof this.calls)[number]): () => unknown {
    if (!right || this.changing.has(right.storage)) return action;
    const address = this.heap.take(bytesOf(right));
    this.packed.push({ right, address });
    return () => {
      this.usePanels(address);
      action();
    };
  }

  /** Panels of eight columns, the last one filled up with zeros. */
  private pack({ storage, offset, stride, K, N }: Right, address: number): void {
    const { f32 } = this.heap;
    const from = addressOf(storage, 'capture') / BYTES + offset;
    let to = address / BYTES;
    for (let n = 0; n < N; n += WIDTH)
      for (let k = 0; k < K; k++)
        for (let j = 0; j < WIDTH; j++) f32[to++] = n + j < N ? f32[from + k * stride + n + j] : 0;
  }
}

const bytesOf = ({ K, N }: Right): number => Math.ceil(N / WIDTH) * WIDTH * K * BYTES;
