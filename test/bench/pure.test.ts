/** The parts of the benchmark that compute: statistics, data, what is chosen, and what is judged. */
import { describe, expect, it } from 'vitest';
import {
  initialWeights,
  isTraining,
  raggedLengths,
  sample,
  trainingBatch,
} from '../../bench/data.ts';
import type { Row } from '../../bench/host/rows.ts';
import { figures, table } from '../../bench/host/table.ts';
import { CONTENDERS, GROUPS, selectContenders, selectWorkloads } from '../../bench/names.mjs';
import { fitLine, mean, median, quantile, spreadOf } from '../../bench/statistics.ts';
import { judge } from '../../bench/targets.ts';
import { flopsOf, WORKLOADS } from '../../bench/workloads.ts';
import type { Training } from '../../bench/workloads.ts';

const row = (workload: string, contender: string, time: number, facts = {}): Row => ({
  workload,
  contender,
  median_ms: time,
  min_ms: time,
  max_ms: time,
  spread: 0,
  n: 3,
  loss_first: null,
  loss_last: null,
  note: '',
  ...facts,
});

describe('statistics', () => {
  it('finds medians and quantiles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(() => median([])).toThrow(/at least one value/);
    expect(mean([1, 2, 6])).toBe(3);
    expect(() => mean([])).toThrow(/at least one value/);
    expect(spreadOf([1, 2, 3, 4, 5])).toEqual({ median: 3, min: 1, max: 5, spread: 2 / 3 });
  });

  it('fits a line, by relative errors', () => {
    const exact = fitLine([1, 2, 4], [5, 7, 11]);
    expect(exact.a).toBeCloseTo(3);
    expect(exact.b).toBeCloseTo(2);
    expect(exact.residual).toBeLessThan(1e-9);
    // y = x², which no line fits: the relative error of the first point is not hidden by the size of the last.
    expect(fitLine([1, 10, 100], [1, 100, 10_000]).residual).toBeGreaterThan(0.1);
    expect(() => fitLine([1], [1])).toThrow(/two points/);
  });
});

describe('data', () => {
  it('draws ragged lengths, the same for a seed', () => {
    const lengths = raggedLengths(1000, 175, 10, 400, 1);
    expect(raggedLengths(1000, 175, 10, 400, 1)).toEqual(lengths);
    expect(raggedLengths(1000, 175, 10, 400, 2)).not.toEqual(lengths);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...lengths)).toBe(400);
    const sorted = [...lengths];
    expect(Math.abs(median(sorted) - 175)).toBeLessThan(20);
    // Skewed: the mean lies above the median, although the tail is cut off.
    expect(sorted.reduce((sum, length) => sum + length, 0) / 1000).toBeGreaterThan(175);
  });

  it('makes batches that fit their workload', () => {
    for (const workload of Object.values(WORKLOADS)) {
      if (!isTraining(workload)) continue;
      const { ids, labels, lengths, realShare } = trainingBatch(workload);
      const { batch, time, vocabulary } = workload;
      expect(ids.length).toBe(batch * time);
      expect(Math.max(...ids)).toBeLessThan(vocabulary);
      let real = 0;
      for (let b = 0; b < batch; b++) {
        const row = ids.subarray(b * time, (b + 1) * time);
        real += lengths[b];
        if (workload.target === 'binary')
          expect(row.findIndex((id) => id === 0)).toBe(lengths[b] < time ? lengths[b] : -1);
        expect(row.subarray(lengths[b]).every((id) => id === 0)).toBe(true);
      }
      expect(realShare).toBeCloseTo(real / (batch * time));
      expect(labels.length).toBe(workload.target === 'binary' ? batch : batch * time);
    }
  });

  it('makes weights in the order of Keras', () => {
    const shapes = (name: string) =>
      initialWeights(WORKLOADS[name] as Training).map(({ shape }) => shape.join('x'));
    expect(shapes('W2-GRU')).toEqual(['5404x64', '64x384', '128x384', '384', '128x1', '1']);
    expect(shapes('W1')).toHaveLength(1 + 6 + 4);
    expect(shapes('W3').slice(4, 6)).toEqual(['256x1024', '256x1024']);
  });

  it('counts operations', () => {
    const giga = (name: string) => Math.round(flopsOf(WORKLOADS[name]) / 1e7) / 100;
    expect(['W1', 'W2-SimpleRNN', 'W2-LSTM', 'W2-GRU'].map(giga)).toEqual([5.03, 0.24, 0.94, 0.71]);
    expect(['W3', 'W4b', 'W4c'].map(giga)).toEqual([10.47, 0.1, 4.19]);
  });

  it('samples evenly', () => {
    expect(sample([1, 2, 3], 256)).toEqual([1, 2, 3]);
    expect(sample([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]);
  });
});

describe('what is chosen', () => {
  it('is everything, or groups and cells by name', () => {
    expect(selectContenders(undefined, 'HEAD')).toEqual(CONTENDERS);
    expect(selectContenders()).toEqual(CONTENDERS.filter((name) => name !== 'gatefold-before'));
    expect(selectWorkloads()).toContain('W6-1600');
    expect(selectWorkloads('w2, W1')).toEqual(['W1', 'W2-SimpleRNN', 'W2-LSTM', 'W2-GRU']);
    expect(selectWorkloads('W2-lstm,W2-LSTM')).toEqual(['W2-LSTM']);
    expect(selectWorkloads('W10')).toEqual([
      ...['W10-64', 'W10-40', 'W10-T256', 'W10-T4096', 'W10-T16384'],
    ]);
    expect(selectWorkloads('W10-T')).toHaveLength(3);
    expect(selectContenders('ort-wasm,gatefold')).toEqual(['gatefold', 'ort-wasm']);
    expect(selectContenders('ort-wasm,gatefold', 'HEAD')).toEqual([
      ...['gatefold', 'gatefold-before', 'ort-wasm'],
    ]);
  });

  it('is refused where it is unknown, with what there is', () => {
    expect(() => selectWorkloads('W2,W77')).toThrow(/no workload 'W77'; there is: W1, W2/);
    expect(() => selectContenders('gatefold-before')).toThrow(/needs the commit: --before COMMIT/);
    expect(() => selectContenders('torch')).toThrow(/no contender 'torch'; there is: gatefold/);
  });

  it('has numbers for every cell', () => {
    const cells = Object.values(GROUPS).flatMap((group) => group.cells);
    for (const cell of cells) if (cell !== 'sizes') expect(WORKLOADS[cell]).toBeDefined();
  });
});

describe('targets', () => {
  it('are judged where both were measured', () => {
    expect(judge([])).toEqual([]);
    expect(judge([row('W1', 'gatefold', 100)])).toEqual([]);
    const judged = judge([
      row('W1', 'gatefold', 100),
      row('W1', 'tfjs-webgpu', 1300),
      row('W1', 'jax-webgpu', 200),
    ]);
    expect(judged.map(({ met }) => met)).toEqual([true, false]);
  });

  it('are judged for the contenders that take part alone, ours on WebAssembly among them', () => {
    const judged = judge([
      row('W1', 'gatefold-wasm', 100),
      row('W1', 'tfjs-wasm', 700),
      row('W1', 'jax-wasm', 600),
      row('W7', 'gatefold-wasm', 100),
      row('W7', 'gatefold-wasm-masked', 54, { real_share: 0.5 }),
      row('W8', 'tfjs-wasm', 600),
    ]);
    expect(judged.map(({ text, met }) => [text, met])).toEqual([
      ['W1: gatefold-wasm / jax-wasm', false],
      ['W1: gatefold-wasm / tfjs-wasm', true],
      ['W7: gatefold-wasm-masked / gatefold-wasm, 50.0% of the tokens real', true],
    ]);
  });

  it('compare steps in flight by their pace, not by the median of single ones', () => {
    const judged = judge([
      row('W4a', 'gatefold-pipelined', 0.1, { pace_ms: 1.2 }),
      row('W4a', 'gatefold-before-pipelined', 1, { pace_ms: 1 }),
    ]);
    expect(judged.map(({ value, limit, met }) => [value, limit, met])).toEqual([[1.2, 1.1, false]]);
  });

  it('hold a step to microseconds, to real time, and to no bytes', () => {
    const facts = { real_time_share: 0.144, allocated_bytes: 8_000_000 };
    const judged = judge([row('W10-40', 'gatefold-wasm', 0.003, facts)]);
    expect(judged.map(({ text, value, limit, met }) => [text, value, limit, met])).toEqual([
      ['W10-40: a step, µs', 3, 2.5, false],
      ['W10-40: share of real time at 48 kHz', 0.144, 0.5, true],
      ['W10-40: bytes that 10⁶ steps allocate', 8_000_000, 20_000, false],
    ]);
  });

  it('hold a scan to a fifth of a GRU, on the same device', () => {
    const judged = judge([
      row('W10-T16384', 'gatefold', 19),
      row('W10-T16384', 'gatefold-gru', 100),
      row('W10-T16384', 'gatefold-wasm', 21),
      row('W10-T16384', 'gatefold-wasm-gru', 100),
      row('W10-T4096', 'gatefold', 50),
      row('W10-T4096', 'gatefold-gru', 100),
    ]);
    expect(judged.map(({ text, limit, met }) => [text, limit, met])).toEqual([
      ['W10-T16384: gatefold / gatefold-gru', 0.2, true],
      ['W10-T16384: gatefold-wasm / gatefold-wasm-gru', 0.2, false],
    ]);
  });

  it('hold us to what we were, as the median of several runs', () => {
    const run = (ours: number, masked: number) => [
      row('W4a', 'gatefold', ours),
      row('W4a', 'gatefold-before', 100),
      row('W7', 'gatefold-masked', masked),
      row('W7', 'gatefold-before-masked', 100),
    ];
    const judged = judge(run(109, 106), run(150, 107), run(90, 90));
    expect(judged.map(({ text, value, met }) => [text, value, met])).toEqual([
      ['W4a: gatefold / gatefold-before', 1.09, true],
      ['W7: gatefold-masked / gatefold-before-masked', 1.06, false],
    ]);
    expect(judged[0].runs).toEqual([1.09, 1.5, 0.9]);
    // A contender that failed in one run is judged by the others.
    expect(judge(run(109, 106), [])).toHaveLength(2);
  });

  it('hold W6 to a line in time and in dispatches', () => {
    const points = (dispatches: (chunks: number) => number) =>
      [50, 100, 200, 400, 800, 1600].map((time) =>
        row(`W6-${time}`, 'gatefold', 5 + 2 * time, {
          dispatches: dispatches(Math.ceil(time / 256)),
        }),
      );
    expect(judge(points((chunks) => 30 + 4 * chunks)).map(({ met }) => met)).toEqual([true, true]);
    expect(judge(points((chunks) => 30 + chunks ** 2)).map(({ met }) => met)).toEqual([
      true,
      false,
    ]);
  });

  it('hold W7 to the share of real tokens', () => {
    const rows = (masked: number) => [
      row('W7', 'gatefold', 1000, { real_share: 0.5 }),
      row('W7', 'gatefold-masked', masked, { real_share: 0.5 }),
    ];
    expect(judge(rows(570))[0].met).toBe(true);
    expect(judge(rows(580))[0].met).toBe(false);
  });
});

describe('tables', () => {
  it('show three figures, and numbers to the right', () => {
    expect([1234.5, 12.345, 0.012345, 0].map(figures)).toEqual(['1235', '12.3', '0.0123', '0']);
    expect(
      table(
        ['a', 'bb'],
        [
          ['x', '1'],
          ['yy', '22'],
        ],
      ).split('\n'),
    ).toEqual(['a   bb', '--  --', 'x    1', 'yy  22']);
  });
});
