/** The main program of the benchmark, which scripts/bench.mjs bundles and starts. */
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { BEFORE, isOurs } from '../names.mjs';
import { judge } from '../targets.ts';
import { browserHost } from './browser.ts';
import { buildOurs, buildPage, buildProcess } from './build.ts';
import type { Host } from './host.ts';
import { processHost } from './process.ts';
import type { Runtime } from './process.ts';
import type { Report, Row } from './rows.ts';
import { run } from './run.ts';
import type { Choice } from './run.ts';
import { rowsTable, targetsTable } from './table.ts';

export interface Settings extends Choice {
  readonly runtime: 'browser' | Runtime;
  /** Environment variables with which Node and Deno find an adapter. */
  readonly env: Readonly<Record<string, string>>;
  readonly json: string | null;
  /** How often the whole is measured. */
  readonly runs: number;
}

/** @returns the exit code: 0, or 1 if the run itself failed, or 2 if a target was not met */
export async function main(settings: Settings): Promise<number> {
  const { json } = settings;
  const taking = settings.contenders.filter(isOurs);
  const ours = taking.length > 0 ? taking : ['gatefold'];
  const host = await openHost(settings, ours);
  let stopped = false;
  const interrupted = new Promise<void>((resolve) => {
    const stop = () => {
      // A second Ctrl-C ends the program at once.
      if (stopped) process.exit(130);
      stopped = true;
      say('stopping');
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });

  const report: Report = { machine: machine(host), adapter: '', rows: [] };
  const problems: string[] = [];
  const save = () => {
    if (json !== null) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  };
  const runs: Row[][] = [];
  const keep = (rows: Row[], found: string[]) => {
    // Calls that are in progress when the browser is closed fail.
    if (stopped) return;
    if (settings.runs > 1) for (const row of rows) row.run = runs.length;
    report.rows.push(...rows);
    runs.at(-1)!.push(...rows);
    problems.push(...found);
    printRows(rows);
    save();
  };
  const work = async () => {
    report.adapter = await adapterOf(host, ours);
    say(`${host.runtime}; our device: ${report.adapter}`);
    for (let turn = 1; turn <= settings.runs && !stopped; turn++) {
      const prefix = settings.runs > 1 ? `run ${turn}: ` : '';
      runs.push([]);
      await run(host, settings, keep, (text) => {
        if (!stopped) say(prefix + text);
      });
    }
  };
  const working = work();
  working.catch(() => undefined);
  try {
    await Promise.race([working, interrupted]);
  } finally {
    await host.close();
  }
  save();
  if (report.rows.length > 0) console.log(`\n${rowsTable(report.rows)}`);
  if (stopped) return 130;
  const judged = judge(...runs);
  if (judged.length > 0) console.log(`\n${targetsTable(judged)}`);
  for (const problem of problems) console.error(`\nproblem: ${problem}`);
  if (problems.length > 0) return 1;
  // Targets only apply to the browser.
  if (settings.runtime !== 'browser') return 0;
  return judged.every(({ met }) => met) ? 0 : 2;
}

async function openHost(
  { runtime, root, before, env }: Settings,
  ours: readonly string[],
): Promise<Host> {
  say('bundling');
  if (runtime !== 'browser')
    return processHost({ runtime, root, env, file: await buildProcess(root) });
  const page = await buildPage(root);
  for (const name of ours) await buildOurs(name === BEFORE ? before! : root, page, name);
  return browserHost(page, join(root, 'bench/node_modules'));
}

/** What our contenders compute on. */
async function adapterOf(host: Host, ours: readonly string[]): Promise<string> {
  const session = await host.session();
  try {
    const found = [];
    for (const name of ours) found.push(await session.open(name, 'W9', ''));
    return [...new Set(found)].join('; ');
  } finally {
    await session.close();
  }
}

function machine(host: Host): Report['machine'] {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.versions.node,
    runtime: host.runtime,
  };
}

function printRows(rows: readonly Row[]): void {
  if (rows.length > 0) console.log(`\n${rowsTable(rows)}\n`);
}

function say(text: string): void {
  console.error(`[bench] ${text}`);
}
