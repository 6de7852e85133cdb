/** The command `gatefold`, as a user runs it, on the files of every framework. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/index.ts';
import { loadModel } from '../../src/index.ts';
import { readSafetensors } from '../../src/interchange/index.ts';
import { reference } from '../support/devices.ts';
import { expectClose, expectOutputs, inputOf, loadFormats } from '../support/formats.ts';
import { OnnxFile } from '../support/onnx-runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatefold-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fixture = (path: string) => `test/fixtures/formats/${path}`;
const out = (name: string) => join(folder, name);

/** What the command prints, and its exit code. */
async function gatefold(...args: readonly string[]) {
  const [out, complaints]: [string[], string[]] = [[], []];
  const status = await run(
    args,
    (line) => out.push(`${line}\n`),
    (line) => complaints.push(line),
  );
  return { status, stdout: out.join(''), stderr: complaints.join('\n') };
}
/** A fixture that is packed, unpacked. */
function unpacked(path: string): string {
  const file = out(path.replace(/^.*\/|\.gz$/g, ''));
  writeFileSync(file, gunzipSync(readFileSync(fixture(path))));
  return file;
}

describe('gatefold inspect', () => {
  it.each([
    [
      'keras/tagger.keras',
      /tagger\.keras: Keras 3\.15\.1, Sequential\n\nlayer +class\ntokens +InputLayer\nembedding +Embedding\nlstm +LSTM\ndense +Dense\n\ntensor +shape +type +bytes\n(?:.*\n)*layers\/lstm\/cell\/vars\/0 +\[7, 36\] +float32 +1008\n(?:.*\n)*6 tensors, 761 values, 3044 bytes/,
    ],
    [
      'keras/stacked_cells.keras',
      /pair +RNN\npair\/stacked_rnn_cells +StackedRNNCells\npair\/stacked_rnn_cells\/lstm_cell +LSTMCell/,
    ],
    ['keras/text_vectors.keras', /also:\n {2}assets\/layers\/text_vectorization/],
    [
      'pytorch/bilstm_linear.pt',
      /bilstm_linear\.pt: PyTorch\n\ntensor +shape +type +bytes\nlstm\.weight_ih_l0 +\[24, 5\] +float32 +480/,
    ],
    ['pytorch/checkpoint.pt', /model\/weight_ih_l0 +\[21, 4\](?:.*\n)*also:\n {2}epoch: 12/],
    ['pytorch/lstm_legacy.pt', /lstm\.weight_hh_l0 +\[24, 6\]/],
    ['pytorch/gru_f16.safetensors', /weight_hh_l0 +\[21, 7\] +float16 +294/],
    ['npz/arrays.npz', /NumPy arrays(?:.*\n)*steps +\[\] +int64 +8/],
    [
      'tfjs/functional_bigru_uint8/model.json',
      /TensorFlow\.js layers model, Model(?:.*\n)*both +Bidirectional\nboth\/inner +GRU(?:.*\n)*both\/forward_inner\/kernel +\[3, 15\] +uint8 +45/,
    ],
  ])('%s', async (path, shown) => {
    const { status, stdout, stderr } = await gatefold('inspect', fixture(path));
    expect(stderr).toBe('');
    expect(stdout).toMatch(shown);
    expect(status).toBe(0);
  });

  it('every file that there is of each program', async () => {
    const files = readdirSync(fixture(''), { recursive: true, encoding: 'utf8' }).filter(
      (path) =>
        /\.(keras|h5|h5\.gz|pt|safetensors|onnx|onnx\.gz|npz)$|model\.json$/.test(path) &&
        !path.endsWith('hostile.pt'),
    );
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const path = file.endsWith('.gz') ? unpacked(file) : fixture(file);
      const { status, stdout, stderr } = await gatefold('inspect', path);
      expect([status, stderr], file).toEqual([0, '']);
      expect(stdout, file).toMatch(/\d+ tensors?, \d+ values?, \d+ bytes/);
    }
  });

  it('HDF5, and what is refused', async () => {
    expect((await gatefold('inspect', unpacked('keras/legacy_functional.h5.gz'))).stdout).toMatch(
      /Keras 3\.15\.1, Functional, HDF5\n\nlayer +class\nsensor +InputLayer\nboth +Bidirectional/,
    );
    const hostile = await gatefold('inspect', fixture('pytorch/hostile.pt'));
    expect(hostile.stderr).toMatch(/its pickle asks for posix\.system/);
    expect([hostile.status, hostile.stdout]).toEqual([1, '']);
    expect((await gatefold('inspect', out('nothing'))).stderr).toMatch(/cannot read .*nothing/);
  });
});

describe('gatefold convert', () => {
  it('a model of Keras to one that loadModel reads, and on to PyTorch and Keras', async () => {
    const found = (await loadFormats('keras')).get('tagger.keras')!;
    const made = await gatefold('convert', fixture('keras/tagger.keras'), out('tagger'));
    expect([made.status, made.stdout]).toEqual([0, `wrote ${out('tagger')}\n`]);
    const net = await loadModel(out('tagger'), { device: reference });
    await expectOutputs(await net.predict(inputOf(found.inputs[0])), found.outputs);
    expect((await gatefold('inspect', out('tagger'))).stdout).toMatch(
      /Gatefold, Sequential\n\nlayer +class/,
    );
    for (const [to, line] of [
      ['torch', "'lstm': nn.LSTM(7, 9, batch_first=True),"],
      ['keras', 'layers.LSTM(units=9, '],
    ] as const) {
      expect((await gatefold('convert', out('tagger'), out(`for_${to}`), '--to', to)).status).toBe(
        0,
      );
      expect(readFileSync(out(`for_${to}.py`), 'utf8')).toContain(line);
      expect(readFileSync(out(`for_${to}.py`), 'utf8')).toContain(
        `load_file('for_${to}.safetensors')`,
      );
      const { tensors } = await readSafetensors(out(`for_${to}.safetensors`));
      expect(tensors.size).toBeGreaterThan(5);
    }
  });

  it('a model of Keras to one that ONNX Runtime runs', async () => {
    const found = (await loadFormats('keras')).get('tagger.keras')!;
    const path = fixture('keras/tagger.keras');
    const made = await gatefold('convert', path, out('tagger.onnx'), '--to', 'onnx');
    expect([made.status, made.stdout]).toEqual([0, `wrote ${out('tagger.onnx')}\n`]);
    const file = await OnnxFile.open(readFileSync(out('tagger.onnx')));
    const [answer] = Object.values(await file.run({ [file.inputs[0]]: inputOf(found.inputs[0]) }));
    expectClose(answer, found.outputs[0]);
  });

  it('tensors to safetensors', async () => {
    const made = await gatefold('convert', fixture('pytorch/gru_flat.pt'), out('gru.safetensors'));
    expect(made.status).toBe(0);
    const { tensors } = await readSafetensors(out('gru.safetensors'));
    expect(tensors.get('weight_ih_l0')!.shape).toEqual([21, 4]);
  });

  it('says how it is called', async () => {
    mkdirSync(out('empty'));
    for (const args of [
      ['convert', 'a'],
      ['convert', fixture('npz/arrays.npz'), out('a'), '--to=torch'],
      ['inspect'],
      ['draw'],
      ['convert', 'a', 'b', '--to', 'c'],
    ]) {
      const { status, stderr } = await gatefold(...args);
      expect([status, args.join(' ')]).toEqual([2, args.join(' ')]);
      expect(stderr).toMatch(/expected/);
    }
    // As a user runs it, in a clone.
    const { status, stdout } = spawnSync(process.execPath, ['bin/gatefold.mjs', '--help'], {
      encoding: 'utf8',
    });
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'gatefold inspect FILE']);
  });
});
