/// <reference types="vite/client" />
/** Holds the import rules of ARCHITECTURE.md: who may import whom, and where the GPU's types may appear. */
import { describe, expect, it } from 'vitest';
import { importCircles } from './support/circles.ts';
import { importsOf, resolve, violations } from './support/import-rules.ts';

const sources = import.meta.glob<string>(
  [
    '../src/**/*.ts',
    // AssemblyScript, whose compiler has its own rules.
    '!../src/wasm/*/**',
    '../{demo,examples,bench}/**/*.{ts,js,mjs}',
    '!../{demo,examples,bench}/**/{node_modules,dist}/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);
const files = Object.entries(sources).map(([path, code]) => ({ path: path.slice(3), code }));

describe('the import rules', () => {
  it('sees the sources', () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('src/index.ts');
    expect(paths).toContain('src/webgpu/device.ts');
    expect(paths.filter((path) => path.startsWith('examples/')).length).toBeGreaterThan(0);
  });

  it('hold for every file', () => {
    expect(files.flatMap(({ path, code }) => violations(path, code))).toEqual([]);
  });

  it('leave no circle, type-only imports included', () => {
    expect(importCircles(files.filter(({ path }) => path.startsWith('src/')))).toEqual([]);
  });

  it('keep every file that is read within 350 lines', () => {
    const long = files.filter(
      ({ path, code }) =>
        /^(src|shaders)\//.test(path) &&
        !path.includes('.generated.') &&
        code.split('\n').length > 351,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('let no file take as a whole what it also hands on as a whole: Parcel would lose it', () => {
    const wholes = (code: string, kind: RegExp) => [...code.matchAll(kind)].map(([, from]) => from);
    const both = files.flatMap(({ path, code }) => {
      const handedOn = wholes(code, /^export \* from '(.*)';$/gm);
      const taken = wholes(code, /^import \* as \w+ from '(.*)';$/gm);
      return taken.filter((from) => handedOn.includes(from)).map((from) => `${path}: ${from}`);
    });
    expect(both).toEqual([]);
  });

  it('hand plain parts to the modules of a model: only what makes and loads models imports the class', () => {
    const importers = files.filter(
      ({ path, code }) =>
        path.startsWith('src/model/') &&
        importsOf(code).some(({ from }) => resolve(path, from) === 'src/model/model.ts'),
    );
    expect(importers.map(({ path }) => path)).toEqual(['src/model/create.ts', 'src/model/load.ts']);
  });

  it('save with what training has loaded, so that a page can save without the network', () => {
    const lateImportsOf = (path: string): string[] =>
      importsOf(files.find((file) => file.path === path)!.code)
        .filter(({ dynamic }) => dynamic)
        .map(({ from }) => from);
    expect(lateImportsOf('src/model/load_training.ts')).toEqual(['./training.ts']);
    const writers = ['model/save', 'formats/encode_safetensors', 'formats/write_model'];
    expect(writers.flatMap((name) => lateImportsOf(`src/${name}.ts`))).toEqual([]);
  });
});

describe('the list of layers', () => {
  it('is all that the rest of src/ knows of their classes', () => {
    const list = files.find(({ path }) => path === 'src/layers/index.ts')!;
    const layers = importsOf(list.code)
      .filter(({ typeOnly }) => !typeOnly)
      .map(({ from }) => from.replace('.', '/layers'));
    // Where data enters is no layer that does anything.
    const known = layers.filter((file) => file !== '/layers/input.ts');
    expect(known).toContain('/layers/lstm.ts');
    // What is made of the list imports the classes.
    const outside = files.filter(({ path }) =>
      /^src\/(?!layers\/|model\/layer_classes\/)/.test(path),
    );
    const imports = outside.flatMap(({ path, code }) =>
      importsOf(code).map(({ from }) => `${path} imports ${from}`),
    );
    expect(imports.filter((line) => known.some((file) => line.endsWith(file)))).toEqual([]);
  });
});

describe('the check itself', () => {
  it('reads every form of import', () => {
    const code = `
      import type { A } from './a.ts';
      import b, { type B } from "./b.ts"; // import c from './comment.ts'
      import * as d from './d.ts'; /* import './comment.ts' */
      export { e } from './e.ts';
      export * from './f.ts';
      import './g.ts';
      const h = await import('./h.ts');
      import {
        i,
      } from './i.ts';`;
    expect(
      importsOf(code)
        .map(({ from }) => from)
        .sort(),
    ).toEqual(['a', 'b', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => `./${name}.ts`));
    expect(importsOf(code).filter(({ typeOnly }) => typeOnly)).toHaveLength(1);
  });

  it('names each circle', () => {
    const file = (name: string, ...targets: string[]) => ({
      path: `src/${name}.ts`,
      code: targets.map((target) => `import type { X } from './${target}.ts';`).join('\n'),
    });
    const files = [
      file('a', 'b', 'd'),
      file('b', 'c'),
      file('c', 'a', 'd'),
      file('d', 'd'),
      file('e', 'a', 'd'),
    ];
    expect(importCircles(files)).toEqual([
      'src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts',
      'src/d.ts -> src/d.ts',
    ]);
  });

  it.each([
    [
      'src/tensor.ts',
      "import { record } from './autograd.ts';",
      /tensor may import numbers, print_tensor, backend, options$/,
    ],
    ['src/ops/map.ts', "import { Dense } from '../layers/dense.ts';", /ops may import/],
    ['src/ops/map.ts', "import { cpu } from '../cpu/device.ts';", /ops may import/],
    ['src/layers/lstm.ts', "import { sequential } from '../model.ts';", /layers may import/],
    ['src/cpu/fill.ts', "import { webgpu } from '../webgpu/device.ts';", /cpu may import backend/],
    ['src/cpu/fill.ts', "import code from '../../shaders/fill.wgsl?raw';", /src\/webgpu alone/],
    ['src/backend.ts', "import { CELLS } from './kernels.generated.ts';", /types alone/],
    ['src/ops/map.ts', "import { x } from '../tensor';", /paths end in \.ts/],
    ['src/ops/map.ts', "import lodash from 'lodash';", /bundlers/],
    ['src/webgpu/adapter.ts', "const dawn = await import('webgpu');", /bundlers/],
    ['src/formats/files.ts', "import { readFile } from 'node:fs/promises';", /bundlers/],
    ['src/formats/files.ts', "const fs = await import('node:fs/promises');", /bundlers/],
    ['src/data/csv.ts', "const Papa = await import('papaparse');", /bundlers/],
    ['src/data/csv.ts', "const model = await import('../model.ts');", /data may import random/],
    ['src/novel.ts', "import { x } from './tensor.ts';", /in no layer/],
    ['src/ops/map.ts', 'let buffer: GPUBuffer;', /GPUBuffer: GPU types stay in src\/webgpu/],
    ['examples/a/main.ts', "import { lstm } from '../../src/layers/lstm.ts';", /entries alone/],
    ['demo/main.ts', "export * from '../src/model/model.ts';", /entries alone/],
  ])('finds what is wrong in %s: %s', (path, code, problem) => {
    const found = violations(path, code);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(problem);
  });

  it.each([
    ['src/webgpu/device.ts', "import type { Device } from '../backend.ts'; let b: GPUBuffer;"],
    ['src/backend.ts', "import type { Kernels } from './kernels.generated.ts';"],
    ['src/formats/files.ts', "import type * as fs from 'node:fs/promises';"],
    ['src/ops/map.ts', "// a GPUBuffer\nthrow new Error('no GPUBuffer');"],
    ['src/index.ts', "export { cpu } from './cpu/device.ts';"],
    ['examples/a/main.ts', "import { lstm } from '../../src/index.ts'; import fs from 'node:fs';"],
    ['examples/a/main.ts', "import { Dataset } from '../../src/data/index.ts';"],
  ])('has nothing against %s: %s', (path, code) => {
    expect(violations(path, code)).toEqual([]);
  });
});
