/**
 * Gatefold's contenders as a Node or Deno process. It reads one line of JSON per call, and writes one per answer, after a mark,
 * since drivers also print to the output. It ends when its input ends.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import * as gatefold from './contenders/gatefold.ts';
import * as gatefoldWasm from './contenders/gatefold-wasm.ts';
import { WASM } from './names.mjs';
import { ANSWER } from './protocol.ts';
import type { Answer, Call } from './protocol.ts';
import { makeSession } from './session.ts';

const session = {
  ...makeSession(async (name) => (name === WASM ? gatefoldWasm : gatefold)),
  async heap(collected: boolean): Promise<number> {
    const { gc } = globalThis as { gc?: () => void };
    if (!gc) throw new Error('heap: expected the flag --expose-gc');
    for (let i = 0; collected && i < 3; i++) gc();
    return process.memoryUsage().heapUsed;
  },
};

async function answer({ name, args }: Call): Promise<Answer> {
  try {
    const method = session[name] as (...args: unknown[]) => Promise<unknown>;
    return { value: await method(...args) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  void answer(JSON.parse(line) as Call).then((found) => {
    process.stdout.write(`${ANSWER}${JSON.stringify(found)}\n`);
  });
});
lines.on('close', () => process.exit(0));
