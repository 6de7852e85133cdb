/** The losses of a training, few enough to draw: neighbours are averaged where there are many. */
import type { Figures } from './lesson.ts';

const MOST = 600;

export class Curve {
  private steps: number[] = [];
  private readonly values: Record<'loss' | 'accuracy', number[]> = { loss: [], accuracy: [] };
  /** So many steps are averaged into one point. */
  private width = 1;
  private pending: { step: number; figures: Figures }[] = [];
  last: Figures | null = null;

  get x(): readonly number[] {
    return this.steps;
  }
  y(name: 'loss' | 'accuracy'): readonly number[] {
    return this.values[name];
  }
  get hasAccuracy(): boolean {
    return this.values.accuracy.length > 0;
  }

  add(step: number, figures: Figures): void {
    this.last = figures;
    this.pending.push({ step, figures });
    if (this.pending.length < this.width) return;
    const mean = (name: 'loss' | 'accuracy'): number =>
      this.pending.reduce((sum, { figures }) => sum + figures[name]!, 0) / this.pending.length;
    this.steps.push(step);
    this.values.loss.push(mean('loss'));
    if (figures.accuracy !== undefined) this.values.accuracy.push(mean('accuracy'));
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
export function aligned(
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
