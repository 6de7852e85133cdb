/**
 * Reads pickles (pickletools.py of Python describes the opcodes). A pickle is a program: of it, only what puts containers, texts and numbers
 * together is carried out. It may name things, but each name must be in the reader's list, which says what stands for it; nothing
 * else is called, and nothing of Python's is looked up.
 */
import { show } from '../../options.ts';
import type { Bytes } from '../bytes.ts';

/** @param spend told how many elements are copied */
type Call = (args: readonly unknown[], spend: (elements: number) => void) => unknown;

/** What a pickle may name: what calling it with arguments gives, or null for what is no function. */
export class Global {
  readonly path: string;
  readonly call: Call | null;

  constructor(path: string, call: Call | null = null) {
    this.path = path;
    this.call = call;
  }
}

/** Something that a call makes, and that is told more of itself afterwards. */
export abstract class Stateful {
  abstract take(state: unknown): void;
}

/** What a reader allows. */
export interface PickleRules {
  /** What stands for `module.name`; null refuses the file. */
  global(path: string): Global | null;
  /** What stands for something that is kept outside of the pickle. */
  persistent(id: unknown, at: number): unknown;
}

/** The memo and the stack of a pickle that is being read. */
class Machine {
  readonly bytes: Bytes;
  readonly rules: PickleRules;
  at: number;
  /** Of the opcode that is carried out. */
  begin = 0;
  private readonly stack: unknown[] = [];
  /** Where on the stack the marks stand. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();
  /** How many elements may still be copied, so that a list that is used again and again takes no more time than a long file. */
  private budget: number;

  constructor(bytes: Bytes, at: number, rules: PickleRules) {
    this.bytes = bytes;
    this.rules = rules;
    this.at = at;
    this.budget = bytes.length;
  }

  fail(problem: string): never {
    return this.bytes.fail(this.begin, problem);
  }

  // ---- bytes --------------------------------------------------------------------------------------------------------

  private step(length: number): number {
    const { at } = this;
    this.bytes.need(at, length);
    this.at += length;
    return at;
  }
  byte = (): number => this.bytes.u8(this.step(1));
  short = (): number => this.bytes.u16(this.step(2));
  word = (): number => this.bytes.u32(this.step(4));
  long = (): number => this.bytes.u64(this.step(8));
  int = (): number => this.bytes.i32(this.step(4));
  double = (): number => this.bytes.f64(this.step(8));
  take(length: number): Uint8Array {
    return this.bytes.part(this.step(length), length);
  }
  text(length: number): string {
    return this.bytes.text(this.step(length), length);
  }
  latin(length: number): string {
    return Array.from(this.take(length), (byte) => String.fromCharCode(byte)).join('');
  }
  line(): string {
    const end = this.bytes.array.indexOf(10, this.at);
    if (end < 0) this.fail('expected a line that ends');
    const line = this.text(end - this.at);
    this.at++;
    return line;
  }

  // ---- stack --------------------------------------------------------------------------------------------------------

  push(value: unknown): void {
    this.stack.push(value);
  }
  pop(): unknown {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) this.fail('expected a value on its stack');
    return this.stack.pop();
  }
  top(): unknown {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }
  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }
  mark(): void {
    this.marks.push(this.stack.length);
  }
  /** What is above the last mark, which goes too. */
  popMarked(): unknown[] {
    const from = this.marks.pop();
    if (from === undefined) return this.fail('expected a mark on its stack');
    return this.stack.splice(from);
  }
  put(key: number): void {
    this.memo.set(key, this.top());
  }
  putNext(): void {
    this.put(this.memo.size);
  }
  get(key: number): void {
    if (!this.memo.has(key)) this.fail(`expected memo ${key} to be set before it is used`);
    this.push(this.memo.get(key));
  }
  key(): number {
    const text = this.line();
    return /^\d{1,9}$/.test(text) ? Number(text) : this.fail('expected the number of a memo');
  }
  private readonly spend = (elements: number): void => {
    this.budget -= elements;
    if (this.budget < 0) this.fail('it copies long lists again and again');
  };

  // ---- objects ------------------------------------------------------------------------------------------------------

  global(module: unknown, name: unknown): void {
    const path = `${String(module)}.${String(name)}`;
    const found = this.rules.global(path);
    if (!found)
      throw new Error(
        `${this.bytes.file}, byte ${this.begin}: its pickle asks for ${path.slice(0, 200)}; expected tensors, containers and numbers, and nothing else ` +
          'is carried out: save the state_dict() of the model, or what you need of the file, on its own',
      );
    this.push(found);
  }
  reduce(what: unknown, args: unknown): void {
    const call = what instanceof Global ? what.call : null;
    if (!call || !Array.isArray(args))
      return this.fail(
        `expected a call that makes a tensor or a container, got one of ${what instanceof Global ? what.path : show(what)}`,
      );
    try {
      this.push(call(args as unknown[], this.spend));
    } catch (error) {
      this.fail((error as Error).message);
    }
  }
  /** Sets attributes: those of an ordered dictionary, which a state_dict has, say nothing about its tensors. */
  build(): void {
    const state = this.pop();
    const made = this.top();
    if (made instanceof Stateful) made.take(state);
    else if (!(made instanceof Map)) this.fail('expected attributes of dictionaries alone');
  }
  append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) return this.fail('expected a list to append to');
    for (const item of items) (list as unknown[]).push(item);
  }
  set(items: readonly unknown[]): void {
    const found = this.top();
    if (!(found instanceof Map) || items.length % 2 !== 0)
      return this.fail('expected a dictionary to set items of');
    for (let i = 0; i < items.length; i += 2) found.set(items[i], items[i + 1]);
  }
  dictionary(items: readonly unknown[]): Map<unknown, unknown> {
    this.push(new Map());
    this.set(items);
    return this.pop() as Map<unknown, unknown>;
  }
  integer(length: number): number | bigint {
    if (length > 64) this.fail(`expected a whole number of at most 64 bytes, got ${length}`);
    const bytes = this.take(length);
    const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return plain(BigInt.asIntN(8 * length, value));
  }
  decimal(): number | bigint | boolean {
    const text = this.line().replace(/L$/, '');
    if (text === '00' || text === '01') return text === '01';
    return /^-?\d{1,150}$/.test(text)
      ? plain(BigInt(text))
      : this.fail('expected a whole number of at most 150 digits');
  }
  real(): number {
    const text = this.line().trim();
    const value = Number(text.replace(/inf/, 'Infinity').replace('nan', 'NaN'));
    return text === '' || (Number.isNaN(value) && text !== 'nan')
      ? this.fail('expected a number')
      : value;
  }
  /** Protocol 0's texts, in quotes of Python. */
  quoted(): string {
    const found = /^(['"])([^\\]*)\1$/.exec(this.line());
    return found ? found[2] : this.fail('expected a text in quotes, without escapes');
  }
}

const plain = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

const OPCODES: Readonly<Record<string, (m: Machine) => void>> = {
  '\x80': (m) => m.byte(), // the protocol
  '\x95': (m) => m.long(), // the length of a frame
  '(': (m) => m.mark(),
  '0': (m) => m.pop(),
  '1': (m) => m.popMarked(),
  '2': (m) => m.push(m.top()),
  // numbers
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  K: (m) => m.push(m.byte()),
  M: (m) => m.push(m.short()),
  J: (m) => m.push(m.int()),
  I: (m) => m.push(m.decimal()),
  L: (m) => m.push(m.decimal()),
  '\x8a': (m) => m.push(m.integer(m.byte())),
  '\x8b': (m) => m.push(m.integer(m.word())),
  F: (m) => m.push(m.real()),
  G: (m) => m.push(m.double()),
  // texts and bytes
  S: (m) => m.push(m.quoted()),
  T: (m) => m.push(m.latin(m.word())),
  U: (m) => m.push(m.latin(m.byte())),
  V: (m) => m.push(m.line()),
  X: (m) => m.push(m.text(m.word())),
  '\x8c': (m) => m.push(m.text(m.byte())),
  '\x8d': (m) => m.push(m.text(m.long())),
  B: (m) => m.push(m.take(m.word())),
  C: (m) => m.push(m.take(m.byte())),
  '\x8e': (m) => m.push(m.take(m.long())),
  '\x96': (m) => m.push(m.take(m.long())),
  // containers; a tuple, a set and a list are arrays
  ')': (m) => m.push([]),
  ']': (m) => m.push([]),
  '\x8f': (m) => m.push([]),
  '}': (m) => m.push(new Map()),
  t: (m) => m.push(m.popMarked()),
  l: (m) => m.push(m.popMarked()),
  d: (m) => m.push(m.dictionary(m.popMarked())),
  '\x85': (m) => m.push(m.popMany(1)),
  '\x86': (m) => m.push(m.popMany(2)),
  '\x87': (m) => m.push(m.popMany(3)),
  '\x91': (m) => m.push(m.popMarked()),
  a: (m) => m.append([m.pop()]),
  e: (m) => m.append(m.popMarked()),
  '\x90': (m) => m.append(m.popMarked()),
  s: (m) => m.set(m.popMany(2)),
  u: (m) => m.set(m.popMarked()),
  // the memo
  p: (m) => m.put(m.key()),
  q: (m) => m.put(m.byte()),
  r: (m) => m.put(m.word()),
  '\x94': (m) => m.putNext(),
  g: (m) => m.get(m.key()),
  h: (m) => m.get(m.byte()),
  j: (m) => m.get(m.word()),
  // names, and calls of what the reader allows
  c: (m) => m.global(m.line(), m.line()),
  '\x93': (m) => {
    const [module, name] = m.popMany(2);
    m.global(module, name);
  },
  P: (m) => m.push(m.rules.persistent(m.line(), m.begin)),
  Q: (m) => m.push(m.rules.persistent(m.pop(), m.begin)),
  R: (m) => {
    const [what, args] = m.popMany(2);
    m.reduce(what, args);
  },
  '\x81': (m) => {
    const [what, args] = m.popMany(2);
    m.reduce(what, args);
  },
  i: (m) => {
    m.global(m.line(), m.line());
    m.reduce(m.pop(), m.popMarked());
  },
  o: (m) => {
    const [what, ...args] = m.popMarked();
    m.reduce(what, args);
  },
  b: (m) => m.build(),
};

/**
 * The value of the pickle that begins at a byte, and where it ends: dictionaries as `Map`, lists, tuples and sets as arrays, bytes as
 * `Uint8Array`, whole numbers beyond 2^53 as bigint.
 */
export function unpickle(
  bytes: Bytes,
  at: number,
  rules: PickleRules,
): { value: unknown; end: number } {
  const machine = new Machine(bytes, at, rules);
  for (;;) {
    machine.begin = machine.at;
    const code = machine.byte();
    if (code === 0x2e) return { value: machine.pop(), end: machine.at };
    const opcode = String.fromCharCode(code);
    if (!Object.hasOwn(OPCODES, opcode))
      machine.fail(`expected an opcode of a pickle, got ${code}`);
    OPCODES[opcode](machine);
  }
}
