/** What the outcome of a case says: whether the library answered as it should, or something was found. */

/** A case is finished, was refused by an error that helps, or is a finding of some kind. */
export interface Outcome {
  readonly verdict: 'finished' | 'refused' | FindingKind;
  /** Of an error, or what was found. */
  readonly message?: string;
  /** Where in the sources, if that is known. */
  readonly place?: string;
}

export const FINDING_KINDS = [
  'internal error',
  'silent NaN',
  'hang',
  'process died',
  'memory',
  'state changed',
  'accepted',
  'not an Error',
  'unhandled rejection',
  'wrong result',
  'unclear message',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What engines say of a value that nobody had checked. */
const ENGINE = new RegExp(
  [
    /Cannot (read|set|delete|define|redefine|add) propert/,
    /Cannot (convert|mix|destructure|perform|assign to read only|access '|create property|use 'in')/,
    /(?<!no) is not (a function|(async )?iterable|a constructor|defined|extensible)\b/,
    /is not a valid (value|array length)|not an object$|undefined is not/,
    /Maximum call stack|Reduce of empty|Spread syntax|Generator is already|Class constructor/,
    /Invalid (typed array|array buffer|array|string|DataView|count|time|date|code point)\b/,
    /[Aa]llocation failed|out of memory|memory access out of bounds|unreachable|divide by zero/,
    /[Oo]ffset is (out of|outside)|Start offset|should be a multiple of|source is too large/,
    /to(Fixed|Precision|String)\(\)|radix argument|repeat count|incompatible receiver/,
    /' on proxy|revoked|circular structure|BigInt value|Symbol value to|serialize a BigInt/,
    /Failed to execute|The "[^"]+" (argument|property) must be|could not be cloned/,
    /WebAssembly\.\w+\(|Unexpected (token|end of|non-whitespace)|is not valid JSON/,
    /private (member|field)|Method .* called on|Receiver|Iterator (result|value)/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Some word of what would have been right, or of what to do. */
const HELPS =
  /expect|cannot (read|fetch)|need|must|give|pass|call|use |instead|one of|only|at (most|least)|positive|has no|cut off|save|already|cannot be|is not in|before|still|unterminated|is freed|was freed|run |make |malformed|ask |does not (lie|fit)|do not (make|sum)|is empty|depends on no/;

/** Every error of the library's own begins with who refuses: a layer, a function, a file. */
const MESSAGE_LIMIT = 2000;

/** @param error whatever the program threw */
export function judge(error: unknown): Outcome {
  if (!(error instanceof Error))
    return { verdict: 'not an Error', message: `${typeof error} was thrown: ${textOf(error)}` };
  const { name, message } = error;
  // The place is worked out by source maps, which takes long, so for findings alone.
  const finding = (verdict: FindingKind, text = message): Outcome => ({
    verdict,
    message: text,
    place: placeOf(error),
  });
  if (name === 'Found') return { verdict: foundKind(message), message };
  // What the program itself has thrown came through.
  if (message.includes('from a trap') || message.includes('from a callback'))
    return { verdict: 'refused', message };
  // A wrong file is quoted in parentheses, with what the parser said of it.
  const plain = message.replace(/(expected|is not) JSON \(.*\)/s, '');
  const own = plain.replaceAll(/\((?:[^()]|\([^()]*\))*\)|'[^']*'|`[^`]*`|"[^"]*"/g, '');
  if (ENGINE.test(own) || (name === 'SyntaxError' && !/expected/.test(message)))
    return finding('internal error', `${name}: ${message}`);
  if (/\[object \w+\]|got function|=>/.test(message)) return finding('unclear message');
  if (message.length > MESSAGE_LIMIT)
    return finding('unclear message', `${message.length} characters: ${message.slice(0, 200)}…`);
  if (!HELPS.test(message) && name !== 'AbortError' && name !== 'TimeoutError')
    return finding('unclear message');
  return { verdict: 'refused', message };
}

function foundKind(message: string): FindingKind {
  if (message.startsWith('silent NaN')) return 'silent NaN';
  if (message.includes('was accepted')) return 'accepted';
  if (/^(state|weights or counters) changed/.test(message)) return 'state changed';
  if (/left \d+ storages/.test(message)) return 'memory';
  return 'wrong result';
}

function textOf(value: unknown): string {
  try {
    return String(value).slice(0, 100);
  } catch {
    return 'it has no text';
  }
}

/** The first place in the sources of the library that the stack names: `src/ops/map.ts:12`. */
export function placeOf(error: Error): string | undefined {
  const places = [...String(error.stack).matchAll(/\bsrc\/[\w/.]+\.ts:\d+/g)].map(([at]) => at);
  return places[0];
}

/** Each of these is a finding of its own: nothing tells them apart but their cases. */
const ALONE: readonly string[] = ['hang', 'process died', 'memory'];

/** Findings with the same signature are one: numbers, names and values do not count. */
export function signature(kind: string, index: number, outcome: Outcome): string {
  const { verdict, message = '', place } = outcome;
  if (ALONE.includes(verdict)) return [kind, verdict, index].join(' | ');
  const shape = message.replaceAll(/'[^']*'|"[^"]*"/g, "'…'").replaceAll(/-?\d[\d.e+-]*/g, '0');
  return [kind, verdict, place ?? shape.split('\n')[0].slice(0, 80)].join(' | ');
}
