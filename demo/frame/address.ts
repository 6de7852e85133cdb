/** The state of a page as what stands behind the `#` of its address, and what of an address is believed. */
import type { DeviceChoice } from './lesson.ts';
import type { Place } from './plots/inside.ts';
import { valuesOf, writeValues } from './settings.ts';
import type { Settings, Values } from './settings.ts';

/** Weights that a training begins with, and the number of steps that they have behind them. */
export interface Start {
  readonly step: number;
  /** For each training, all weights one after the other. */
  readonly weights: readonly Float32Array[];
}

export interface PageState {
  readonly values: Values;
  /** What is trained beside; '' for nothing. */
  readonly compared: string;
  readonly device: DeviceChoice;
  readonly place: Place;
  /** What the page asked the lesson for last. */
  readonly question: unknown;
  readonly steps: number;
  readonly start: Start | null;
}

/** The whole number from 0 on that a text stands for, or 0. */
const count = (text: string | null): number =>
  text !== null && /^\d{1,7}$/.test(text) ? Number(text) : 0;

/** Steps as a text: `3-7.12` is 3 to 7, and 12, counted from 1. */
function rangesOf(steps: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const step of [...steps].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && step === last[1] + 1) last[1] = step;
    else ranges.push([step, step]);
  }
  return ranges.map(([from, to]) => (from === to ? from + 1 : `${from + 1}-${to + 1}`)).join('.');
}

const MOST_STEPS = 10_000;

function stepsIn(text: string): number[] {
  const steps = new Set<number>();
  for (const range of text.split('.')) {
    const [from, to = from] = range.split('-').map(count);
    for (let step = from; step <= Math.min(to, MOST_STEPS); step++)
      if (step > 0) steps.add(step - 1);
  }
  return [...steps].sort((a, b) => a - b);
}

/** Bytes in the alphabet that an address takes as it is. */
const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** @returns null for what is no list of finite numbers */
function numbersIn(text: string): Float32Array | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    if (bytes.length === 0 || bytes.length % 4 !== 0) return null;
    const numbers = new Float32Array(bytes.buffer);
    return numbers.every(Number.isFinite) ? numbers : null;
  } catch {
    return null;
  }
}

function startIn(address: URLSearchParams): Start | null {
  const weights = (address.get('weights') ?? '').split('.').map(numbersIn);
  if (weights.some((one) => one === null)) return null;
  return { step: count(address.get('from')), weights: weights as Float32Array[] };
}

function questionIn(address: URLSearchParams): unknown {
  try {
    return JSON.parse(address.get('ask') ?? 'null');
  } catch {
    return null;
  }
}

/** What a page begins with where its address says nothing else. */
export interface Beginning {
  /** The setting by which two trainings differ; 'cell' by default. */
  readonly compareBy?: string;
  readonly compared?: string;
  readonly question?: unknown;
}

export function readState(
  settings: Settings,
  address: URLSearchParams,
  { compareBy = 'cell', compared = '', question = null }: Beginning = {},
): PageState {
  const cell = Object.hasOwn(settings, compareBy) ? settings[compareBy] : null;
  const beside = address.get('compare');
  const known = cell?.kind === 'choice' && beside !== null && Object.hasOwn(cell.choices, beside);
  const device = address.get('device');
  return {
    values: valuesOf(settings, address),
    compared: known ? beside : beside === 'nothing' ? '' : compared,
    device: device === 'webgpu' || device === 'wasm' ? device : 'best',
    place: {
      time: Infinity,
      unit: Math.max(0, count(address.get('unit')) - 1),
      marked: stepsIn(address.get('mark') ?? ''),
    },
    question: questionIn(address) ?? question,
    steps: count(address.get('steps')),
    start: startIn(address),
  };
}

/** Writes what differs from what a page begins with, and removes what does not. */
export function writeState(
  settings: Settings,
  state: PageState,
  address: URLSearchParams,
  { compared = '', question = null }: Beginning = {},
): void {
  const set = (name: string, value: string | number | null) =>
    value === null ? address.delete(name) : address.set(name, String(value));
  const { place, start } = state;
  writeValues(settings, state.values, address);
  set('compare', state.compared === compared ? null : state.compared || 'nothing');
  set('device', state.device === 'best' ? null : state.device);
  set('unit', place.unit === 0 ? null : place.unit + 1);
  set('mark', place.marked.length === 0 ? null : rangesOf(place.marked));
  const asked = JSON.stringify(state.question);
  set('ask', asked === JSON.stringify(question) ? null : asked);
  set('steps', state.steps === 0 ? null : state.steps);
  set('weights', start && start.weights.map(({ buffer }) => base64(new Uint8Array(buffer))).join('.')); // prettier-ignore
  set('from', start && start.step > 0 ? start.step : null);
}
