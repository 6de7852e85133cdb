// npm start -- zoo: every cell on the same tasks, beside what needs no memory, and held against what is expected of it.
import { OptionError } from '../../scripts/options.mjs';
import { reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { cells, UNITS } from './cells.ts';
import type { CellName } from './cells.ts';
import table from './options.json' with { type: 'json' };
import { missed, resultTable, sections } from './report.ts';
import type { TaskResults } from './report.ts';
import { longTasks, shortTasks, SOLVED } from './tasks.ts';
import type { Task, TaskName } from './tasks.ts';
import { LEARNING_RATE, train } from './training.ts';
import type { Result } from './training.ts';

/** The names in a list of an option, in their usual order; all where it is left out. */
function chosen<N extends string>(option: string, given: string | undefined, all: readonly N[]) {
  const names = given?.split(',') ?? all;
  const strange = names.find((name) => !all.includes(name as N));
  if (strange !== undefined)
    throw new OptionError(`--${option} is a list of ${all.join(', ')}; got '${strange}'`);
  return all.filter((name) => names.includes(name));
}

await runProgram(table, async ({ full, seed, steps, out, ...given }) => {
  const tasks: Partial<Record<TaskName, Task>> = full ? longTasks : shortTasks;
  const taskNames = chosen('tasks', given.tasks, Object.keys(tasks) as TaskName[]);
  const cellNames = chosen('cells', given.cells, Object.keys(cells) as CellName[]);
  const stop = new AbortController();
  process.once('SIGINT', () => {
    console.log('\nstopping after this step (Ctrl-C again: at once)');
    stop.abort();
  });
  const began = performance.now();
  const total = taskNames.length * cellNames.length;
  let done = 0;
  const all: TaskResults[] = [];
  for (const name of taskNames) {
    const task = tasks[name]!;
    console.log(`${name}: ${task.text}\n  no memory: ${task.baseline.toFixed(4)} (${task.baselineText})`); // prettier-ignore
    const results: Result[] = [];
    for (const cell of cellNames) {
      if (stop.signal.aborted) break;
      const show = (text: string) => {
        if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K  ${cell}: ${text}`);
      };
      const budget = steps === undefined ? task.steps : Number(steps);
      const result = await train(cell, task, {
        ...{ seed: Number(seed), steps: budget, signal: stop.signal },
        onLook: (step, loss) => show(`step ${step} of ${budget}, loss ${loss.toFixed(4)}`),
      });
      results.push(result);
      show('');
      const { solvedAfter, msPerStep, losses, ended } = result;
      const outcome = ended ?? (solvedAfter === null ? `not solved in ${budget} steps` : `solved after ${solvedAfter} steps`); // prettier-ignore
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(`${process.stdout.isTTY ? '\r' : ''}  ${cell}: ${outcome}, loss ${losses.at(-1)?.toFixed(4) ?? '-'}, ${msPerStep.toFixed(1)} ms a step (${++done} of ${total}, ${seconds} s)`); // prettier-ignore
    }
    all.push({ name, task, results });
    if (stop.signal.aborted) break;
  }
  for (const one of all) console.log(`\n${one.name}\n${tableText(resultTable(one))}`);
  await writeReport(
    out,
    reportPage('The zoo', [
      {
        text:
          `${UNITS} units, Adam ${LEARNING_RATE}, gradients clipped to norm 1, seed ${seed}. Solved: a loss on held-out sequences of at most ` +
          `${SOLVED} times that which needs no memory. Ms a step include looking at the held-out sequences.`,
      },
      ...(await sections(all)),
    ]),
  );
  if (stop.signal.aborted) return 130;
  if (steps !== undefined) {
    console.log(`not judged: --steps ${steps} is not the budget of the tasks`);
    return 0;
  }
  const misses = missed(all);
  console.log(misses.length > 0 ? `missed: ${misses.join('; ')}` : 'every cell has solved what it must solve'); // prettier-ignore
  return misses.length > 0 ? 1 : 0;
});
