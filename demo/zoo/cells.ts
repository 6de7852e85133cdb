import { layers } from 'gatefold';

type Options = { returnSequences: boolean; name: string };
/** Three cells have a second size. */
export const cells = {
  ...layers,
  projectedLSTM: (units: number, options: Options) =>
    layers.projectedLSTM(units, { ...options, projectionUnits: Math.ceil(units / 2) }),
  jordanRNN: (units: number, options: Options) => layers.jordanRNN(units, units, options),
  scrn: (units: number, options: Options) => layers.scrn(units, Math.ceil(units / 2), options),
};
