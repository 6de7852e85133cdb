/** The size of what a page downloads for W2-LSTM (for onnxruntime-web: W4), bundled, minified and gzipped. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { BEFORE, isOurs } from '../names.mjs';
import { CONDITIONS } from './build.ts';
import type { Problems, Row } from './rows.ts';

/** Files that are downloaded in addition to the bundle, as this browser chooses them. */
const BINARIES: Readonly<Record<string, string>> = {
  'tfjs-wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
  'ort-webgpu': 'onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm',
  'ort-wasm': 'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
};

const sizeOf = (content: Uint8Array) => ({
  plain: content.byteLength,
  gzipped: gzipSync(content, { level: 9 }).byteLength,
});

interface Roots {
  readonly root: string;
  readonly before: string | null;
}

/** All chunks of the bundle, including those that are loaded on demand. */
async function bundleSize({ root: own, before }: Roots, contender: string) {
  const root = contender === BEFORE ? before! : own;
  const name = contender === BEFORE ? 'gatefold' : contender;
  const file = `${name}.${isOurs(contender) ? 'ts' : 'js'}`;
  const built = await build({
    root: join(root, 'bench'),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: CONDITIONS },
    build: {
      target: 'esnext',
      lib: { entry: join(root, 'bench/contenders', file), formats: ['es'], fileName: 'index' },
      // For ES libraries Vite's own minifier keeps white space, for the bundlers of their users.
      minify: false,
      write: false,
      rolldownOptions: {
        external: ['webgpu', /^node:/],
        output: { minify: true, comments: false },
      },
    },
  });
  const [{ output }] = built as unknown as [{ output: { type: string; code?: string }[] }];
  const chunks = output
    .filter(({ type }) => type === 'chunk')
    .map(({ code }) => sizeOf(Buffer.from(code!)));
  return {
    plain: chunks.reduce((sum, { plain }) => sum + plain, 0),
    gzipped: chunks.reduce((sum, { gzipped }) => sum + gzipped, 0),
  };
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

export async function measureSizes(
  roots: Roots,
  contenders: readonly string[],
  say: (text: string) => void,
): Promise<{ rows: Row[]; problems: Problems }> {
  const rows: Row[] = [];
  for (const contender of contenders) {
    say(`sizes: ${contender}`);
    const script = await bundleSize(roots, contender);
    const binary = BINARIES[contender]
      ? sizeOf(readFileSync(join(roots.root, 'bench/node_modules', BINARIES[contender])))
      : null;
    const gzipped = script.gzipped + (binary?.gzipped ?? 0);
    rows.push({
      workload: 'sizes',
      contender,
      median_ms: null,
      min_ms: null,
      max_ms: null,
      spread: null,
      n: 1,
      loss_first: null,
      loss_last: null,
      note:
        `${kB(gzipped)} gzipped: ${kB(script.gzipped)} of script (${kB(script.plain)} minified)` +
        (binary ? `, ${kB(binary.gzipped)} of WebAssembly (${kB(binary.plain)})` : ''),
      gzipped_bytes: gzipped,
      script_bytes: script.plain,
      script_gzipped_bytes: script.gzipped,
      wasm_bytes: binary?.plain ?? 0,
      wasm_gzipped_bytes: binary?.gzipped ?? 0,
    });
  }
  return { rows, problems: [] };
}
