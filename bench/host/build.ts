/** Bundles the programs that run the contenders. */
import { join } from 'node:path';
import { build } from 'vite';
import { BEFORE, WASM } from '../names.mjs';

/** By default, the WebAssembly of onnxruntime-web would be part of the bundle; it is loaded from its package instead. */
export const CONDITIONS = ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'];

/** @returns the folder with page.html */
export async function buildPage(root: string): Promise<string> {
  const outDir = join(root, '.cache/bench/page');
  await build({
    root: join(root, 'bench'),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    base: './',
    resolve: { conditions: CONDITIONS },
    build: {
      target: 'esnext',
      outDir,
      emptyOutDir: true,
      // tfjs sends the source of a function to its workers, which minifying would break.
      minify: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      rolldownOptions: {
        input: join(root, 'bench/page.html'),
        // Modules of Node are imported dynamically, and never in a page.
        external: ['webgpu', /^node:/],
      },
    },
  });
  return outDir;
}

/**
 * Bundles a contender of Gatefold for the page, in the version of a checkout, with the library of the same version.
 *
 * @param root the checkout
 * @param page the folder with page.html
 * @param name the name of the contender in the page
 */
export async function buildOurs(root: string, page: string, name: string): Promise<void> {
  await build({
    root: join(root, 'bench'),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    base: './',
    build: {
      target: 'esnext',
      outDir: join(page, name),
      emptyOutDir: true,
      // What it does needs a document, which a worker has not.
      modulePreload: false,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: {
          contender: join(root, 'bench/contenders', `${name === BEFORE ? 'gatefold' : name}.ts`),
          ...(name === WASM && { worker: join(root, 'bench/contenders', `${name}.worker.ts`) }),
        },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
        external: ['webgpu', /^node:/],
      },
    },
  });
}

/**
 * Bundles Gatefold's contenders for Node and Deno.
 *
 * @returns the file
 */
export async function buildProcess(root: string): Promise<string> {
  const outDir = join(root, '.cache/bench/process');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { external: ['webgpu'] },
    build: {
      ssr: join(root, 'bench/process.ts'),
      target: 'node20',
      outDir,
      emptyOutDir: true,
      sourcemap: 'inline',
      rolldownOptions: { output: { entryFileNames: 'process.mjs', codeSplitting: false } },
    },
  });
  return join(outDir, 'process.mjs');
}
