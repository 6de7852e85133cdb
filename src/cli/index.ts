/** The command `gatefold`: `inspect FILE` and `convert IN OUT`, in Node, without a GPU. */
import type * as fs from 'node:fs/promises';
import { cpu } from '../cpu/device.ts';
import {
  inspectFile,
  loadKeras,
  loadRtneural,
  loadTfjs,
  readNpz,
  readOnnx,
  readStateDict,
  toKeras,
  toOnnx,
  toTorch,
} from '../interchange/index.ts';
import type { FileFacts, FileTensor } from '../interchange/index.ts';
import { loadModel } from '../model/load.ts';
import type { Model } from '../model/model.ts';
import { builtinModule } from '../runtime_modules.ts';

export const HELP = `gatefold inspect FILE
  What is in a model or a file of tensors: layers, shapes, types, sizes.

gatefold convert IN OUT [--to gatefold|onnx|torch|keras]
  IN: a model (.keras, .h5, model.json of TensorFlow.js, RTNeural's .json, one of Gatefold's) or a file of tensors (.pt, .pth, .npz, .onnx, .safetensors).
  OUT: for a model the folder or the file, NAME.safetensors, that Gatefold's loadModel reads; with --to onnx NAME.onnx; with --to torch or --to keras
  NAME.safetensors with the lines of Python that load it there in NAME.py. For tensors NAME.safetensors.`;

/** Thrown for what a user got wrong. */
class UsageError extends Error {}

type Print = (line: string) => void;

/** Runs the command. @returns its exit code */
export async function run(args: readonly string[], print: Print, complain: Print): Promise<number> {
  try {
    const [command, ...rest] = args;
    if (command === 'inspect') await inspect(rest, print);
    else if (command === 'convert') await convert(rest, print, complain);
    else if (command === undefined || /^(-h|--help|help)$/.test(command)) print(HELP);
    else throw new UsageError(`expected 'inspect' or 'convert', got '${command}'\n\n${HELP}`);
    return 0;
  } catch (error) {
    complain((error as Error).message);
    return error instanceof UsageError ? 2 : 1;
  }
}

// ---- inspect --------------------------------------------------------------------------------------------------------------

async function inspect(args: readonly string[], print: Print): Promise<void> {
  const [path] = args;
  if (args.length !== 1) throw new UsageError(`expected one file to inspect, got ${args.length}`);
  for (const line of tableOf(path, await inspectFile(await fileOf(path)))) print(line);
}

/** A folder stands for the model in it. */
async function fileOf(path: string): Promise<string> {
  if (/^https?:/.test(path)) return path;
  const { stat } = builtinModule<typeof fs>('node:fs/promises')!;
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return path;
  for (const name of ['model.safetensors', 'model.json'])
    if (await stat(`${path}/${name}`).catch(() => null)) return `${path}/${name}`;
  return path;
}

export function tableOf(path: string, { kind, layers, tensors, others }: FileFacts): string[] {
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const values = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const counts = `${tensors.length} tensors, ${values} values, ${bytes} bytes`;
  const lines = [`${path}: ${kind}`];
  if (layers.length > 0)
    lines.push(
      '',
      ...aligned([['layer', 'class'], ...layers.map((one) => [one.name, one.className])]),
    );
  if (tensors.length > 0) {
    const rows = tensors.map(({ name, shape, type, bytes }) => [
      name,
      `[${shape.join(', ')}]`,
      type,
      String(bytes),
    ]);
    lines.push('', ...aligned([['tensor', 'shape', 'type', 'bytes'], ...rows]), '', counts);
  }
  if (others.length > 0) lines.push('', 'also:', ...others.map((one) => `  ${one}`));
  return lines;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const numbers = rows[0].map((title) => title === 'bytes');
  return rows.map((row) =>
    row
      .map((cell, i) => (numbers[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

// ---- convert --------------------------------------------------------------------------------------------------------------

async function convert(args: readonly string[], print: Print, complain: Print): Promise<void> {
  const at = args.findIndex((arg) => /^--to(=|$)/.test(arg));
  const to = at < 0 ? 'gatefold' : (args[at].split('=')[1] ?? args[at + 1]);
  const paths = args.filter(
    (_, i) => at < 0 || (i !== at && (args[at].includes('=') || i !== at + 1)),
  );
  if (paths.length !== 2)
    throw new UsageError(`expected IN and OUT to convert, got ${paths.length} paths\n\n${HELP}`);
  if (!['gatefold', 'onnx', 'torch', 'keras'].includes(to))
    throw new UsageError(`expected --to gatefold, onnx, torch or keras, got '${to}'`);
  const [from, out] = [await fileOf(paths[0]), paths[1]];
  const facts = await inspectFile(from);
  const { writeFile } = builtinModule<typeof fs>('node:fs/promises')!;
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeFile(path, content);
    print(`wrote ${path}`);
  };
  if (isTensors(facts)) {
    if (to !== 'gatefold' || !out.endsWith('.safetensors'))
      throw new UsageError(
        `expected OUT to be NAME.safetensors for a file of tensors (${facts.kind}), got ${out}`,
      );
    const { writeSafetensors } = await import('../interchange/safetensors.ts');
    return write(out, writeSafetensors(await tensorsOf(from, facts)));
  }
  const model = await modelOf(from, facts, complain);
  if (to === 'gatefold') {
    await model.save(out);
    return print(`wrote ${out}`);
  }
  const name = out.replace(/\.(safetensors|py|onnx)$/, '');
  if (to === 'onnx') return write(`${name}.onnx`, await toOnnx(model));
  const file = `${name.replace(/^.*[/\\]/, '')}.safetensors`;
  const { weights, python } = await (to === 'torch' ? toTorch : toKeras)(model, { file });
  await write(`${name}.safetensors`, weights);
  await write(`${name}.py`, python);
}

const isTensors = ({ kind }: FileFacts): boolean =>
  /^(PyTorch|NumPy|ONNX|safetensors|HDF5)/.test(kind);

async function tensorsOf(
  path: string,
  { kind }: FileFacts,
): Promise<ReadonlyMap<string, FileTensor>> {
  if (kind.startsWith('NumPy')) return readNpz(path);
  if (kind.startsWith('ONNX')) return readOnnx(path);
  if (kind === 'HDF5')
    throw new UsageError(
      `expected a model, or tensors of PyTorch, NumPy or safetensors, got weights of Keras without their model: ${path}`,
    );
  return readStateDict(path);
}

async function modelOf(path: string, { kind }: FileFacts, complain: Print): Promise<Model> {
  const device = cpu();
  if (kind.startsWith('Keras')) return loadKeras(path, { device, warn: complain });
  if (kind.startsWith('TensorFlow.js')) return loadTfjs(path, { device, warn: complain });
  if (kind.startsWith('RTNeural')) return loadRtneural(path, { device });
  return loadModel(path.replace(/[/\\]model\.(json|safetensors)$/, ''), { device });
}
