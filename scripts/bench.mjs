// npm run bench [-- options]: measures Gatefold against what else trains or runs recurrent networks in a browser.
// See bench/README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GROUPS, isOurs, selectContenders, selectWorkloads } from '../bench/names.mjs';
import { describeOptions, OptionError, parseOptions } from './options.mjs';
import { wantsRealAdapter } from './chromium.mjs';
import {
  ensureChromium,
  ensureDependencies,
  ensureWebGPU,
  findLavapipe,
  generateSources,
  root,
  SetupError,
} from './setup/index.mjs';

const table = JSON.parse(readFileSync(join(root, 'bench/options.json'), 'utf8'));

function help() {
  const groups = Object.entries(GROUPS).map(([name, { title, cells, contenders }]) => {
    const list = cells.length > 1 ? ` (${cells.join(', ')})` : '';
    return `  ${name.padEnd(6)} ${title}${list}\n         ${contenders.join(', ')}`;
  });
  return `npm run bench [-- options]

${describeOptions(table)}

Workloads, and who takes part:
${groups.join('\n')}

Exit codes: 0, 1 where the run went wrong (a contender failed, a loss did not fall, outputs differ), 2 where a target was
not met.`;
}

/** Node 20 does not read TypeScript: Vite, which bundles the page too, makes one file of the host. */
async function bundleHost() {
  const { build } = await import('vite');
  const outDir = join(root, '.cache/bench/host');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { external: ['vite', 'puppeteer'] },
    build: {
      ssr: join(root, 'bench/host/main.ts'),
      target: 'node20',
      outDir,
      emptyOutDir: true,
      sourcemap: 'inline',
      rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
    },
  });
  return import(pathToFileURL(join(outDir, 'main.mjs')));
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout.trim();
}

/** A folder with the files of a commit, its packages, and its generated modules. */
function checkOut(commit) {
  const hash = git('rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`);
  const folder = join(root, '.cache/bench/before', hash);
  if (!existsSync(join(folder, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    const archive = `${folder}.tar`;
    git('archive', '--format=tar', `--output=${archive}`, hash);
    const unpacked = spawnSync('tar', ['-xf', archive, '-C', folder], { stdio: 'inherit' });
    if (unpacked.status !== 0) throw new SetupError(`${archive} could not be unpacked`);
    rmSync(archive);
  }
  ensureDependencies(folder);
  generateSources(folder);
  return folder;
}

/** Environment variables under which the runtime has an adapter. */
async function environmentOf(runtime) {
  if (runtime === 'browser') return {};
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES } = process.env;
  // The faster of the two software drivers.
  const lavapipe = findLavapipe();
  const chosen = wantsRealAdapter() || VK_ICD_FILENAMES || VK_DRIVER_FILES;
  if (runtime === 'deno' && lavapipe && !chosen) return { VK_ICD_FILENAMES: lavapipe };
  return (await ensureWebGPU()).env;
}

/** A list of names, or the error that says which there are. */
function selected(select, list) {
  try {
    return select(list);
  } catch (error) {
    throw new OptionError(error.message);
  }
}

async function main() {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(help());
    return 0;
  }
  const options = parseOptions(table, argv);
  const workloads = selected(selectWorkloads, options.workload);
  const inBrowser = options.runtime === 'browser';
  if (options.before !== undefined && !inBrowser)
    throw new OptionError('--before compares in the browser alone: leave out --runtime');
  const contenders = selected(
    (list) => selectContenders(list, options.before),
    options.contender,
  ).filter((name) => inBrowser || isOurs(name));
  if (contenders.length === 0)
    throw new OptionError(
      `--runtime ${options.runtime} runs Gatefold alone: leave out --contender`,
    );

  ensureDependencies();
  if (inBrowser) {
    ensureDependencies(join(root, 'bench'));
    await ensureChromium();
  }
  generateSources();

  const before = options.before === undefined ? null : checkOut(options.before);
  const host = await bundleHost();
  return host.main({
    root,
    workloads,
    contenders,
    runtime: options.runtime,
    env: contenders.includes('gatefold') ? await environmentOf(options.runtime) : {},
    json: options.json === undefined ? null : resolve(options.json),
    before,
    runs: Number(options.runs),
    repeats: options.repeats === undefined ? null : Number(options.repeats),
    steps: Number(options.steps),
  });
}

try {
  // Dawn and open connections would keep the process.
  process.exit(await main());
} catch (error) {
  const expected = error instanceof OptionError || error instanceof SetupError;
  console.error(expected ? `\n${error.message}` : error);
  process.exit(error instanceof OptionError ? 2 : 1);
}
