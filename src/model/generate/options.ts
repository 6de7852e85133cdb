/** What can be asked of `generate`, and what of it cannot be. */
import type { Layer } from '../../layers/base.ts';
import type { Network } from '../../layers/network.ts';
import { modelSeed } from '../../layers/seeds.ts';
import {
  COUNT,
  FLAG,
  FRACTION,
  isListOf,
  LIST,
  LISTLIKE,
  POSITIVE,
  readOptions,
  show,
  SIGNAL,
  WHOLE,
} from '../../options.ts';
import type { Checks } from '../../options.ts';
import type { ArrayData } from '../arrays.ts';
import { needBuilt } from '../checks.ts';
import type { InitialStates } from '../stream_states.ts';

/** How `generate` chooses tokens. Names and defaults are those of Hugging Face's transformers. */
export interface GenerateOptions {
  /** The ids that each row begins with, at least one: a list of lists, which may differ in length. */
  prefix: readonly ArrayLike<number>[];
  /** The model's other inputs by their names, [rows, ...] each: what stays the same at every step, such as what an encoder reads. */
  inputs?: Readonly<Record<string, ArrayData>>;
  /** The states that recurrent layers begin with, by the names of the layers, [rows, units] each; zeros, or what the model's inputs give. */
  initialState?: InitialStates;
  /** How many tokens each row gets at most, or a list of that by row; no limit where there are stop tokens. */
  maxNewTokens?: number | readonly number[];
  /** Whether tokens are drawn by their probabilities; false by default: the most probable one is taken. */
  doSample?: boolean;
  /** Divides the log-probabilities before a token is drawn: below 1 the probable become more so; 1. */
  temperature?: number;
  /** Draws among so many of the most probable tokens; 0, among all. */
  topK?: number;
  /** Draws among the fewest of the most probable tokens that have this probability together; 1, among all. */
  topP?: number;
  /** More than one: beam search, with so many beams for each row; 1. */
  numBeams?: number;
  /** How many sequences each row gives, of beams at most as many as there are; 1. */
  numReturnSequences?: number;
  /** A score is the sum of log-probabilities divided by the length to this power; 1. */
  lengthPenalty?: number;
  /** A row ends with one of these, which is not part of its sequence; none by default. */
  stopTokens?: readonly number[];
  /** Ids that are never generated; none by default. */
  forbiddenTokens?: readonly number[];
  /** The first new tokens of every row, in their order; null where one is free. None by default. */
  forcedTokens?: readonly (number | null)[];
  /** Of what is drawn: a whole number in [0, 2^53). Another one each time, or what follows from `setSeed`. */
  seed?: number;
  /** Ends the generation with the signal's reason. */
  signal?: AbortSignal;
  /** Whether the model gives logits; false: probabilities. By default whether its last layer has no softmax. */
  fromLogits?: boolean;
}

/** With all defaults filled in. */
export interface Settings extends Required<
  Omit<GenerateOptions, 'signal' | 'maxNewTokens' | 'prefix'>
> {
  readonly prefix: readonly (readonly number[])[];
  readonly signal: AbortSignal | undefined;
  /** By row; infinite where there is no limit. */
  readonly maxNewTokens: readonly number[];
  readonly vocabulary: number;
}

type Open = 'maxNewTokens' | 'seed' | 'signal' | 'fromLogits';
type Chosen = Required<Omit<GenerateOptions, Open>> & {
  [Name in Open]: GenerateOptions[Name];
};
const DEFAULTS: Chosen = {
  prefix: [],
  inputs: {},
  initialState: {},
  maxNewTokens: undefined,
  doSample: false,
  temperature: 1,
  topK: 0,
  topP: 1,
  numBeams: 1,
  numReturnSequences: 1,
  lengthPenalty: 1,
  stopTokens: [],
  forbiddenTokens: [],
  forcedTokens: [],
  seed: undefined,
  signal: undefined,
  fromLogits: undefined,
};
const MUST_BE: Checks<Chosen> = {
  temperature: ['a number above 0 (doSample: false takes the most probable token)', POSITIVE[1]],
  topK: WHOLE,
  topP: ['a number above 0 and at most 1', (p) => FRACTION[1](p) && POSITIVE[1](p)],
  numBeams: COUNT,
  numReturnSequences: COUNT,
  stopTokens: LIST,
  forbiddenTokens: LIST,
  forcedTokens: LIST,
  seed: WHOLE,
  signal: SIGNAL,
  fromLogits: FLAG,
};

/** @throws Error saying what was expected, before anything reaches the device */
export function settingsOf(model: Network, options: GenerateOptions): Settings {
  const chosen = readOptions('generate', options, DEFAULTS, MUST_BE);
  needBuilt('generate', model, 'train it first');
  const vocabulary = vocabularyOf(model);
  const prefix = prefixOf(chosen.prefix);
  checkTokens('prefix', prefix.flat(), vocabulary);
  for (const name of ['stopTokens', 'forbiddenTokens'] as const)
    checkTokens(name, chosen[name], vocabulary);
  checkTokens(
    'forcedTokens',
    chosen.forcedTokens.filter((id) => id !== null),
    vocabulary,
  );
  checkNumbers(chosen, vocabulary);
  const seed = chosen.seed ?? modelSeed();
  return {
    ...chosen,
    prefix,
    vocabulary,
    seed,
    signal: options.signal,
    maxNewTokens: limitsOf(chosen, prefix.length),
    fromLogits: chosen.fromLogits ?? !endsInSoftmax(model.outputs[0].call.layer),
  };
}

/** The extent of the last axis of the output. */
function vocabularyOf({ name, inputs, outputs }: Network): number {
  const [ids] = inputs;
  const [output] = outputs;
  const vocabulary = output.shape.at(-1);
  if (ids.dtype !== 'int32' || ids.rank !== 2 || ![2, 3].includes(output.rank) || !vocabulary)
    throw new Error(
      `generate: expected a model from ids [batch, time] to logits or probabilities [batch, time, vocabulary], got '${name}' from ${ids.toString()} to ${output.toString()}; ` +
        "make the ids its first input, input({ shape: [null], dtype: 'int32' }), and the logits its first output",
    );
  return vocabulary;
}

function prefixOf(prefix: readonly ArrayLike<number>[] | undefined): number[][] {
  const rows = isListOf(prefix, LISTLIKE[1]) ? prefix : [];
  if (rows.length === 0)
    throw new Error(
      'generate: expected prefix to be a list of ids for each row, such as [[1]] with a start token; give one to begin with',
    );
  const lists = rows.map((row) => Array.from(row));
  const empty = lists.findIndex((row) => row.length === 0);
  if (empty >= 0)
    throw new Error(
      `generate: expected at least one id in each row of prefix, got none in row ${empty}; give it the start token`,
    );
  return lists;
}

function checkTokens(what: string, ids: readonly number[], vocabulary: number): void {
  const odd = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  if (odd !== undefined)
    throw new Error(
      `generate: expected ids in 0…${vocabulary - 1} in ${what}, got ${show(odd)}: the model gives ${vocabulary} tokens; map what is unknown to an id of its own`,
    );
}

function checkNumbers(chosen: Chosen, vocabulary: number): void {
  const { doSample, temperature, topK, topP, numBeams, numReturnSequences } = chosen;
  const expect = (holds: boolean, text: string): void => {
    if (!holds) throw new Error(`generate: expected ${text}`);
  };
  const drawn = temperature !== 1 || topK > 0 || topP < 1;
  expect(
    doSample || !drawn,
    `doSample: true with temperature ${temperature}, topK ${topK} and topP ${topP}, which say how tokens are drawn`,
  );
  expect(
    numBeams <= vocabulary,
    `numBeams of at most ${vocabulary}, the number of tokens, got ${numBeams}; take fewer beams`,
  );
  expect(!(doSample && numBeams > 1), `either doSample or several beams, got both; leave one out`);
  expect(
    doSample || numReturnSequences <= numBeams,
    `numReturnSequences of at most numBeams, ${numBeams}, got ${numReturnSequences}; take more beams, or doSample: true`,
  );
}

/** By row, how many tokens it gets at most. */
function limitsOf(
  { maxNewTokens, stopTokens }: Pick<GenerateOptions, 'maxNewTokens' | 'stopTokens'>,
  rows: number,
): number[] {
  const endless = [maxNewTokens ?? Infinity].flat().includes(Infinity);
  if (endless && stopTokens!.length === 0)
    throw new Error(
      'generate: expected finite maxNewTokens, or stopTokens, got neither, so that no row would ever end; say how many tokens, or which one ends a row',
    );
  const limits = LISTLIKE[1](maxNewTokens)
    ? Array.from(maxNewTokens as ArrayLike<number>)
    : Array<number>(rows).fill((maxNewTokens as number | undefined) ?? Infinity);
  const odd = limits.find((limit) => limit !== Infinity && !COUNT[1](limit));
  if (limits.length !== rows || odd !== undefined)
    throw new Error(
      `generate: expected maxNewTokens to be a positive whole number, or a list of one for each of ${rows} rows, got ${show(maxNewTokens)}`,
    );
  return limits;
}

/** Whether a layer, or the one that it wraps, gives probabilities. */
function endsInSoftmax(layer: Layer): boolean {
  if (layer.innerGraph) return endsInSoftmax(layer.innerGraph.outputs[0].call.layer);
  const { activation } = layer.getConfig();
  return (
    activation === 'softmax' || (layer.sublayers.length === 1 && endsInSoftmax(layer.sublayers[0]))
  );
}
