/** LSTM with peepholes: golden -> float64 twin -> GPU, values and every gradient, through each way to run a sequence. */
import { describe, it } from 'vitest';
import { recurrent } from '../../src/ops/recurrent.ts';
import type { GoldenCase, GoldenTensor } from '../support/fixtures.ts';
import { checkRecurrent } from '../support/golden-recurrent.ts';
import type { Translated } from '../support/pytorch.ts';
import type { Host } from '../support/random.ts';
import { goldenCases } from './cases.ts';

type Group = Record<string, GoldenTensor>;

/** [rows, columns] the other way round. */
function transposed({ shape: [rows, columns], data }: GoldenTensor): Host {
  const turned = Float32Array.from(
    data,
    (_, i) => data[(i % rows) * columns + Math.floor(i / rows)],
  );
  return { shape: [columns, rows], data: turned };
}

/** [T,B,·] as [B,T,·]. */
function batchMajor({ shape: [T, B, N], data }: GoldenTensor): Host {
  const at = (i: number): number => {
    const [b, t] = [Math.floor(i / (T * N)), Math.floor(i / N) % T];
    return (t * B + b) * N + (i % N);
  };
  return { shape: [B, T, N], data: Float32Array.from(data, (_, i) => data[at(i)]) };
}

const plain = ({ shape, data }: GoldenTensor): Host => ({
  shape: [...shape],
  data: Float32Array.from(data),
});

function weights(group: Group): Host[] {
  const { W, U, b, pi, pf, po } = group;
  const peepholes = [pi, pf, po].flatMap(({ data }) => Array.from(data));
  return [
    transposed(W),
    transposed(U),
    plain(b),
    { shape: [3, pi.shape[0]], data: Float32Array.from(peepholes) },
  ];
}

function translate({ inputs, params, outputs, outgrads, grads }: GoldenCase): Translated {
  const names = ['x', 'W', 'U', 'b', 'p', 'h0', 'c0'];
  const all = (group: Group, own: Group): Host[] => [
    batchMajor(group.x),
    ...weights(own),
    plain(group.h0),
    plain(group.c0),
  ];
  const results = (group: Group): Host[] => [batchMajor(group.y), plain(group.hn), plain(group.cn)];
  const named = (hosts: Host[], of: readonly string[]) =>
    hosts.map(({ data }, i) => ({ name: of[i], data: data as Float32Array }));
  return {
    names,
    inputs: all(inputs, params),
    build: ([x, kernel, recurrentKernel, bias, unitWeights, ...initialState]) => {
      const weightsOf = { kernel, recurrentKernel, bias, unitWeights };
      const result = recurrent(x, [{ ...weightsOf, initialState, reverse: false }], {
        cell: 'lstm_peephole',
        returnSequences: true,
      });
      return [result.output, ...result.states[0]];
    },
    cotangents: results(outgrads),
    outputs: named(results(outputs), ['y', 'hn', 'cn']),
    gradients: named(all(grads, grads), names),
  };
}

const cases = await goldenCases('rnn_variants', 'peephole');
describe('golden rnn_variants', () => {
  it.each(cases)('$name', (golden) => checkRecurrent(translate(golden), 'op'));
});
