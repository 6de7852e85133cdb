import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { model as graph, sequential } from '../../src/model/create.ts';
import { Progress, progressLine } from '../../src/model/progress.ts';
import type { Output } from '../../src/model/progress.ts';
import { classifier, task } from './support.ts';

/** Keeps what is written; `screen` is what a terminal would show. */
function recorder(isTerminal: boolean, columns = 80) {
  let text = '';
  const output: Output = { isTerminal, columns, write: (part) => void (text += part) };
  const screen = () =>
    text.split('\n').map((line) => {
      let shown = '';
      for (const part of line.split('\r')) shown = part + shown.slice(part.length);
      return shown.trimEnd();
    });
  return { output, text: () => text, screen };
}

/** For a table that is only returned. */
const quiet = (): void => undefined;

describe('a line of progress', () => {
  const logs = { loss: 0.69314, accuracy: 0.5, valLoss: 0.0001234 };

  it('has a bar, the time left and the numbers', () => {
    expect(
      progressLine({ step: 3, steps: 10, seconds: 0.45, logs: { loss: 0.69314 } }, false),
    ).toBe(' 3/10 ━━━━━━────────────── 1s 150ms/step - loss: 0.6931');
  });
  it('has the time taken when it is done', () => {
    expect(progressLine({ step: 10, steps: 10, seconds: 75.2, logs }, true)).toBe(
      '10/10 ━━━━━━━━━━━━━━━━━━━━ 1:15 8s/step - loss: 0.6931 - accuracy: 0.5000 - valLoss: 1.2340e-4',
    );
    expect(progressLine({ step: 9, steps: 9, seconds: 3725, logs: {} }, true)).toMatch(
      / 1:02:05 414s\/step$/,
    );
    expect(progressLine({ step: 1000, steps: 1000, seconds: 0.25, logs: {} }, true)).toMatch(
      / 0s 250us\/step$/,
    );
  });
  it('counts where nobody knows how far it goes', () => {
    expect(progressLine({ step: 7, steps: null, seconds: 14, logs: { loss: 1 } }, false)).toBe(
      '7 14s 2s/step - loss: 1.0000',
    );
  });
  it('never wraps', () => {
    for (const columns of [80, 60, 40, 20, 5, 1])
      expect(
        progressLine({ step: 3, steps: 10, seconds: 1, logs }, false, columns).length,
      ).toBeLessThan(columns);
  });
});

describe('what fit prints', () => {
  const run = async (verbose: 0 | 1 | 2, isTerminal: boolean) => {
    const recorded = recorder(isTerminal);
    const { x, y } = task(40);
    await classifier(cpu()).fit(x, y, {
      verbose,
      output: recorded.output,
      epochs: 2,
      batchSize: 4,
      readEvery: 1,
      validationSplit: 0.2,
    });
    return recorded;
  };
  const numbers =
    /\d+(s|:\d\d) \d+(ms|us|s)\/step - loss: 0\.\d{4} - accuracy: 0\.\d{4} - valLoss: 0\.\d{4} - valAccuracy: \d\.\d{4}$/;

  it('is a bar rewritten in place, in a terminal', async () => {
    const { text, screen } = await run(1, true);
    expect(text().match(/\r/g)!.length).toBeGreaterThan(10);
    const lines = screen();
    expect([lines[0], lines[2], lines[4]]).toEqual(['Epoch 1/2', 'Epoch 2/2', '']);
    for (const line of [lines[1], lines[3]]) {
      expect(line).toMatch(/^8\/8 /);
      expect(line.length).toBeLessThan(80);
    }
  });

  it('is a line an epoch elsewhere', async () => {
    for (const [verbose, isTerminal] of [
      [1, false],
      [2, true],
      [2, false],
    ] as const) {
      const { text, screen } = await run(verbose, isTerminal);
      expect(text()).not.toContain('\r');
      const lines = screen();
      expect(lines.length).toBe(5);
      expect(lines[1]).toMatch(/^8\/8 ━{20} /);
      expect(lines[3]).toMatch(numbers);
    }
  });

  it('is nothing when silent', async () => {
    expect((await run(0, true)).text()).toBe('');
  });

  it('shows a long epoch every ten seconds where no bar can be drawn', () => {
    const { output, screen } = recorder(false);
    const progress = new Progress(1, output);
    progress.begin('Epoch 1/1');
    for (let second = 1; second <= 25; second++)
      progress.update({ step: second, steps: 100, seconds: second, logs: { loss: 1 } });
    const [title, ten, twenty, ...rest] = screen();
    expect(title).toBe('Epoch 1/1');
    expect(ten).toMatch(/^ 10\/100 ━━─+ 1:30 1s\/step - loss: 1\.0000$/);
    expect(twenty).toMatch(/^ 20\/100 ━━━━─+ 1:20 1s\/step - loss: 1\.0000$/);
    expect(rest).toEqual(['']);
  });

  it('ends its line when training is interrupted', async () => {
    const { output, text } = recorder(true);
    const { x, y } = task(40);
    const callbacks = [
      {
        onBatchEnd: (batch: number) => {
          if (batch === 5) throw new Error('enough');
        },
      },
    ];
    const options = { output, verbose: 1, batchSize: 4, readEvery: 1, callbacks } as const;
    await expect(classifier(cpu()).fit(x, y, options)).rejects.toThrow('enough');
    expect(text().endsWith('\n')).toBe(true);
  });
});

describe('summary', () => {
  it('is the table of Keras', async () => {
    const model = classifier(cpu());
    const printed: string[] = [];
    const table = model.summary((text) => printed.push(text));
    expect(printed).toEqual([table]);
    expect(table).toBe(`Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape    ┃ Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ embedding (Embedding) │ (None, None, 4) │      32 │
├───────────────────────┼─────────────────┼─────────┤
│ gru (GRU)             │ (None, 5)       │     165 │
├───────────────────────┼─────────────────┼─────────┤
│ answer (Dense)        │ (None, 1)       │       6 │
└───────────────────────┴─────────────────┴─────────┘
 Total params: 203 (812.00 B)
 Trainable params: 203 (812.00 B)
 Non-trainable params: 0 (0.00 B)`);
    model.getLayer('gru').trainable = false;
    const { x, y } = task(4);
    await model.fit(x, y, { verbose: 0 });
    // Adam has two slots a weight that is trained.
    expect(model.summary(quiet)).toMatch(
      / Total params: 279 \(1\.09 KB\)\n Trainable params: 38 .*\n Non-trainable params: 165 .*\n Optimizer params: 76 /,
    );
  });

  it('says what a graph connects', () => {
    const a = layers.input({ shape: [2], name: 'a' });
    const b = layers.input({ shape: [3], name: 'b' });
    const out = layers.dense(1, { name: 'out' }).apply(layers.concatenate().apply([a, b]));
    const lines = graph({ inputs: [a, b], outputs: out, device: cpu() })
      .summary(quiet)
      .split('\n');
    expect(lines[2]).toMatch(/Connected to/);
    expect(lines.find((line) => line.includes('concatenate ('))).toMatch(
      /\(None, 5\).*│ +0 │ a, b /,
    );
    expect(lines.find((line) => line.includes('out ('))).toMatch(/│ +6 │ concatenate /);
    expect(lines.find((line) => line.includes('a (InputLayer)'))).toMatch(/│ - +│$/);
  });

  it('shows a stack that does not know its input', () => {
    expect(sequential([layers.dense(3)], { device: cpu() }).summary(quiet)).toMatch(
      /dense \(Dense\) │ \? +│ \? \(unbuilt\) │/,
    );
  });
});
