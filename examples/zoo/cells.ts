// The cells of the zoo, a line each, with 32 units. What is not said is the layer's default.
import { layers } from '../../src/index.ts';
import type { Layer, Random } from '../../src/index.ts';

export const UNITS = 32;

interface Shape {
  readonly returnSequences: boolean;
  /** How many steps something may have to be kept for. */
  readonly span: number;
}

export const cells = {
  simpleRNN: ({ returnSequences }: Shape) => layers.simpleRNN(UNITS, { returnSequences }),
  lstm: ({ returnSequences }: Shape) => layers.lstm(UNITS, { returnSequences }),
  'lstm chrono': ({ returnSequences, span }: Shape) =>
    layers.lstm(UNITS, { returnSequences, unitForgetBias: false, biasInitializer: chrono(span) }),
  gru: ({ returnSequences }: Shape) => layers.gru(UNITS, { returnSequences }),
  'gru reset before': ({ returnSequences }: Shape) =>
    layers.gru(UNITS, { returnSequences, resetAfter: false }),
  peepholeLSTM: ({ returnSequences }: Shape) => layers.peepholeLSTM(UNITS, { returnSequences }),
  'peepholeLSTM coupled': ({ returnSequences }: Shape) =>
    layers.peepholeLSTM(UNITS, { returnSequences, coupled: true }),
  projectedLSTM: ({ returnSequences }: Shape) =>
    layers.projectedLSTM(UNITS, { returnSequences, projectionUnits: UNITS / 2 }),
  layerNormLSTM: ({ returnSequences }: Shape) => layers.layerNormLSTM(UNITS, { returnSequences }),
  clockworkRNN: ({ returnSequences }: Shape) => layers.clockworkRNN(UNITS, { returnSequences }),
  indRNN: ({ returnSequences }: Shape) => layers.indRNN(UNITS, { returnSequences }),
  minimalGatedUnit: ({ returnSequences }: Shape) =>
    layers.minimalGatedUnit(UNITS, { returnSequences }),
  sLSTM: ({ returnSequences }: Shape) => layers.sLSTM(UNITS, { returnSequences }),
  minGRU: ({ returnSequences }: Shape) => layers.minGRU(UNITS, { returnSequences }),
  minLSTM: ({ returnSequences }: Shape) => layers.minLSTM(UNITS, { returnSequences }),
  sru: ({ returnSequences }: Shape) => layers.sru(UNITS, { returnSequences }),
  lru: ({ returnSequences }: Shape) => layers.lru(UNITS, { returnSequences }),
  jordanRNN: ({ returnSequences }: Shape) => layers.jordanRNN(UNITS, UNITS, { returnSequences }),
  scrn: ({ returnSequences }: Shape) => layers.scrn(UNITS, UNITS / 2, { returnSequences }),
  carryLSTM: ({ returnSequences }: Shape) => layers.carryLSTM(UNITS, { returnSequences }),
  'lstm zoneout': ({ returnSequences }: Shape) =>
    layers.lstm(UNITS, { returnSequences, zoneout: { state: 0.1, output: 0.05 } }),
} satisfies Record<string, (shape: Shape) => Layer>;

export type CellName = keyof typeof cells;

/**
 * Biases of an LSTM with which its units begin by keeping what they have for 1 to `span` steps (Tallec and Ollivier 2018): the forget
 * gate's are log(u), the input gate's -log(u), with u uniform between 1 and `span` - 1.
 */
const chrono = (span: number) => (shape: readonly number[], random: Random) => {
  const biases = new Float32Array(shape[0]);
  const units = shape[0] / 4;
  for (let unit = 0; unit < units; unit++) {
    biases[units + unit] = Math.log(random.uniform(1, Math.max(2, span - 1)));
    biases[unit] = -biases[units + unit];
  }
  return biases;
};
