/** `npm run fuzz`: it finds what must be found, and ends as it says. */
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs it; `onLine` may end it. */
function fuzz(
  args: readonly string[],
  onLine: (line: string, end: () => void) => void = () => undefined,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/fuzz.mjs', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        onLine(part, () => child.kill('SIGINT'));
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

describe('npm run fuzz', () => {
  it('finds what engines throw, hangs, processes that die, silent NaN and changes', async () => {
    const { code, text } = await fuzz([
      '--only',
      'broken',
      '--short',
      '--limit',
      '15',
      '--memory',
      '300',
    ]);
    expect(code).toBe(1);
    expect(text).toMatch(
      new RegExp(
        '18 cases in \\d+ s, seed 1: 3 internal errors, 1 silent NaN, 2 hangs, 1 dead processes, 1 of memory, 2 changed states, ' +
          '1 accepted that are wrong, 1 thrown that are no Error, 1 unhandled rejections, 1 wrong results, 2 unclear messages',
      ),
    );
    // A finding is a program that can be run by itself.
    expect(text).toContain("import { Tensor, setDevice, tensor, wasm } from 'gatefold';");
    expect(text).toContain('await finite(tensor([1, NaN]));\nasync function finite(');
  });

  it('finds nothing in the same cases every time', async () => {
    const { code, text } = await fuzz(['--short']);
    expect(text).toMatch(
      /\d+ cases in \d+ s, seed 1: 0 internal errors, 0 silent NaN, 0 hangs, 0 dead/,
    );
    expect(code, text).toBe(0);
  });

  it('ends on Ctrl-C with a summary', async () => {
    const { text } = await fuzz(['--seconds', '100', '--only', 'safetensors'], (line, end) => {
      if (line.includes('Ctrl-C ends it')) setTimeout(end, 2000);
    });
    expect(text).toMatch(/\d+ cases in \d+ s, seed \d+: \d+ internal errors/);
    const seconds = Number(/cases in (\d+) s/.exec(text)![1]);
    expect(seconds).toBeLessThan(30);
  });

  it('says which options there are', async () => {
    expect(await fuzz(['--only', 'modells'])).toEqual({
      code: 2,
      text: "--only takes models, safetensors, readers, formats, options, calls, training; got 'modells'\n",
    });
  });
});
