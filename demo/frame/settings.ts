/** What a reader can change on a page, how it stands in the address, and what of an address is believed. */

export interface NumberSetting {
  readonly kind: 'number';
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** The distance of two values; with `logarithmic`, their ratio. */
  readonly step: number;
  readonly logarithmic?: boolean;
  readonly help?: string;
}
export interface ChoiceSetting {
  readonly kind: 'choice';
  readonly label: string;
  readonly value: string;
  /** What the reader sees, by value. */
  readonly choices: Readonly<Record<string, string>>;
  readonly help?: string;
}
export interface FlagSetting {
  readonly kind: 'flag';
  readonly label: string;
  readonly value: boolean;
  readonly help?: string;
}
export interface TextSetting {
  readonly kind: 'text';
  readonly label: string;
  readonly value: string;
  readonly longest: number;
  readonly help?: string;
}
export type Setting = (NumberSetting | ChoiceSetting | FlagSetting | TextSetting) & {
  /** Whether the page draws its control, where it belongs. */
  readonly elsewhere?: boolean;
  /** Whether a training goes on when it changes: it tells what is shown, not what is trained. */
  readonly live?: boolean;
};
export type Settings = Readonly<Record<string, Setting>>;
export type Value = number | string | boolean;
export type Values = Readonly<Record<string, Value>>;

/** The cells that a page lets the reader choose, by the name of their layer. */
export const CELLS: Readonly<Record<string, string>> = {
  simpleRNN: 'Simple RNN',
  lstm: 'LSTM',
  gru: 'GRU',
  peepholeLSTM: 'LSTM with peepholes',
  layerNormLSTM: 'Layer-normalized LSTM',
  sLSTM: 'sLSTM',
  minimalGatedUnit: 'Minimal gated unit',
  indRNN: 'IndRNN',
  minGRU: 'minGRU',
  minLSTM: 'minLSTM',
};

export const cellSetting = (value: string): ChoiceSetting => ({
  kind: 'choice',
  label: 'Cell',
  value,
  choices: CELLS,
});
export const seedSetting: NumberSetting = {
  ...{ kind: 'number', label: 'Seed', value: 1, min: 0, max: 9999, step: 1 },
  help: 'of the first weights and of the data',
};
export const rateSetting = (value: number): NumberSetting => ({
  ...{ kind: 'number', label: 'Learning rate', value, min: 0.0001, max: 1, step: 10 ** 0.1 },
  logarithmic: true,
});
export const unitsSetting = (value: number, max = 64): NumberSetting => ({
  ...{ kind: 'number', label: 'Units', value, min: 1, max, step: 1 },
});

export const defaultsOf = (settings: Settings): Values =>
  Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));

/** The value that a text stands for, or the default where it stands for none. */
function parse(setting: Setting, text: string | null): Value {
  if (text === null) return setting.value;
  if (setting.kind === 'flag') return text === 'true';
  if (setting.kind === 'text') return text.slice(0, setting.longest);
  if (setting.kind === 'choice') return Object.hasOwn(setting.choices, text) ? text : setting.value;
  const value = Number(text);
  return text !== '' && value >= setting.min && value <= setting.max ? value : setting.value;
}

/** @param address what stands behind the `#`; names that no setting has are left alone */
export function valuesOf(settings: Settings, address: URLSearchParams): Values {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, parse(setting, address.get(name))]),
  );
}

/** Writes what differs from the defaults into an address, and removes what does not. */
export function writeValues(settings: Settings, values: Values, address: URLSearchParams): void {
  for (const [name, { value }] of Object.entries(settings)) {
    if (values[name] === value) address.delete(name);
    else address.set(name, String(values[name]));
  }
}

/** A number as a label shows it. */
export const shown = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
