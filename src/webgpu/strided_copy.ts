/** How a strided copy runs: four elements at a time where neighbours stay neighbours, in 4 x 4 blocks where two axes change places. */
import type { Plan } from './plan.ts';

interface Axis {
  extent: number;
  from: number;
  to: number;
}

export const stridedCopy: Plan = (device, bindings, params) => {
  const axes = Array.from({ length: params.rank }, (_, i): Axis => ({
    extent: params[`extent${i}`],
    from: params[`from${i}`],
    to: params[`to${i}`],
  }));
  const { fromOffset, toOffset } = params;
  const fours = (...values: number[]): boolean => values.every((value) => value % 4 === 0);
  const even = (others: Axis[]): boolean =>
    fours(fromOffset, toOffset, ...others.flatMap(({ from, to }) => [from, to]));
  /** Parameters in which strides and offsets count vec4s. */
  const inFours = (list: Axis[]): Record<string, number> => ({
    ...packAxes(list.map(({ extent, from, to }) => ({ extent, from: from / 4, to: to / 4 }))),
    fromOffset: fromOffset / 4,
    toOffset: toOffset / 4,
  });
  const constants = { RANK: axes.length };

  const row = axes.find(({ from, to }) => from === 1 && to === 1);
  const beside = axes.filter((axis) => axis !== row);
  if (row && fours(row.extent) && even(beside)) {
    const fourfold = { extent: row.extent / 4, from: 4, to: 4 };
    const step = inFours([fourfold, ...beside]);
    device.dispatch('strided_copy_vectors', bindings, step, { constants });
    return;
  }

  const source = axes.find(({ from }) => from === 1);
  const target = axes.find(({ to }) => to === 1);
  const others = axes.filter((axis) => axis !== source && axis !== target);
  if (
    source &&
    target &&
    source !== target &&
    fours(source.extent, target.extent, source.to, target.from) &&
    even(others)
  ) {
    const step = inFours([
      { extent: source.extent / 4, from: 4, to: source.to * 4 },
      { extent: target.extent / 4, from: target.from * 4, to: 4 },
      ...others,
    ]);
    device.dispatch('strided_copy_transpose', bindings, step, { constants });
    return;
  }

  device.dispatch('strided_copy', bindings, params, { constants });
};

/** Axes as parameters; the shader has six, of which those not in use have extent 1. */
function packAxes(axes: Axis[]): Record<string, number> {
  const packed: Record<string, number> = {
    size: axes.reduce((size, { extent }) => size * extent, 1),
    rank: axes.length,
  };
  for (let i = 0; i < 6; i++) {
    const { extent, from, to } = axes[i] ?? { extent: 1, from: 0, to: 0 };
    packed[`extent${i}`] = extent;
    packed[`from${i}`] = from;
    packed[`to${i}`] = to;
  }
  return packed;
}
