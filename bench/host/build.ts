/** Bundles what runs the contenders. */
import { join } from 'node:path';
import { build } from 'vite';

/** onnxruntime-web otherwise carries its WebAssembly in the bundle; it is fetched from its package. */
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
      // tfjs passes the source of a function to its workers, which a minifier would break.
      minify: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      rolldownOptions: {
        input: join(root, 'bench/page.html'),
        // What only Node has is imported late and never reached here.
        external: ['webgpu', /^node:/],
      },
    },
  });
  return outDir;
}

/**
 * Bundles our side for the page, as a checkout has it: its contender, which knows the library's interface of that time.
 *
 * @param root the checkout
 * @param page the folder with page.html
 * @param name what the page calls it
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
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'bench/contenders/gatefold.ts'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'contender.js' },
        external: ['webgpu', /^node:/],
      },
    },
  });
}

/**
 * Bundles our side for Node and Deno.
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
