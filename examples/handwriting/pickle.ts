// Reads pickles of NumPy arrays, protocols 2 to 5, and of nothing else: a pickle is a program, of which this runs what arrays need (pickletools.py
// of Python describes the opcodes; numpy/core/src/multiarray/methods.c what an array's state is).
import type { NumberArray } from './npz.ts';

const READERS: Record<string, (view: DataView, at: number, little: boolean) => number> = {
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

class NumpyType {
  readonly code: string;
  order = '<';

  constructor(code: string) {
    this.code = code;
  }
}

export class NumpyArray {
  private shape: readonly number[] = [];
  private type = new NumpyType('');
  private fortran = false;
  private data: unknown = null;

  build([, shape, type, fortran, data]: readonly unknown[]): void {
    this.shape = shape as number[];
    this.type = type as NumpyType;
    this.fortran = fortran as boolean;
    this.data = data;
  }

  /** Of an array of objects. */
  get items(): readonly unknown[] | null {
    return Array.isArray(this.data) ? this.data : null;
  }

  decode(): NumberArray {
    const { shape, data } = this;
    const { code, order } = this.type;
    const read = READERS[code] as (typeof READERS)[string] | undefined;
    if (!read || !(data instanceof Uint8Array))
      throw new Error(
        `expected an array of ${Object.keys(READERS).join(', ')}, got one of '${code}'`,
      );
    const size = Number(code.slice(1));
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const numbers = Array.from({ length: data.length / size }, (_, i) => read(view, i * size, order !== '>')); // prettier-ignore
    if (!this.fortran || shape.length < 2) return { shape, numbers };
    const [rows, columns] = shape;
    return {
      shape,
      numbers: numbers.map((_, i) => numbers[(i % columns) * rows + Math.floor(i / columns)]),
    };
  }
}

/** The name of a function or a class. */
class Name {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

function call(what: unknown, args: readonly unknown[]): unknown {
  const path = what instanceof Name ? what.path : '';
  if (/^numpy\..*\._reconstruct$/.test(path)) return new NumpyArray();
  if (path === 'numpy.dtype') return new NumpyType(textOf(args[0]));
  // How Python 3 writes bytes for Python 2.
  if (path === '_codecs.encode')
    return Uint8Array.from(textOf(args[0]), (character) => character.charCodeAt(0));
  throw new Error(`expected a pickle of NumPy arrays, got one that calls ${path || 'an object'}`);
}

function build(what: unknown, state: unknown): void {
  if (what instanceof NumpyArray) what.build(state as unknown[]);
  else if (what instanceof NumpyType) what.order = textOf((state as unknown[])[1]);
  else throw new Error('expected a pickle of NumPy arrays, got one that builds something else');
}

const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? String.fromCharCode(...value) : String(value);

const MARK = Symbol('mark');

/** Reads the program and keeps what it works on. */
class Machine {
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  push(value: unknown): void {
    this.stack.push(value);
  }
  pop(): unknown {
    return this.stack.pop();
  }
  /** What is above the last mark, which goes too. */
  popMarked(): unknown[] {
    return this.stack.splice(this.stack.lastIndexOf(MARK)).slice(1);
  }
  remember(key: number): void {
    this.memo.set(key, this.stack.at(-1));
  }
  byte(): number {
    return this.bytes[this.at++];
  }
  word(): number {
    return this.view.getUint32((this.at += 4) - 4, true);
  }
  take(length: number): Uint8Array {
    return this.bytes.subarray(this.at, (this.at += length));
  }
  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    const line = textOf(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return line;
  }
  append(items: readonly unknown[]): void {
    (this.stack.at(-1) as unknown[]).push(...items);
  }
}

const OPCODES: Readonly<Record<string, (m: Machine) => void>> = {
  '\x80': (m) => m.byte(), // the protocol
  '\x95': (m) => m.take(8), // the length of a frame
  c: (m) => m.push(new Name(`${m.line()}.${m.line()}`)),
  '\x93': (m) => {
    const [module, name] = m.stack.splice(-2);
    m.push(new Name(`${textOf(module)}.${textOf(name)}`));
  },
  q: (m) => m.remember(m.byte()),
  r: (m) => m.remember(m.word()),
  '\x94': (m) => m.remember(m.memo.size),
  h: (m) => m.push(m.memo.get(m.byte())),
  j: (m) => m.push(m.memo.get(m.word())),
  K: (m) => m.push(m.byte()),
  M: (m) => m.push(m.byte() + 256 * m.byte()),
  J: (m) => m.push(m.word() | 0),
  U: (m) => m.push(m.take(m.byte())),
  C: (m) => m.push(m.take(m.byte())),
  T: (m) => m.push(m.take(m.word())),
  B: (m) => m.push(m.take(m.word())),
  X: (m) => m.push(m.text(m.word())),
  '\x8c': (m) => m.push(m.text(m.byte())),
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  '(': (m) => m.push(MARK),
  ')': (m) => m.push([]),
  ']': (m) => m.push([]),
  t: (m) => m.push(m.popMarked()),
  '\x85': (m) => m.push(m.stack.splice(-1)),
  '\x86': (m) => m.push(m.stack.splice(-2)),
  '\x87': (m) => m.push(m.stack.splice(-3)),
  a: (m) => m.append([m.pop()]),
  e: (m) => m.append(m.popMarked()),
  R: (m) => {
    const [what, args] = m.stack.splice(-2);
    m.push(call(what, args as unknown[]));
  },
  b: (m) => {
    const state = m.pop();
    build(m.stack.at(-1), state);
  },
};

/** The object that a pickle describes. */
export function unpickle(bytes: Uint8Array): unknown {
  const machine = new Machine(bytes);
  for (;;) {
    const opcode = String.fromCharCode(machine.byte());
    if (opcode === '.') return machine.pop();
    if (!Object.hasOwn(OPCODES, opcode))
      throw new Error(`expected a pickle of NumPy arrays, got one with the opcode ${JSON.stringify(opcode)}`); // prettier-ignore
    OPCODES[opcode](machine);
  }
}
