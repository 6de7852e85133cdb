/** What a console shows of tensors. */
import { afterEach, describe, expect, it } from 'vitest';
import { builtinModule } from '../../src/runtime_modules.ts';
import { add } from '../../src/ops/index.ts';
import { scope, tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { allDevices, reference } from '../support/devices.ts';

type Inspect = (value: unknown) => string;
const { Deno } = globalThis as { Deno?: { inspect: Inspect } };
const util = builtinModule<{ inspect: Inspect }>('node:util');
/** Node's and Deno's; in a browser what they would ask. */
const inspects: [string, Inspect][] = [
  ['by itself', (x) => (x as any)[Symbol.for('nodejs.util.inspect.custom')]() as string],
  ...(util ? [['node:util', (x) => util.inspect(x)] as [string, Inspect]] : []),
  ...(Deno ? [['Deno', (x) => Deno.inspect(x)] as [string, Inspect]] : []),
];

describe.each(inspects)('the console, %s', (_, inspect) => {
  it.each(allDevices)(
    'shows type, shape and the first numbers from the host: %s',
    async (_, open) => {
      const device = await open();
      const make = (data: any, shape?: number[], dtype?: 'int32'): Tensor =>
        tensor(data, shape, dtype, device);
      expect(
        inspect(
          make([
            [0.1, 0.2],
            [1 / 3, -4e-20],
          ]),
        ),
      ).toBe('Tensor float32[2,2] 0.1, 0.2, 0.333333, -4e-20');
      expect(inspect(make(7))).toBe('Tensor float32[] 7');
      expect(inspect(make([]))).toBe('Tensor float32[0] ');
      const ids = Int32Array.from({ length: 1000 }, (_, k) => k);
      expect(inspect(make(ids, [10, 100]))).toBe('Tensor int32[10,100] 0, 1, 2, 3, 4, 5, …');
      expect(inspect(make([NaN, Infinity]))).toBe('Tensor float32[2] NaN, Infinity');
    },
  );

  it.each(allDevices)(
    'shows results, their numbers where the host sees them: %s',
    async (_, open) => {
      const device = await open();
      const results = [
        add(tensor([1, 2], undefined, 'float32', device), 1),
        scope(() => add(tensor([1, 2], undefined, 'float32', device), 1)),
      ];
      for (const result of results) {
        expect(inspect(result)).toBe(
          device.kind === 'webgpu' ? 'Tensor float32[2]' : 'Tensor float32[2] 2, 3',
        );
        result.dispose();
        expect(inspect(result)).toBe('Tensor float32[2]');
      }
    },
  );
});

it('a browser shows type, shape and numbers from the host first', () => {
  const first = (x: Tensor): unknown => Object.entries(x)[0];
  const x = tensor([[1, 2]], undefined, 'float32', reference);
  expect(first(x)).toEqual(['summary', 'float32[1,2] 1, 2']);
  expect(first(add(x, 1))).toEqual(['summary', 'float32[1,2]']);
  expect(first(scope(() => add(x, 1)))).toEqual(['summary', 'float32[1,2]']);
});

describe('print', () => {
  const { log } = console;
  afterEach(() => {
    console.log = log;
  });

  it.each(allDevices)('prints type, shape and values: %s', async (_, open) => {
    const device = await open();
    const lines: string[] = [];
    console.log = (line: string) => lines.push(line);
    await add(
      tensor(
        [
          [1, 2.5],
          [-3, 4],
        ],
        undefined,
        'float32',
        device,
      ),
      0,
    ).print();
    await tensor(0.1, undefined, 'float32', device).print();
    await tensor(
      new Int32Array(2 * 9).map((_, k) => k),
      [2, 1, 9],
      'int32',
      device,
    ).print();
    await tensor([], undefined, 'float32', device).print();
    expect(lines).toEqual([
      'Tensor float32[2,2]\n[[1, 2.5],\n [-3, 4]]',
      'Tensor float32[]\n0.1',
      'Tensor int32[2,1,9]\n[[[0, 1, 2, …, 6, 7, 8]],\n [[9, 10, 11, …, 15, 16, 17]]]',
      'Tensor float32[0]\n[]',
    ]);
  });
});
