/** The matrix product, with its bias and activation on the way. */
import { record } from '../autograd.ts';
import type { Params } from '../backend.ts';
import { MAPS } from '../kernels.generated.ts';
import type { MapName } from '../kernels.generated.ts';
import { mapParts } from '../maps.ts';
import { check, checkNames, FLAG, oneOf, TEXT } from '../options.ts';
import { allocate, sizeOf } from '../tensor.ts';
import type { Shape, Tensor, TensorLike } from '../tensor.ts';
import { broadcastTo } from './broadcast.ts';
import { unaryGradient } from './elementwise.ts';
import { broadcastShapes, deviceOf, tensorOf, tensorsOf } from './operands.ts';
import { sumTo } from './reduce_axes.ts';
import { reshape } from './views.ts';

/** Elementwise functions whose derivative follows from their value alone: what came before them need not be kept. */
export type ValueMapName = {
  [K in MapName]: (typeof MAPS)[K]['fromValue'] extends true ? K : never;
}[MapName];

/** What `matmul` does on the way. */
export interface MatmulOptions {
  /** Takes the last two axes of `a` the other way round, without a copy; false by default. */
  transposeA?: boolean;
  /** The same of `b`. */
  transposeB?: boolean;
  /** [N], added to every row; none by default. */
  bias?: TensorLike | null;
  /** Applied last. `linear` by default. */
  activation?: ValueMapName;
}

const FUSED = oneOf(Object.entries(MAPS).flatMap(([name, map]) => (map.fromValue ? name : [])));
const NAMES: readonly (keyof MatmulOptions)[] = ['transposeA', 'transposeB', 'bias', 'activation'];

/**
 * activation(a · b + bias) over the last two axes.
 *
 * @param a [..., M, K], or [..., K, M] with `transposeA`
 * @param b [..., K, N], or [..., N, K] with `transposeB`. The axes before the last two broadcast by NumPy's rule; with a
 *   `b` of rank 2 those of `a` are rows of one product
 * @returns [..., M, N]
 */
export function matmul(a: TensorLike, b: TensorLike, options: MatmulOptions = {}): Tensor {
  checkNames('matmul', options, NAMES);
  const { transposeA = false, transposeB = false, activation = 'linear' } = options;
  check('matmul', 'transposeA', transposeA, FLAG);
  check('matmul', 'transposeB', transposeB, FLAG);
  check('matmul', 'activation', activation, TEXT);
  check('matmul', 'activation', mapParts(activation)[0], FUSED);
  const at = deviceOf([a, b, options.bias]);
  [a, b] = tensorsOf('matmul', [a, b], 'float32', at);
  const { bias: given = null } = options;
  const bias = given === null ? null : tensorOf('matmul', given, at, 'float32');
  checkOperands(a, b, bias, transposeA, transposeB);
  if (b.rank === 2 && a.rank > 2 && !transposeA) {
    const rows = reshape(a, [-1, a.shape[a.rank - 1]]);
    const out = matmul(rows, b, { ...options, bias });
    return reshape(out, [...a.shape.slice(0, -1), out.shape[1]]);
  }
  const leading = [a, b].map(({ shape }) => shape.slice(0, -2));
  const batch = broadcastShapes('matmul (leading axes)', leading);
  const [left, right] = [acrossBatch(a, batch), acrossBatch(b, batch)];
  const out = product(left, right, batch, { transposeA, transposeB, bias, activation });
  record([out], [a, b, ...(bias ? [bias] : [])], ([gradient]) => {
    if (!gradient) return [null, null, null];
    // The activation's derivative follows from its value.
    const dz = activation === 'linear' ? gradient : unaryGradient(activation, out, gradient);
    // op(A) = A: dA = dz op(B)^T; op(A) = A^T: dA = op(B) dz^T. B likewise.
    const da = transposeA
      ? () => matmul(b, dz, { transposeA: transposeB, transposeB: true })
      : () => matmul(dz, b, { transposeB: !transposeB });
    const db = transposeB
      ? () => matmul(dz, a, { transposeA: true, transposeB: transposeA })
      : () => matmul(a, dz, { transposeA: !transposeA });
    return [
      a.tracked ? sumTo(da(), a.shape) : null,
      b.tracked ? sumTo(db(), b.shape) : null,
      bias?.tracked ? sumTo(dz, bias.shape) : null,
    ];
  });
  return out;
}

function product(
  a: Tensor,
  b: Tensor,
  batch: Shape,
  options: Required<Omit<MatmulOptions, 'bias'>> & { bias: Tensor | null },
): Tensor {
  const { transposeA, transposeB, bias, activation } = options;
  const [aRows, aColumns] = a.shape.slice(-2);
  const [bRows, bColumns] = b.shape.slice(-2);
  const [M, K] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const N = transposeB ? bRows : bColumns;
  const out = allocate(a.device, [...batch, M, N]);
  runProduct(
    { a, b, bias, rowMask: null, out },
    { M, N, K, lda: aColumns, ldb: bColumns, ldc: N },
    {
      batch: sizeOf(batch),
      transA: Number(transposeA),
      transB: Number(transposeB),
      aBatch: a.size === M * K ? 0 : M * K,
      bBatch: b.size === K * N ? 0 : K * N,
      outBatch: M * N,
    },
    activation,
  );
  return out;
}

type ProductSizes = 'M' | 'N' | 'K' | 'lda' | 'ldb' | 'ldc';

/**
 * The kernel `matmul`; by default one product, nothing transposed, masked or accumulated. Nothing is recorded. The parameters are written out, since
 * each step of a stream calls this, and spreading so many of them is slow.
 */
export function runProduct(
  tensors: { a: Tensor; b: Tensor; bias: Tensor | null; rowMask: Tensor | null; out: Tensor },
  sizes: Pick<Params<'matmul'>, ProductSizes>,
  options: Partial<Omit<Params<'matmul'>, ProductSizes | 'hasBias'>> = {},
  activation: ValueMapName = 'linear',
): void {
  const { a, b, bias, rowMask, out } = tensors;
  const { M, N, K, lda, ldb, ldc } = sizes;
  const { batch = 1, transA = 0, transB = 0, aOffset = 0, bOffset = 0, outOffset = 0 } = options;
  const { aBatch = 0, bBatch = 0, outBatch = 0, accumulate = 0, biasBatch = 0 } = options;
  const { maskMode = 0, maskOffset = 0, run = 1 } = options;
  a.device.run(
    'matmul',
    {
      a: a.storage,
      b: b.storage,
      bias: bias?.storage ?? null,
      rowMask: rowMask?.storage ?? null,
      out: out.storage,
    },
    // prettier-ignore
    {
      M, N, K, batch, lda, ldb, ldc, transA, transB, aOffset, bOffset, outOffset, aBatch, bBatch, outBatch,
      accumulate, hasBias: bias ? 1 : 0, biasBatch, maskMode, maskOffset, run,
    },
    { slots: { activation } },
  );
}

/** `x` itself where one stride over the batch reaches all of it (0: shared by the whole batch), or its copies. */
function acrossBatch(x: Tensor, batch: Shape): Tensor {
  const own = sizeOf(x.shape.slice(0, -2));
  if (own === 1 || own === sizeOf(batch)) return x;
  return broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
}

function checkOperands(
  a: Tensor,
  b: Tensor,
  bias: Tensor | null,
  transposeA: boolean,
  transposeB: boolean,
): void {
  if (a.dtype !== 'float32' || b.dtype === 'int32' || a.rank < 2 || b.rank < 2)
    throw new Error(
      `matmul: expected two float32 tensors of rank 2 or more, got ${a} and ${b}; reshape or cast them first`,
    );
  const inner = a.shape[a.rank - (transposeA ? 2 : 1)];
  const other = b.shape[b.rank - (transposeB ? 1 : 2)];
  if (inner !== other)
    throw new Error(
      `matmul: expected one inner extent, got ${inner} in ${a}${transposeA ? ' (transposed)' : ''} and ${other} in ` +
        `${b}${transposeB ? ' (transposed)' : ''}`,
    );
  const N = b.shape[b.rank - (transposeB ? 2 : 1)];
  if (bias && (bias.dtype !== 'float32' || bias.rank !== 1 || bias.size !== N))
    throw new Error(`matmul: expected a float32 bias [${N}] for ${b}, got ${bias}`);
}
