/**
 * Masks in a graph of ONNX. Its recurrent operators know lengths alone: steps behind them are left out. What a mask leaves out elsewhere is moved
 * behind the steps that count before the operator, and what it gives is put back in place.
 */
import { int } from './graph.ts';
import type { OnnxGraph } from './graph.ts';

/** A mask over [batch, time], or over more axes of ids. What follows from it is added to the graph when it is first asked for. */
export class Mask {
  private readonly graph: OnnxGraph;
  /** bool: the steps that count. */
  readonly flags: string;
  /** Whether they all come before those that do not. */
  readonly isPost: boolean;
  readonly rank: number;
  private counts: string | null;
  private whole: string | null = null;
  private running: string | null = null;
  private order: string | null = null;

  /** @param lengths int32 [batch], where they are known */
  constructor(
    graph: OnnxGraph,
    flags: string,
    isPost: boolean,
    { lengths = null, rank = 2 }: { lengths?: string | null; rank?: number } = {},
  ) {
    this.graph = graph;
    this.flags = flags;
    this.isPost = isPost;
    this.rank = rank;
    this.counts = lengths;
  }

  /** int32 [batch]: how many steps count. */
  get lengths(): string {
    const { graph } = this;
    this.counts ??= graph.op('ReduceSum', [this.ones, graph.integers([1])], { keepdims: int(0) });
    return this.counts;
  }

  /** bool [batch, 1]: whether any step counts. */
  get any(): string {
    const { graph } = this;
    const zero = graph.integer(0, 'int32');
    return graph.unsqueeze(graph.op('Greater', [this.lengths, zero]), 1);
  }

  /** float32 [batch, time, 1]: 1 where a step counts. */
  get weights(): string {
    return this.graph.unsqueeze(this.graph.cast(this.flags, 'float32'), 2);
  }

  /** int32 [batch, time]. */
  private get ones(): string {
    this.whole ??= this.graph.cast(this.flags, 'int32');
    return this.whole;
  }
  /** int32 [batch, time]: how many count up to and with each step. */
  private get counted(): string {
    this.running ??= this.sums(this.ones);
    return this.running;
  }
  private sums(x: string): string {
    return this.graph.op('CumSum', [x, this.graph.integer(1)]);
  }

  /** int64 [batch, time]: where each step goes, so that those that count come first and keep their order. */
  private get places(): string {
    const { graph } = this;
    if (this.order !== null) return this.order;
    const idle = this.sums(graph.cast(graph.op('Not', [this.flags]), 'int32'));
    const behind = graph.op('Add', [idle, graph.unsqueeze(this.lengths, 1)]);
    const one = graph.integer(1, 'int32');
    const places = graph.op('Sub', [graph.op('Where', [this.flags, this.counted, behind]), one]);
    this.order = graph.cast(places, 'int64');
    return this.order;
  }

  /** x [batch, time, features] with the steps that count first. */
  gathered(x: string): string {
    if (this.isPost) return x;
    const { graph } = this;
    return graph.op('ScatterElements', [x, this.along(this.places, x), x], { axis: int(1) });
  }

  /**
   * What an operator gave for `gathered` steps, [batch, time, units] in the order of time, in the places of all steps: at one that is left out as
   * at the step processed before it, or zero.
   *
   * @param last [batch, units] of the last step that counts
   * @param zeroed whether it is zero at every step that is left out
   */
  spread(
    y: string,
    last: string,
    { reverse, zeroed }: { reverse: boolean; zeroed: boolean },
  ): string {
    const { graph } = this;
    const zero = graph.number(0);
    const keeps = zeroed ? this.flags : null;
    const where = (flags: string, yes: string, no: string): string =>
      graph.op('Where', [graph.unsqueeze(flags, 2), yes, no]);
    // Backwards, the steps behind are processed before any that counts.
    if (this.isPost)
      return where(this.flags, y, zeroed || reverse ? zero : graph.unsqueeze(last, 1));
    const none = graph.integer(0, 'int32');
    const one = graph.integer(1, 'int32');
    if (reverse) {
      // The step that counts next in time; none after the last one.
      const next = graph.op('Sub', [this.counted, this.ones]);
      const valid = keeps ?? graph.op('Less', [next, graph.unsqueeze(this.lengths, 1)]);
      return where(valid, this.taken(y, next), zero);
    }
    const valid = keeps ?? graph.op('Greater', [this.counted, none]);
    const before = graph.op('Max', [graph.op('Sub', [this.counted, one]), none]);
    return where(valid, this.taken(y, before), zero);
  }

  private taken(y: string, index: string): string {
    const { graph } = this;
    const places = this.along(graph.cast(index, 'int64'), y);
    return graph.op('GatherElements', [y, places], { axis: int(1) });
  }

  /** Places [batch, time] for every feature of x [batch, time, features]. */
  private along(places: string, x: string): string {
    const { graph } = this;
    return graph.op('Expand', [graph.unsqueeze(places, 2), graph.op('Shape', [x])]);
  }
}

/** 1 where any of the masks is 1; null, every step, where one of them is. */
export function anyOf(graph: OnnxGraph, masks: readonly (Mask | null)[]): Mask | null {
  if (masks.includes(null) || masks.length === 0) return null;
  const [first, ...others] = masks as Mask[];
  if (others.every((mask) => mask === first)) return first;
  const flags = others.reduce((found, { flags: own }) => graph.op('Or', [found, own]), first.flags);
  return new Mask(
    graph,
    flags,
    (masks as Mask[]).every((mask) => mask.isPost),
    { rank: first.rank },
  );
}
