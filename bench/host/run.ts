/** Runs the chosen workloads one after the other. */
import { GROUPS, groupOf } from '../names.mjs';
import type { Host } from './host.ts';
import { measureCold } from './cold.ts';
import { measureMemory } from './memory.ts';
import { measureTogether } from './measure.ts';
import type { Budget, Entry } from './measure.ts';
import type { Problems, Row } from './rows.ts';
import { measureSizes } from './sizes.ts';
import { measureSteps } from './steps.ts';
import { variantsOf } from './variants.ts';

export interface Choice extends Budget {
  readonly workloads: readonly string[];
  readonly contenders: readonly string[];
  /** The number of steps in W9. */
  readonly steps: number;
  /** The folder of the repository. */
  readonly root: string;
  /** A checkout of the commit that `gatefold-before` is built from. */
  readonly before: string | null;
}

function entriesOf(workload: string, contenders: readonly string[]): Entry[] {
  return GROUPS[groupOf(workload)].contenders
    .filter((contender) => contenders.includes(contender))
    .flatMap((contender) => [
      { workload, contender, variant: '' },
      ...variantsOf(contender, workload).map((variant) => ({ workload, contender, variant })),
    ]);
}

export async function run(
  host: Host,
  choice: Choice,
  onRows: (rows: Row[], problems: Problems) => void,
  say: (text: string) => void,
): Promise<void> {
  for (const cells of together(choice.workloads)) {
    const entries = cells.flatMap((cell) => entriesOf(cell, choice.contenders));
    if (entries.length === 0) continue;
    const names = entries.filter(({ variant }) => variant === '').map((entry) => entry.contender);
    const { rows, problems } = await (() => {
      const [first] = cells;
      if (first === 'W8') return measureCold(host, names, choice, say);
      if (first === 'W9') return measureMemory(host, names, choice.steps, say);
      if (first === 'sizes') return measureSizes(choice, names, say);
      if (groupOf(first) === 'W10') return measureSteps(host, entries, choice, say);
      return measureTogether(host, entries, choice, say);
    })();
    onRows(rows, problems);
  }
}

/** Workloads that are compared with each other are measured alternately: those of W6. */
function together(workloads: readonly string[]): string[][] {
  const scaling = workloads.filter((cell) => groupOf(cell) === 'W6');
  return workloads.flatMap((cell) => {
    if (!scaling.includes(cell)) return [[cell]];
    return cell === scaling[0] ? [scaling] : [];
  });
}
