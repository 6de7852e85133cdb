// What bin/gatefold.mjs runs in a clone: the command bundled with Vite, as Node 20 cannot run TypeScript.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, root } from './setup/index.mjs';

export async function loadCommand() {
  ensureDependencies();
  const generate = spawnSync(process.execPath, [join(root, 'scripts/generate.mjs')], { cwd: root });
  if (generate.status !== 0) throw new Error(`scripts/generate.mjs failed: ${generate.stderr}`);
  const { build } = await import('vite');
  const outDir = join(root, '.cache/cli');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { external: ['webgpu'] },
    build: {
      ssr: join(root, 'src/cli/index.ts'),
      target: 'node20',
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
    },
  });
  return import(pathToFileURL(join(outDir, 'main.mjs')).href);
}
