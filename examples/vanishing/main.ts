// npm start -- vanishing: gradients over many time steps vanish, explode, or are preserved by gates; and what clipping does.
import { lines, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { descend } from './clipping.ts';
import { derivativeByWeight, gradientNorms, settings } from './gradients.ts';
import table from './options.json' with { type: 'json' };

const LENGTHS = [10, 20, 50, 100, 200];
const GAINS = [0.9, 1.1];
const short = (value: number) => value.toExponential(1);

await runProgram(table, async ({ seed, out }) => {
  const figures: string[] = [];
  const norms = [['cell', '|w|', ...LENGTHS.map((steps) => `T = ${steps}`)]];
  for (const gain of GAINS) {
    const curves = [];
    for (const setting of settings) {
      const ratios = [];
      for (const steps of LENGTHS) {
        const all = await gradientNorms(setting, { gain, steps, seed: Number(seed) });
        ratios.push(short(all[0] / all[steps - 1]));
        if (steps === LENGTHS.at(-1)) curves.push({ name: setting.name, y: [...all].reverse() });
      }
      norms.push([setting.name, String(gain), ...ratios]);
    }
    figures.push(
      await lines(curves, { title: `gradient norm, |w| = ${gain}`, x: 'steps back', log: true, width: 540 }), // prettier-ignore
    );
  }
  const shares = 'Norm of the gradient at the first step, as a share of that at the last';
  console.log(`${shares}:\n${tableText(norms)}`);

  const derivatives = [['w', 't', 'backward', 't·w^(t-1)·h_0', 'relative difference']];
  let worst = 0;
  for (const w of GAINS)
    for (const t of LENGTHS) {
      const [found, expected] = [await derivativeByWeight(w, t, 0.5), t * w ** (t - 1) * 0.5];
      const difference = Math.abs(found / expected - 1);
      worst = Math.max(worst, difference);
      derivatives.push([String(w), String(t), found.toPrecision(6), expected.toPrecision(6), short(difference)]); // prettier-ignore
    }
  console.log(`\ndh_t/dw of h_t = w·h_(t-1), h_0 = 0.5:\n${tableText(derivatives)}`);
  if (!(worst < 1e-4)) throw new Error(`dh_t/dw is off by ${worst}`);

  const cliff = { steps: 150, length: 100, from: 1.1 };
  const [free, clipped] = [await descend(undefined, cliff), await descend(1, cliff)];
  const descents = [['', 'steps', 'first loss', 'last loss', 'first w', 'last w']];
  for (const [name, { weights, losses }] of [
    ['no clipping', free],
    ['clipNorm 1', clipped],
  ] as const)
    // prettier-ignore
    descents.push([
      ...[name, String(losses.length), short(losses[0]), short(losses.at(-1)!)],
      ...[weights[0], weights.at(-1)!].map((weight) => weight.toPrecision(4)),
    ]);
  console.log(`\nw^(T-1) to become 1, T = 100, SGD 0.001:\n${tableText(descents)}`);
  console.log(`no clipping: ${free.error ?? 'ran to the end'}`);

  await writeReport(
    out,
    reportPage('Vanishing and exploding gradients', [
      { heading: shares, figures, table: norms },
      { heading: 'dh_t/dw of h_t = w·h_(t-1)', table: derivatives },
      {
        heading: 'Clipping',
        text: `w^(T-1) is to become 1. Without clipping: ${free.error ?? 'ran to the end'}`,
        table: descents,
        figures: [
          await lines([{ name: 'clipNorm 1', y: clipped.losses }, { name: 'no clipping', y: free.losses }], { title: 'loss', x: 'step', log: true }), // prettier-ignore
          await lines([{ name: 'clipNorm 1', y: clipped.weights }], { title: 'w', x: 'step' }),
        ],
      },
    ]),
  );
});
