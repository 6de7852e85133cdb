// Runs a command for as long as it shows signs of life: output, or a results file that grows.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from '../setup/index.mjs';

const isWindows = process.platform === 'win32';

/** Ends a process and all that it has started. */
function killTree(child, signal) {
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}

const running = new Set();

/** Runners have process groups of their own, which Ctrl-C does not reach. */
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => {
    for (const child of running) killTree(child, 'SIGKILL');
    process.exit(status);
  });

const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Runs Node with `args`; resolves when it has ended, to null, or to a sentence that says how it ended where that was not with exit
 * status 0. It is ended when it has been silent for `silenceMs`.
 *
 * @param {object} options
 * @param {string[]} options.args
 * @param {string} [options.cwd] the repository by default
 * @param {Record<string, string | undefined>} options.env
 * @param {string} options.results the file to which it appends results
 * @param {number} options.silenceMs
 * @param {(line: string) => void} options.onLine takes each line of its output
 * @returns {Promise<string | null>}
 */
export function supervise({ args, cwd = root, env, results, silenceMs, onLine }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that it can be ended with all that it has started.
      detached: !isWindows,
    });
    running.add(child);
    let lastSign = Date.now();
    let size = 0;
    let silent = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', () => (lastSign = Date.now()));
      createInterface({ input: stream }).on('line', onLine);
    }
    const watch = setInterval(
      () => {
        const grown = sizeOf(results);
        if (grown !== size) lastSign = Date.now();
        size = grown;
        if (Date.now() - lastSign < silenceMs) return;
        silent = true;
        killTree(child, 'SIGKILL');
      },
      Math.min(1000, silenceMs / 4),
    );
    child.on('error', (error) => finish(error.message));
    child.on('close', (status, signal) => {
      if (silent) finish(`it was ended after ${silenceMs / 1000} s without a sign of life`);
      else if (signal) finish(`it was ended by ${signal}`);
      else finish(status === 0 ? null : `it ended with exit status ${status}`);
    });
    function finish(problem) {
      clearInterval(watch);
      running.delete(child);
      resolve(problem);
    }
  });
}
