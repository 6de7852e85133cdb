import { describe, expect, it } from 'vitest';
import { ctcLoss, labelErrors } from '../../src/ops/ctc.ts';
import type { CtcLossOptions } from '../../src/ops/ctc.ts';
import { logSoftmax } from '../../src/ops/softmax.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { editDistance } from '../../src/metrics/edit_distance.ts';
import { checkOp, compute, expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats, generator, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

type Rows = readonly (readonly number[])[];
type Options = Omit<CtcLossOptions, 'mask'> & { mask?: Host };

const against =
  (targets: Rows, { mask, ...options }: Options = {}) =>
  ([logits]: Tensor[]): Tensor =>
    ctcLoss(logits, targets, {
      ...options,
      mask: mask ? tensor(mask.data, mask.shape, 'int32', logits.device) : null,
    });

/** What a path reads as. */
const reading = (path: readonly number[], blank: number): number[] =>
  path.filter((label, t) => label !== blank && label !== path[t - 1]);

/** The probabilities of all readings, by their labels joined with commas, as sums over all paths. */
async function readings(
  logits: Host,
  blank: number,
): Promise<{ paths: number[][]; byRow: Map<string, number>[] }> {
  const [rows, steps, classes] = logits.shape;
  const y = await logSoftmax(tensor(logits.data, logits.shape, 'float32', reference)).data();
  let paths: number[][] = [[]];
  for (let t = 0; t < steps; t++)
    paths = paths.flatMap((path) => Array.from({ length: classes }, (_, c) => [...path, c]));
  const byRow = Array.from({ length: rows }, (_, row) => {
    const found = new Map<string, number>();
    for (const path of paths) {
      const log = path.reduce((sum, c, t) => sum + y[(row * steps + t) * classes + c], 0);
      const key = reading(path, blank).join();
      found.set(key, (found.get(key) ?? 0) + Math.exp(log));
    }
    return found;
  });
  return { paths, byRow };
}

describe('ctcLoss', () => {
  it.each([0, 1, 2])('sums over all paths, with blank %i', async (blank) => {
    const logits = floats([2, 5, 3], 1 + blank, 2);
    const { byRow } = await readings(logits, blank);
    const total = [...byRow[0].values()].reduce((a, b) => a + b);
    expect(total).toBeCloseTo(1, 12);
    for (const key of byRow[0].keys()) {
      const labels = key === '' ? [] : key.split(',').map(Number);
      const { outputs } = await compute(reference, against([labels, labels], { blank }), [logits], {
        gradient: false,
      });
      const wanted = byRow.map((row) => -Math.log(row.get(key)!));
      expectClose(outputs[0].data, wanted, `loss of [${key}]`, {
        absolute: 1e-12,
        relative: 1e-12,
      });
    }
  });

  it.each<[number[], Rows, Options]>([
    [[1, 1, 2], [[1]], {}],
    [[2, 4, 3], [[], [1]], {}],
    [[3, 9, 5], [[1, 2, 3], [4, 4], [1]], {}],
    [
      [2, 12, 4],
      [
        [3, 3, 3, 3],
        [1, 2, 1],
      ],
      { blank: 0 },
    ],
    [
      [2, 8, 4],
      [
        [0, 2, 2],
        [1, 0],
      ],
      { blank: 3 },
    ],
    [[3, 9, 5], [[1, 2], [3], [4, 4, 1]], { inputLengths: [9, 4, 5] }],
    [
      [2, 9, 5],
      [
        [1, 2, 3, 4],
        [3, 1, 1, 1],
      ],
      { targetLengths: [2, 1] },
    ],
    // More states than a workgroup has invocations, and more classes.
    [
      [2, 90, 70],
      [integers([40], 5, 1, 70).data, integers([33], 6, 1, 3).data].map((x) => [...x]),
      {},
    ],
    [[67, 3, 3], Array.from({ length: 67 }, (_, i) => [1 + (i % 2)]), {}],
  ])('of logits %j', async (shape, targets, options) => {
    await checkOp(against(targets, options), [floats(shape, 3, 2)]);
  });

  it('leaves masked steps out, wherever they are', async () => {
    const logits = floats([3, 7, 4], 4, 2);
    const mask: Host = {
      shape: [3, 7],
      data: Int32Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1),
    };
    const targets = [[1, 2], [3, 3], [2]];
    const { outputs, gradients } = await checkOp(against(targets, { mask }), [logits]);
    for (let row = 0; row < 3; row++) {
      const kept = Array.from({ length: 7 }, (_, t) => t).filter((t) => mask.data[row * 7 + t]);
      const pick = (data: ArrayLike<number>) =>
        kept.flatMap((t) => Array.from({ length: 4 }, (_, c) => data[(row * 7 + t) * 4 + c]));
      const alone: Host = {
        shape: [1, kept.length, 4],
        data: Float32Array.from(pick(logits.data)),
      };
      const one = await compute(reference, against([targets[row]]), [alone], { gradient: false });
      expectClose([outputs[0].data[row]], one.outputs[0].data, `row ${row}`);
      const rest = Array.from(gradients[0]!.subarray(row * 28, row * 28 + 28)).filter(
        (_, i) => !mask.data[row * 7 + Math.floor(i / 4)],
      );
      expect(rest.every((value) => value === 0)).toBe(true);
    }
    const bad = { shape: logits.shape, data: logits.data.slice() };
    bad.data.fill(NaN, 20, 28);
    const again = await checkOp(against(targets, { mask }), [bad], { finiteDifferences: false });
    expect(again.outputs[0].data).toEqual(outputs[0].data);
  });

  it('is the same for logits and for logarithms of probabilities, and for logits of any size', async () => {
    const logits = floats([2, 6, 4], 7, 3);
    const targets = [
      [1, 3],
      [2, 2],
    ];
    const plain = await compute(reference, against(targets), [logits]);
    const { outputs } = await checkOp(([x]) => against(targets)([logSoftmax(x)]), [logits]);
    expectClose(outputs[0].data, plain.outputs[0].data, 'loss');
    await checkOp(against(targets), [floats([2, 6, 4], 8, 500)], { finiteDifferences: false });
  });

  it('keeps its digits over a thousand steps', async () => {
    const labels = [...integers([60], 9, 1, 30).data];
    await checkOp(against([labels]), [floats([1, 1000, 30], 10, 3)], { finiteDifferences: false });
  });

  it('is infinite where the labels need more steps, or 0 where told so', async () => {
    const logits = floats([3, 4, 3], 11);
    const labels = Int32Array.of(1, 2, 1, 2, 1, 1, 1, 0, 1, 0, 0, 0);
    const build =
      (zeroInfinity: boolean) =>
      ([x]: Tensor[]): Tensor =>
        ctcLoss(x, tensor(labels, [3, 4], 'int32', x.device), { zeroInfinity });
    const { outputs, gradients } = await checkOp(build(false), [logits], {
      finiteDifferences: false,
    });
    expect(outputs[0].data[1]).toBe(Infinity);
    expect(Number.isFinite(outputs[0].data[0] + outputs[0].data[2])).toBe(true);
    expect(gradients[0]!.subarray(12, 24).every((value: number) => value === 0)).toBe(true);
    const zero = await checkOp(build(true), [logits]);
    expect(zero.outputs[0].data[1]).toBe(0);
    expect(zero.outputs[0].data[0]).toBe(outputs[0].data[0]);
  });

  it('gives NaN for labels that the host did not check, and for NaN', async () => {
    for (const device of await openAll({ poison: true })) {
      const logits = floats([3, 4, 3], 12);
      logits.data[25] = NaN;
      const build = ([x]: Tensor[]): Tensor => {
        const labels = tensor(Int32Array.of(1, 3, 1, 2, 1, 2), [3, 2], 'int32', device);
        labels.range = null;
        return ctcLoss(x, labels);
      };
      const { outputs, gradients } = await compute(device, build, [logits]);
      expect(Array.from(outputs[0].data, Number.isNaN)).toEqual([true, false, true]);
      const wrong = [0, 1, 2].map((row) =>
        gradients[0]!.subarray(12 * row, 12 * row + 12).every(Number.isNaN),
      );
      expect(wrong).toEqual([true, false, true]);
    }
  });

  it('knows logits of -Infinity', async () => {
    const logits = floats([1, 4, 3], 13);
    logits.data[2] = -Infinity;
    await checkOp(against([[1, 2]]), [logits], { finiteDifferences: false });
  });

  it('names the row whose labels need more steps', () => {
    const logits = tensor(floats([2, 4, 3], 1).data, [2, 4, 3], 'float32', reference);
    const says = (row: number, needed: number, labels: number, repeats: number, got: number) =>
      `ctcLoss: expected a step for each label and one between equal neighbours, ${needed} steps in row ${row} ` +
      `(${labels} labels, ${repeats} after an equal one), got ${got}; shorten its labels, give it more steps, or set ` +
      'zeroInfinity: true to leave such rows out';
    expect(() => ctcLoss(logits, [[1], [1, 1, 2, 2]])).toThrow(says(1, 6, 4, 2, 4));
    expect(() => ctcLoss(logits, [[1, 2], [1]], { inputLengths: [1, 4] })).toThrow(
      says(0, 2, 2, 0, 1),
    );
    const labels = tensor(Int32Array.of(1, 2, 1, 2), [2, 2], 'int32', reference);
    expect(() => ctcLoss(logits, labels, { inputLengths: [4, 1], targetLengths: [2, 2] })).toThrow(
      says(1, 2, 2, 0, 1),
    );
    expect(() => ctcLoss(logits, [[1], [1, 1, 2, 2]], { zeroInfinity: true })).not.toThrow();
    expect(() => ctcLoss(logits, [[1], [1, 1, 2, 2]], { targetLengths: [1, 2] })).not.toThrow();
  });

  it('refuses bad input', () => {
    const logits = tensor(floats([2, 4, 3], 1).data, [2, 4, 3], 'float32', reference);
    const int = (data: number[], shape: number[]) => tensor(data, shape, 'int32', reference);
    expect(() => ctcLoss(tensor([1, 2], [2], 'float32', reference), [[1]])).toThrow(
      'ctcLoss: expected float32 logits [batch, time, classes], got float32[2]',
    );
    expect(() => ctcLoss(logits, [[1], [1]], { blank: 3 })).toThrow(
      'ctcLoss: expected blank in 0…2 (3 classes), got 3; the blank needs a class of its own',
    );
    expect(() => ctcLoss(logits, [[1], [3]], { name: 'mine' })).toThrow(
      'mine: expected labels in 0…2 (3 classes, one of them the blank 0), got 3',
    );
    expect(() => ctcLoss(logits, [[1]])).toThrow(
      /expected int32 labels \[2, labels\], .*got int32\[1,1\]/,
    );
    expect(() => ctcLoss(logits, int([1, 2], [2]))).toThrow(/got int32\[2\]/);
    expect(() => ctcLoss(logits, [[1], [1]], { inputLengths: [4] })).toThrow(
      'ctcLoss: expected int32 inputLengths [2], one for each row, got int32[1]',
    );
    expect(() => ctcLoss(logits, [[1], [1]], { inputLengths: [4, 5] })).toThrow(
      'sequenceMask: expected lengths in 0…4 (time steps), got 5',
    );
    expect(() => ctcLoss(logits, [[1], [1]], { mask: int([1, 1], [2, 1]) })).toThrow(
      'ctcLoss: expected an int32 mask [2,4], got int32[2,1]',
    );
  });
});

describe('labelErrors', () => {
  it('counts the edits to what the best path reads as', async () => {
    const [rows, steps, classes, columns] = [70, 12, 4, 5];
    const logits = floats([rows, steps, classes], 20, 2);
    const next = generator(21);
    const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(5 * next()) - 1);
    const mask = integers([rows, steps], 22, 0, 3);
    const wanted = (row: number): number[] => {
      const own = [...labels.subarray(row * columns, row * columns + columns)];
      const end = own.findIndex((label) => label <= 0);
      return end < 0 ? own : own.slice(0, end);
    };
    const found = (row: number): number[] => {
      const path: number[] = [];
      for (let t = 0; t < steps; t++) {
        if (!mask.data[row * steps + t]) continue;
        const at = (row * steps + t) * classes;
        const own = [...logits.data.subarray(at, at + classes)];
        path.push(own.indexOf(Math.max(...own)));
      }
      return reading(path, 0);
    };
    for (const device of await openAll({ poison: true })) {
      const of = ({ data, shape }: Host) => tensor(data, shape, undefined, device);
      const targets = of({ data: labels, shape: [rows, columns] });
      const { distances, counts } = labelErrors(of(logits), targets, { mask: of(mask) });
      const rowsOf = Array.from({ length: rows }, (_, row) => row);
      expect([...(await distances.data())]).toEqual(
        rowsOf.map((row) => editDistance(found(row), wanted(row))),
      );
      expect([...(await counts.data())]).toEqual(rowsOf.map((row) => wanted(row).length));
    }
  });

  it('measures edits as Levenshtein did', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance([], [1, 2])).toBe(2);
    expect(editDistance(['a', 'b'], [])).toBe(2);
    expect(editDistance([1, 2, 3], [1, 2, 3])).toBe(0);
    expect(editDistance([1, 2, 3], [2, 3, 1])).toBe(2);
  });
});
