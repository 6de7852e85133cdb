// The results of all cells on a task, as a table and as learning curves.
import { lines } from '../plots/index.ts';
import type { Line, ReportSection } from '../plots/index.ts';
import { expectations, mustSolve } from './expectations.ts';
import { SOLVED } from './tasks.ts';
import type { Task, TaskName } from './tasks.ts';
import { EVERY } from './training.ts';
import type { Result } from './training.ts';

/** Lines in one figure: beside the two of the task, as many as there are colours that can be told apart. */
const CURVES = 5;

export interface TaskResults {
  readonly name: TaskName;
  readonly task: Task;
  readonly results: readonly Result[];
}

/** The tasks that a cell had to solve and did not, in words. */
export const missed = (all: readonly TaskResults[]): string[] =>
  all.flatMap(({ name, results }) =>
    results
      .filter(({ cell, solvedAfter }) => solvedAfter === null && mustSolve(cell, name))
      .map(({ cell }) => `${cell} on ${name}`),
  );

const HEAD = ['cell', 'parameters', 'expected', 'solved', 'steps', 'ms a step', 'loss'];

/** A row for each cell, the header first and the baseline last. */
export const resultTable = ({ name, task, results }: TaskResults): string[][] => [
  HEAD,
  ...results.map((result) => {
    const { cell, parameters, solvedAfter, msPerStep, losses, ended } = result;
    const expected = mustSolve(cell, name) ? 'must' : 'may';
    const solved = solvedAfter === null ? (ended ?? 'no') : 'yes';
    const last = losses.at(-1);
    return [
      ...[cell, String(parameters), expected, solved, String(solvedAfter ?? '-')],
      ...[msPerStep.toFixed(1), last === undefined ? '-' : last.toFixed(4)],
    ];
  }),
  ['no memory', '0', '', '', '', '', task.baseline.toFixed(4)],
];

function figures({ name, task, results }: TaskResults): Promise<string>[] {
  const longest = Math.max(2, ...results.map(({ losses }) => losses.length));
  const ends = [EVERY, EVERY * longest];
  const level = (title: string, y: number): Line => ({ name: title, x: ends, y: [y, y], dashed: true }); // prettier-ignore
  const groups = Array.from({ length: Math.ceil(results.length / CURVES) }, (_, i) =>
    results.slice(i * CURVES, (i + 1) * CURVES),
  );
  return groups.map((group) =>
    lines(
      [
        ...group.map(({ cell, losses }) => ({
          name: cell,
          x: losses.map((_, i) => (i + 1) * EVERY),
          y: losses,
        })),
        level('no memory', task.baseline),
        level('solved', SOLVED * task.baseline),
      ],
      { title: name, x: 'step', y: 'held-out loss', log: true, width: 540 },
    ),
  );
}

/** Of the report: a section for each task, then what was expected and why. */
export async function sections(all: readonly TaskResults[]): Promise<ReportSection[]> {
  const tasks = await Promise.all(
    all.map(async (one) => ({
      heading: one.name,
      text: `${one.task.text}. ${one.task.baselineText}. At most ${one.task.steps} steps of ${one.task.rows} sequences.`,
      table: resultTable(one),
      figures: await Promise.all(figures(one)),
    })),
  );
  const reasons = Object.entries(expectations).map(([cell, { must, why }]) => [
    ...[cell, must.join(', ') || '-', why],
  ]);
  return [...tasks, { heading: 'What was expected', table: [['cell', 'must solve', 'why'], ...reasons] }]; // prettier-ignore
}
