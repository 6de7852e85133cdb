/** Programs that do what must be found, one after the other: whether it is, is tested. They run where `--only broken` asks for them. */
import type { Kind } from '../kind.ts';

const PROGRAMS = [
  'null.x;',
  'new Float32Array(-1);',
  'const deep = () => deep(); deep();',
  "throw new Error('it did not work');",
  "throw new Error('x: expected a number, got [object Object]');",
  'throw 3;',
  "Promise.reject(new Error('late'));",
  'Object.prototype.more = 1;',
  'await finite(tensor([1, NaN]));',
  "await refuses('layers.dense', 'unitz', () => layers.dense(2), true);",
  "const net = sequential([layers.input({ shape: [1] }), layers.dense(1)], { seed: 1 });\nnet.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\nawait unchanged(net, () => { net.epoch = 3; throw new Error('expected nothing'); });",
  'await alike((source) => (async function* () { let parts = 0; for await (const _ of source()) yield ++parts; })(), new Uint8Array(4), 1);',
  'process.kill(process.pid, "SIGKILL");',
  'for (;;);',
  'await new Promise(() => undefined);',
  'const kept = []; for (;;) kept.push(new Uint8Array(2 ** 24).fill(1));',
  // These two are right.
  "throw new Error('x: expected a number, got 3');",
  'layers.dense(2);',
];

export const broken: Kind = {
  cases: PROGRAMS.length,
  isHidden: true,
  make: (_, index) => PROGRAMS[index % PROGRAMS.length],
};
