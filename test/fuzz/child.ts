/** The process in which cases run: it may hang or die without harm. It is told which ones to run, and says what came of each. */
import { cpu, setDevice, wasm, webgpu } from '../../src/index.ts';
import type { Device } from '../../src/index.ts';
import { Draw } from './draw.ts';
import { judge, placeOf } from './judge.ts';
import type { Outcome } from './judge.ts';
import { KINDS } from './kinds/index.ts';
import { asFile, runCode } from './program.ts';
import type { Case } from './program.ts';

/** Cases `from` to before `to` of a kind. */
export interface Job {
  readonly kind: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Only makes the case `from`, to print it. */
  readonly describe?: boolean;
  readonly device: Case['device'] | null;
}
/** What the process says: it has started, a case has ended, the job is done and so many bytes are in use. */
export type Message =
  | { readonly started: true }
  | { readonly ended: number; readonly outcome: Outcome; readonly file?: string }
  | { readonly file: string }
  | { readonly broken: string }
  | { readonly done: true; readonly bytes: number };

const say = (message: Message): void => void process.send!(message);

let unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
process.on('uncaughtException', (error) => unhandled.push(error));
// Printing is slow, and says nothing here.
if (!process.env.FUZZ_TIMES) process.stdout.write = () => true;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A new CPU device for each case; one of WebAssembly takes longer to make, and serves some of them. */
let shared: { device: Device; left: number } | null = null;
async function useDevice(kind: Case['device']): Promise<void> {
  if (kind === 'cpu') return setDevice(cpu());
  if (!shared || shared.left-- === 0) {
    shared?.device.destroy();
    shared = {
      device: await (kind === 'wasm' ? wasm() : webgpu()),
      left: kind === 'wasm' ? 30 : 0,
    };
  }
  setDevice(shared.device);
}

const namesOf = (object: unknown): string[] => Object.getOwnPropertyNames(object);
/** What every object inherits: a case that adds to it changes what all others see. */
const INHERITED = [Object, Array, Function].map(({ prototype }) => ({
  object: prototype as Record<string, unknown>,
  names: namesOf(prototype),
}));

/** Whether what every object inherits has changed. What was added is taken away: with it, Node would import nothing more. */
function hasChangedAll(): boolean {
  return INHERITED.map(({ object, names }) => {
    const now = namesOf(object);
    for (const name of now) if (!names.includes(name)) delete object[name];
    return now.join() !== names.join();
  }).includes(true);
}

async function outcomeOf({ code, device }: Case): Promise<Outcome> {
  await useDevice(device);
  unhandled = [];
  let outcome: Outcome = { verdict: 'finished' };
  try {
    await runCode(code);
  } catch (error) {
    outcome = judge(error);
  }
  await turn();
  await turn();
  if (unhandled.length > 0) {
    const [error] = unhandled;
    const place = error instanceof Error ? placeOf(error) : undefined;
    outcome = { verdict: 'unhandled rejection', message: String(error), place };
  }
  if (hasChangedAll())
    outcome = {
      verdict: 'state changed',
      message: 'every object has changed: its prototype was written to',
    };
  return outcome;
}

const used = async (): Promise<number> => {
  // What waits to be finalized is gone after the second time.
  for (let i = 0; i < 2; i++) {
    (globalThis as { gc?: () => void }).gc?.();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

process.on('message', (job: Job) => {
  run(job).catch((error: Error) => say({ broken: String(error.stack) }));
});

const isFine = ({ verdict }: Outcome): boolean => verdict === 'finished' || verdict === 'refused';

async function run({ kind, seed, from, to, device, describe }: Job): Promise<void> {
  if (!describe) say({ started: true });
  for (let index = from; index < to; index++) {
    const draw = Draw.of(seed, kind, index);
    setDevice(cpu());
    const chosen = device ?? (draw.chance(0.3) ? 'wasm' : 'cpu');
    const one: Case = { code: await KINDS[kind].make(draw, index), device: chosen };
    if (describe) return say({ file: asFile(one) });
    const outcome = await outcomeOf(one);
    say({ ended: index, outcome, ...(!isFine(outcome) && { file: asFile(one) }) });
  }
  say({ done: true, bytes: await used() });
}
