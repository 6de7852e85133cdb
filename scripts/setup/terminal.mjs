// Output and questions of the set-up.
import { createInterface } from 'node:readline/promises';

/** Prints a line of the set-up. */
export const say = (text) => console.log(`[setup] ${text}`);

/** Whether a person can answer: input and output are a terminal, and no variable says otherwise. */
export const canAsk = () => Boolean(process.stdin.isTTY && process.stdout.isTTY && !process.env.CI);

/** Asks a yes/no question. Enter means yes; Ctrl-C or a closed input means no. */
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

/** A problem that the user has to solve. Its message is printed without a stack trace. */
export class SetupError extends Error {
  name = 'SetupError';
}
