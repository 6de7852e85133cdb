/** The primitive with every parameter it has: strides, offsets, batches, transposes, masks and the epilogue. */
import { describe, expect, it } from 'vitest';
import type { Device, NumericArray, Params, Storage } from '../../src/backend.ts';
import { MAPS } from '../../src/kernels.generated.ts';
import type { MapName } from '../../src/kernels.generated.ts';
import { expectClose } from '../support/check.ts';
import { gpu, reference, testedDevices } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';

type MatmulParams = Params<'matmul'>;

interface Case extends Partial<MatmulParams> {
  M: number;
  N: number;
  K: number;
  /** Elements between the end of a row and the next one. */
  gap?: number;
  /** Share of the mask that is 0. */
  masked?: number;
  activation?: MapName;
}

/** All three arrays are filled, gaps included, so that a result in the wrong place shows. */
async function run(device: Device, given: Case): Promise<NumericArray> {
  const { gap = 0, masked = 0.5, activation = 'linear', ...rest } = given;
  const { M, N, K } = given;
  const [transA, transB, batch] = [given.transA ?? 0, given.transB ?? 0, given.batch ?? 1];
  const p: MatmulParams = {
    batch,
    transA,
    transB,
    lda: (transA ? M : K) + gap,
    ldb: (transB ? K : N) + gap,
    ldc: N + gap,
    aOffset: gap,
    bOffset: gap,
    outOffset: gap,
    aBatch: M * K + gap * (transA ? K : M),
    bBatch: K * N + gap * (transB ? N : K),
    outBatch: M * N + gap * M,
    accumulate: 0,
    hasBias: 0,
    biasBatch: N,
    maskMode: 0,
    maskOffset: gap,
    run: 1,
    ...rest,
  };
  const put = (data: Float32Array | Int32Array): Storage => {
    const storage = device.alloc(data.length, data instanceof Int32Array ? 'int32' : 'float32');
    device.write(storage, data);
    return storage;
  };
  const aData = floats([p.aOffset + batch * (M + gap) * (K + gap) * 2], 1).data;
  const bData = floats([p.bOffset + batch * (K + gap) * (N + gap) * 2], 2).data;
  const outData = floats([p.outOffset + batch * M * (N + gap) + 4], 3).data;
  const limit = Math.round(masked * 1000);
  const mask = integers([p.maskOffset + Math.max(M, K)], 4, 0, 1000).data.map((x) => +(x >= limit));
  // A long run of zeros as well: what is masked as a whole is left out as a whole.
  if (p.maskMode !== 0) mask.fill(0, p.maskOffset + 5, p.maskOffset + 45);
  if (p.maskMode === 1)
    for (let z = 0; z < batch; z++)
      for (let m = 0; m < M; m++)
        if (mask[p.maskOffset + m] === 0)
          for (let k = 0; k < K; k++)
            aData[p.aOffset + z * p.aBatch + (transA ? k * p.lda + m : m * p.lda + k)] = NaN;
  // Runs: of each so many count, the others bring nothing; of the first none.
  if (p.maskMode === 2)
    for (let k = 0; k < K; k++) {
      const r = p.maskOffset + Math.floor(k / p.run);
      mask[r] = k < p.run ? 0 : (r * 7) % (p.run + 1);
      if (k % p.run >= mask[r])
        for (let z = 0; z < batch; z++)
          for (let m = 0; m < M; m++)
            aData[p.aOffset + z * p.aBatch + (transA ? k * p.lda + m : m * p.lda + k)] = 0;
    }
  const storages = {
    a: put(aData),
    b: put(bData),
    bias: p.hasBias ? put(floats([batch * N], 5).data) : null,
    rowMask: p.maskMode ? put(mask) : null,
    out: put(outData),
  };
  device.run('matmul', storages, p, { slots: { activation } });
  const result = await device.read(storages.out);
  for (const storage of Object.values(storages)) if (storage) device.free(storage);
  return result;
}

async function check(given: Case): Promise<NumericArray> {
  const expected = await run(reference, given);
  for (const { name, open, tolerance } of testedDevices)
    expectClose(await run(await open(), given), expected, `out on ${name}`, tolerance.op);
  return expected;
}

const transposes = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

describe('matmul, the primitive', () => {
  it.each(transposes)('computes op(A) op(B) for transA %i, transB %i', async (transA, transB) => {
    for (const [M, N, K] of [
      [1, 1, 1],
      [3, 5, 4],
      [33, 65, 7],
      [65, 33, 32],
      [8, 132, 129],
      [130, 72, 16],
    ] as const)
      for (const gap of [0, 3, 4]) await check({ M, N, K, transA, transB, gap });
  });

  it('computes large products with large tiles', async () => {
    for (const [transA, transB] of transposes)
      await check({ M: 516, N: 516, K: 20, transA, transB });
    await check({ M: 515, N: 517, K: 21 });
  });

  it('computes few rows without a tile of more', async () => {
    for (const M of [1, 2, 3, 4, 5, 16])
      for (const N of [4, 132])
        for (const gap of [0, 4]) {
          await check({ M, N, K: 4, gap });
          await check({ M, N, K: 20, gap, hasBias: 1, activation: 'sigmoid' });
          await check({ M, N, K: 8, gap, hasBias: 1, maskMode: 1 });
        }
  });

  it('sums over many k', async () => {
    for (const N of [32, 33]) {
      await check({ M: 16, N, K: 4100, transA: 1 });
      await check({
        M: 17,
        N,
        K: 4099,
        transA: 1,
        maskMode: 2,
        run: 13,
        hasBias: 1,
        accumulate: 1,
        gap: 1,
      });
    }
  });

  it('sums over many k in ranges, side by side', async () => {
    const device = await gpu();
    const before = device.stats().dispatches;
    await check({ M: 64, N: 68, K: 2050, transA: 1, maskMode: 2, run: 50 });
    await check({ M: 64, N: 68, K: 2048, transA: 1, activation: 'sigmoid' });
    expect(device.stats().dispatches - before).toBe(4);
  });

  it('does not look at long runs of k that bring nothing', async () => {
    const device = await gpu();
    const [M, N, run] = [64, 64, 16];
    const put = (data: Float32Array | Int32Array): Storage => {
      const type = data instanceof Int32Array ? 'int32' : 'float32';
      const storage = device.alloc(data.length, type);
      device.write(storage, data);
      return storage;
    };
    const a = new Float32Array(3 * run * M).fill(1).fill(NaN, run * M, 2 * run * M);
    const storages = {
      a: put(a),
      b: put(new Float32Array(3 * run * N).fill(1)),
      bias: null,
      rowMask: put(Int32Array.of(5, 0, 16)),
      out: put(new Float32Array(M * N)),
    };
    // Of run 0 the first 8: what follows the fifth would have to be 0.
    const strides = { lda: M, ldb: N, ldc: N, aOffset: 0, bOffset: 0, outOffset: 0 };
    const plain = { batch: 1, transA: 1, transB: 0, accumulate: 0, hasBias: 0 };
    const batches = { aBatch: 0, bBatch: 0, outBatch: 0, biasBatch: 0 };
    const masked = { maskMode: 2, maskOffset: 0, run };
    const params = { M, N, K: 3 * run, ...strides, ...plain, ...batches, ...masked };
    device.run('matmul', storages, params);
    expect([...(await device.read(storages.out))]).toEqual(Array(M * N).fill(8 + 16));
  });

  it('gives the same bits every time', async () => {
    const given = { M: 16, N: 33, K: 4100, transA: 1 };
    expect(await run(await gpu(), given)).toEqual(await run(await gpu(), given));
  });

  it('makes an empty sum 0, and nothing of no rows', async () => {
    await check({ M: 3, N: 4, K: 0 });
    await check({ M: 0, N: 4, K: 3 });
  });

  it.each([0, 1])('batches, and shares where a batch stride is 0, gap %i', async (gap) => {
    const size = { M: 5, N: 6, K: 7, batch: 3, gap };
    await check(size);
    await check({ ...size, aBatch: 0 });
    await check({ ...size, bBatch: 0, hasBias: 1 });
    await check({ ...size, hasBias: 1, biasBatch: 0 });
    await check({ M: 36, N: 40, K: 8, batch: 2, transB: 1, hasBias: 1 });
  });

  it.each(
    (Object.keys(MAPS) as MapName[]).filter(
      (name) => MAPS[name].fromValue && !/sqrt|reciprocal/.test(name),
    ),
  )('ends in bias, sum and %s', async (activation) => {
    for (const N of [36, 37])
      for (const accumulate of [0, 1])
        for (const hasBias of [0, 1])
          await check({ M: 35, N, K: 9, activation, accumulate, hasBias, gap: 2 * (N % 2) });
  });

  it.each(transposes)(
    'leaves masked rows as they are, transA %i, transB %i, whatever A holds there',
    async (transA, transB) => {
      for (const N of [36, 37])
        for (const masked of [0, 0.5, 1]) {
          const size = { M: 90, N, K: 10, transA, transB, masked, maskMode: 1, batch: 2 };
          await check(size);
          await check({ ...size, activation: 'sigmoid', hasBias: 1, gap: 1 });
          await check({ ...size, accumulate: 1 });
        }
      await check({ M: 600, N: 512, K: 5, transA, transB, maskMode: 1 });
    },
  );

  it.each(transposes)(
    'leaves out k that bring nothing, transA %i, transB %i',
    async (transA, transB) => {
      for (const N of [36, 37])
        for (const run of [1, 2, 6, 7, 30, 90])
          await check({ M: 21, N, K: 90, transA, transB, maskMode: 2, run, gap: N % 2 });
    },
  );
});
