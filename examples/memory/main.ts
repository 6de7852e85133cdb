// npm start -- memory: a network with memory, computed by hand: the same input gives another output the second time.
import { runProgram, tableText } from '../program.ts';
import { buildNetwork, remember } from './network.ts';
import table from './options.json' with { type: 'json' };

const show = (vector: readonly number[]) => `(${vector.join(', ')})`;

await runProgram(table, async () => {
  const network = buildNetwork();
  network.summary();
  const sequence = [
    [1, 1],
    [1, 1],
    [2, 2],
  ];
  for (const [title, steps] of [
    ['All weights 1, no bias, linear:', sequence],
    ['The same inputs in another order:', [...sequence].reverse()],
  ] as const) {
    const rows = (await remember(network, steps)).map(({ input, before, after, output }) =>
      [input, before, after, output].map(show),
    );
    console.log(`\n${title}`);
    console.log(tableText([['input', 'memory', 'new memory', 'output'], ...rows]));
  }
  network.dispose();
});
