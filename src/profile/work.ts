/** How much a dispatch has to compute and to move, for profiles: estimates from its parameters. */
import type { Variant } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';

type Params = Readonly<Record<string, number>>;
type Bytes = Readonly<Record<string, number>>;

export interface Work {
  /** What tells this dispatch from others of its kernel: cell and sizes. */
  readonly variant: string;
  /** Of its products, masked steps and padding included; 0 where there are none. */
  readonly flops: number;
  /** What it reads and writes, each element once. */
  readonly bytes: number;
}

/** @param bytes sizes of what is bound, by name */
export function workOf(kernel: string, params: Params, variant: Variant, bytes: Bytes): Work {
  const all = sum(Object.values(bytes));
  if (kernel.startsWith('matmul') && kernel !== 'matmul_sum')
    return { ...product(params, variant), bytes: all };
  if (kernel === 'sequence_steps_moments') return { variant: '', flops: 0, bytes: all / params.T };
  if (/^sequence_steps/.test(kernel) || variant.constants?.FOLDED === 0)
    return step(params, variant, bytes);
  if (/^sequence_(fold|rows)/.test(kernel)) return { ...fold(params, variant), bytes: all };
  // Of the table, only the rows that are asked for.
  if (kernel === 'gather')
    return { variant: '', flops: 0, bytes: all - bytes.table + Math.min(bytes.table, bytes.out) };
  return { variant: '', flops: 0, bytes: all };
}

function product(params: Params, { constants }: Variant): Omit<Work, 'bytes'> {
  const { M, N, K, batch, transA, transB } = params;
  // Ranges of k side by side are parts of one product.
  const products = constants?.RANGES === 1 ? 1 : batch;
  const text = [
    `${M}×${N}×${K}`,
    transA || transB ? `${transA ? 'T' : 'N'}${transB ? 'T' : 'N'}` : '',
    products > 1 ? `batch ${products}` : '',
  ];
  return {
    variant: text.filter((part) => part !== '').join(' '),
    flops: 2 * M * N * K * products,
  };
}

function fold(params: Params, { slots }: Variant): Omit<Work, 'bytes'> {
  const { T, B, H, P, D } = params;
  const cell = slots!.cell!;
  const { recurrentGates, projection } = CELLS[cell];
  const products = recurrentGates + Number(projection !== null);
  return {
    variant: `${cell} T ${T} B ${B} H ${H}${D > 1 ? ' both ways' : ''}`,
    flops: 2 * T * B * H * products * P * D,
  };
}

/** One phase of one step: of the weights everything, of what is kept over time one step. */
function step(params: Params, variant: Variant, bytes: Bytes): Work {
  const whole = fold(params, variant);
  const steps = params.T;
  const parts = Object.entries(bytes).map(([name, bound]) =>
    name.startsWith('recurrent') ? bound : bound / steps,
  );
  const { phases } = CELLS[variant.slots!.cell!];
  return { ...whole, flops: whole.flops / steps / phases.length, bytes: sum(parts) };
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
