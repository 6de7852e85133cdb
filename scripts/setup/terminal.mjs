// What the set-up says and asks.
import { createInterface } from 'node:readline/promises';

/** Prints a line of the set-up. */
export const say = (text) => console.log(`[setup] ${text}`);

/** True where a person can answer: both ends are a terminal, and nobody said that there is none. */
export const canAsk = () => Boolean(process.stdin.isTTY && process.stdout.isTTY && !process.env.CI);

/** Asks a yes/no question; Enter means yes, Ctrl-C or a closed input no. */
export async function confirm(question) {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const closed = new Promise((resolve) => lines.once('close', () => resolve('n')));
    const answer = await Promise.race([lines.question(`[setup] ${question} [Y/n] `), closed]);
    return /^(y|yes)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/** A condition that the user has to mend: its message is printed without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}
