// npm start -- sine: a recurrent network learns to predict the cosine from the sine, half a period at a time.
import { lines, reportPage } from '../plots/index.ts';
import type { Line } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { angles, buildNetwork, cells, follow, lastErrors, mean, train } from './network.ts';
import type { Cell } from './network.ts';
import table from './options.json' with { type: 'json' };

/** How many segments after the training are predicted and drawn. */
const SHOWN = 6;

await runProgram(table, async ({ segments: count, seed, out }) => {
  const segments = Number(count);
  const shown = Array.from({ length: SHOWN }, (_, i) => angles(segments + i)).flat();
  const errors: Line[] = [];
  const waves: Line[] = [];
  const rows: string[][] = [];
  for (const cell of Object.keys(cells) as Cell[]) {
    const network = buildNetwork(cell, Number(seed));
    const begun = performance.now();
    const mse = await train(network, segments);
    const seconds = (performance.now() - begun) / 1000;
    const answers = await follow(network, segments, SHOWN);
    const untrained = mean(answers.map((answer, i) => (answer - Math.cos(shown[i])) ** 2));
    const figures = { ...lastErrors(mse), [`of ${SHOWN} more, untrained`]: untrained };
    rows[0] ??= ['cell', 'parameters', ...Object.keys(figures), 'seconds'];
    rows.push([
      ...[cell, String(network.countParams())],
      ...Object.values(figures).map((value) => value.toExponential(2)),
      seconds.toFixed(1),
    ]);
    errors.push({ name: cell, y: mse });
    waves.push({ name: cell, x: shown, y: answers });
    network.dispose();
  }
  waves.push({ name: 'cosine', x: shown, y: shown.map(Math.cos), dashed: true });
  console.log(tableText(rows));
  await writeReport(
    out,
    reportPage('From the sine to the cosine', [
      {
        text: 'RNN(32) and LSTM(32), Adam 0.02, segments of 10 points, the state carried over and its gradient cut.',
        table: rows,
        figures: [
          await lines(errors, { title: 'MSE by segment', x: 'segment', log: true }),
          await lines(waves, { title: 'the segments after the training', x: 'angle', width: 640 }),
        ],
      },
    ]),
  );
});
