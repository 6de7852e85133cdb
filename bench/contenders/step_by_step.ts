/** minGRU without the scan over the time: products for all steps at once, as in layers.minGRU, then an operation for every step. */
import { Layer, ops } from '../../src/index.ts';
import type { PartialShape, Tensor, Variable } from '../../src/index.ts';

export class StepByStep extends Layer {
  private readonly units: number;
  private readonly gates: { kernel: Variable; bias: Variable }[] = [];

  constructor(units: number, name: string) {
    super({ name });
    this.units = units;
  }

  override computeOutputShapes([[batch]]: readonly PartialShape[]): PartialShape[] {
    return [[batch, this.units]];
  }

  /** By the names of layers.minGRU, from which initial weights follow. */
  protected override build([shape]: readonly PartialShape[]): void {
    for (const gate of ['update', 'candidate'])
      this.gates.push({
        kernel: this.addWeight(`${gate}_kernel`, [shape[2]!, this.units], 'glorotUniform'),
        bias: this.addWeight(`${gate}_bias`, [this.units], 'zeros'),
      });
  }

  /** h + z∘(n - h), step after step. */
  override call([x]: readonly Tensor[]): Tensor[] {
    const [batch, time] = x.shape;
    const [update, candidate] = this.gates;
    const z = ops.matmul(x, update.kernel, { bias: update.bias, activation: 'sigmoid' });
    const n = ops.matmul(x, candidate.kernel, { bias: candidate.bias });
    const candidates = ops.split(n, time, 1);
    let state: Tensor | null = null;
    for (const [t, share] of ops.split(z, time, 1).entries()) {
      const after: Tensor = ops.scan(share, candidates[t], { form: 'gated', initialState: state });
      state = ops.reshape(after, [batch, this.units]);
    }
    return [state!];
  }
}
