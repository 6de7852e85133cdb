#!/usr/bin/env node
// The command `gatefold`: of the published files, or in a clone of what is bundled of the sources.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const clone = fileURLToPath(new URL('../scripts/cli.mjs', import.meta.url));
const { run } = existsSync(clone)
  ? await (await import(new URL('../scripts/cli.mjs', import.meta.url))).loadCommand()
  : await import('../dist/cli/index.js');
process.exitCode = await run(process.argv.slice(2), console.log, console.error);
