// npm run test:packages [-- [--yes] NAME ...]: packs the built library, installs it into empty projects, and trains there: built by bundlers, and
// without one, in headless Chromium; in Node and in Deno. With names, the cases that have one of them in theirs. Each case is a line; the last
// line counts them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium, ensureDependencies, root, SetupError } from './setup/index.mjs';

const argv = process.argv.slice(2);
try {
  ensureDependencies();
  ensureDependencies(join(root, 'test/packages'));
  await ensureChromium({ yes: argv.includes('--yes') });
  if (!existsSync(join(root, 'dist/index.js')))
    throw new SetupError('There is no dist/ to pack: run npm run build first.');
  const { runCases } = await import('../test/packages/run.mjs');
  process.exitCode = await runCases(argv.filter((argument) => argument !== '--yes'));
} catch (error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exitCode = 1;
}
