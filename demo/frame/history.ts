/** The figures of trainings as curves. */
import type { Figures, Progress } from './lesson.ts';

type Measure = keyof Figures;

/** Points of a curve: where there are more, neighbours are averaged. */
const MOST = 600;

class Curve {
  private steps: number[] = [];
  private readonly values: Record<Measure, number[]> = { loss: [], accuracy: [] };
  /** So many steps are averaged into one point. */
  private width = 1;
  private pending: { step: number; figures: Figures }[] = [];
  last: Figures | null = null;

  get x(): readonly number[] {
    return this.steps;
  }
  y(name: Measure): readonly number[] {
    return this.values[name];
  }

  add(step: number, figures: Figures): void {
    this.last = figures;
    this.pending.push({ step, figures });
    if (this.pending.length < this.width) return;
    this.steps.push(step);
    for (const name of ['loss', 'accuracy'] as const) {
      if (figures[name] === undefined) continue;
      const sum = this.pending.reduce((total, one) => total + one.figures[name]!, 0);
      this.values[name].push(sum / this.pending.length);
    }
    this.pending = [];
    if (this.steps.length >= MOST) this.halve();
  }

  private halve(): void {
    const odd = (_: number, i: number) => i % 2 === 1;
    const means = (list: number[]) => list.map((value, i) => (value + list[i - 1]) / 2).filter(odd);
    this.steps = this.steps.filter(odd);
    this.values.loss = means(this.values.loss);
    this.values.accuracy = means(this.values.accuracy);
    this.width *= 2;
  }
}

/** The curves of several trainings over one axis of steps: null where a training has no point. */
function aligned(
  curves: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[],
): { x: number[]; y: (number | null)[][] } {
  const x = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  return {
    x,
    y: curves.map((curve) => {
      const at = new Map(curve.x.map((step, i) => [step, curve.y[i]]));
      return x.map((step) => at.get(step) ?? null);
    }),
  };
}

/** Of trainings side by side: what each was trained on, and what was held out. */
export class Curves {
  private readonly pairs: readonly {
    readonly name: string;
    readonly own: Curve;
    readonly held: Curve;
  }[];
  private readonly heldOutName: string;

  constructor(names: readonly string[], heldOutName: string) {
    this.pairs = names.map((name) => ({ name, own: new Curve(), held: new Curve() }));
    this.heldOutName = heldOutName;
  }

  add(sides: readonly Progress[]): void {
    this.pairs.forEach(({ own, held }, i) => {
      const { points = [], heldOut = null } = sides[i] ?? {};
      for (const [step, figures] of points) own.add(step, figures);
      if (heldOut && held.x.at(-1) !== heldOut.step) held.add(heldOut.step, heldOut);
    });
  }

  /** What the latest step of a training gave; null before its first. */
  last(side: number): Figures | null {
    return this.pairs[side]?.own.last ?? null;
  }

  /** Over one axis of steps, of those that have the measure. */
  lines(measure: Measure): { x: number[]; lines: { name: string; y: (number | null)[] }[] } {
    const named = this.pairs
      .flatMap(({ name, own, held }) => {
        const front = this.pairs.length > 1 ? `${name}, ` : '';
        return [
          { name: `${front}training`, curve: own },
          { name: `${front}${this.heldOutName}`, curve: held },
        ];
      })
      .filter(({ curve }) => curve.y(measure).length > 0);
    const { x, y } = aligned(named.map(({ curve }) => ({ x: curve.x, y: curve.y(measure) })));
    return { x, lines: named.map(({ name }, i) => ({ name, y: y[i] })) };
  }
}
