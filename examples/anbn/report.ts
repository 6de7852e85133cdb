// The results for a language, as a table and as pictures of the units that count.
import { lines } from '../plots/index.ts';
import type { Result } from './attempts.ts';
import type { Verdict } from './judge.ts';
import { PLAN } from './attempts.ts';

/** A row for each network, the Markov model first. */
export function tableOf(order: number, markov: Verdict, results: readonly Result[]): string[][] {
  const row = (name: string, parameters: string, { share, upTo }: Verdict) => [
    ...[name, parameters, `${(100 * share).toFixed(1)} %`, String(upTo)],
  ];
  return [
    ['', 'parameters', 'test words right', 'all right up to'],
    row(`Markov model of order ${order}`, '', markov),
    ...results.map(({ cell, parameters, verdict }) =>
      row(`${cell}(${PLAN.units})`, String(parameters), verdict),
    ),
  ];
}

/** For each network its unit over the longest test word, beside the count, moved and scaled to fit. */
export const counterPlots = (results: readonly Result[]): Promise<string[]> =>
  Promise.all(
    results.map(({ cell, counter: { unit, correlation, values, count } }) => {
      const state = cell === 'LSTM' ? 'c' : 'h';
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const most = Math.max(...count);
      return lines(
        [
          { name: state, y: values },
          { name: 'count', y: count.map((n) => low + ((high - low) * n) / most), dashed: true },
        ],
        { title: `${cell}: ${state} of unit ${unit}, r = ${correlation.toFixed(2)}`, x: 'symbol' },
      );
    }),
  );
