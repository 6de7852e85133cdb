// npm run test:types [-- NAME ...]: packs the built library and compiles programs that use it, by several versions of TypeScript. With names, the
// cases that have one of them in theirs. Each case is a line; the last line counts them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, root, SetupError } from './setup/index.mjs';

try {
  ensureDependencies();
  ensureDependencies(join(root, 'test/types'));
  if (!existsSync(join(root, 'dist/index.js')))
    throw new SetupError('There is no dist/ to pack: run npm run build first.');
  const { runCases } = await import('../test/types/run.mjs');
  process.exitCode = await runCases(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exitCode = 1;
}
