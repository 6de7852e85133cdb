// Runs a program to its end.
import { spawn } from 'node:child_process';

/** A build or a training that takes longer than this hangs. */
const LIMIT_MS = 180_000;

/**
 * @returns {Promise<string>} what it printed
 * @throws Error with all that it printed, where it fails or does not end
 */
export function run(command, args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      shell: process.platform === 'win32' && command === 'npm',
    });
    let output = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (all += text));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(output);
      else reject(new Error(`${signal ?? `exit status ${status}`}\n${all.trim()}`));
    });
  });
}
