/** The checks of options: one wording for a name that is unknown, one for a value that cannot be. */
import { describe, expect, it } from 'vitest';
import { layers } from '../src/index.ts';
import * as options from '../src/options.ts';

const { check, checkNames, readOptions } = options;

describe('an unknown option', () => {
  const known = {
    fit: ['batchSize', 'epochs', 'validationSplit', 'validationData', 'stepsPerEpoch', 'verbose'],
    adam: ['learningRate', 'weightDecay', 'clipNorm', 'globalClipNorm', 'beta1', 'beta2'],
    others: ['optimizer', 'fromLogits', 'initialState', 'maxlen', 'patience', 'streams', 'fanIn'],
  };

  it.each([
    // As Keras spells it.
    [known.fit, 'batch_size', 'batchSize'],
    [known.fit, 'validation_split', 'validationSplit'],
    [known.adam, 'beta_1', 'beta1'],
    [known.adam, 'clipnorm', 'clipNorm'],
    [known.adam, 'global_clipnorm', 'globalClipNorm'],
    [known.others, 'from_logits', 'fromLogits'],
    [known.others, 'initial_state', 'initialState'],
    [known.others, 'maxLen', 'maxlen'],
    [known.others, 'fan_in', 'fanIn'],
    // Shortened.
    [known.adam, 'lr', 'learningRate'],
    [known.fit, 'val_split', 'validationSplit'],
    // Misspelt.
    [known.fit, 'epoch', 'epochs'],
    [known.others, 'optimiser', 'optimizer'],
    [known.others, 'patiance', 'patience'],
    [known.others, 'stream', 'streams'],
    [known.adam, 'weigthDecay', 'weightDecay'],
  ])('of %j, %s, is taken for %s', (names, given, meant) => {
    expect(() => checkNames('f', { [given]: 1 }, names)).toThrow(
      `f: expected options of ${names.join(', ')}, got '${given}'; did you mean '${meant}'?`,
    );
  });

  it.each(['workers', 'x', 'dtype', ''])('is taken for none that it is not like: %s', (given) => {
    expect(() => checkNames('f', { [given]: 1 }, Object.values(known).flat())).toThrow(
      `got '${given}'; leave it out, or check its spelling`,
    );
  });

  it('is one though its value is undefined, and where there are none', () => {
    expect(() => checkNames('f', { lr: undefined }, ['learningRate'])).toThrow(/got 'lr'/);
    expect(() => checkNames('f', { seed: 1 }, [])).toThrow("f: expected no options, got 'seed'");
  });

  it('may be long, and is looked up in time', () => {
    const name = 'a'.repeat(100_000);
    expect(() => checkNames('f', { [name]: 1 }, ['a'.repeat(30)])).toThrow(/^f: expected options/);
  });

  it.each([
    [0.01, '0.01'],
    ['adam', "'adam'"],
    [null, 'null'],
    [[1], 'a list of 1'],
  ])('is what is no object: %j', (given, shown) => {
    expect(() => checkNames('f', given as object, ['rate'])).toThrow(
      `f: expected options of rate, got ${shown}; give them by name, in an object`,
    );
  });
});

describe('a value', () => {
  const said = (must: options.Check, value: unknown): string => {
    try {
      check('f', 'x', value, must);
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    ['NUMBER', [0, -1, 1e38, -1e38], 'a finite number'],
    ['POSITIVE', [1e-30, 1, 1e38], 'a number above 0'],
    ['NOT_NEGATIVE', [0, 1e38], 'a number from 0 on'],
    ['FRACTION', [0, 0.5, 1], 'a number from 0 to 1'],
    ['SHARE', [0, 0.999], 'a number from 0 to below 1'],
    ['COUNT', [1, 2 ** 53 - 1], 'a positive whole number'],
    ['WHOLE', [0, 7], 'a whole number from 0 on'],
    ['INTEGER', [-3, 0, 7], 'a whole number'],
  ] as const)('that is %s', (name, good, words) => {
    for (const value of good) expect(said(options[name], value)).toBe('taken');
    for (const value of [NaN, Infinity, -Infinity, '1', null, undefined, true, [1], {}, 1n])
      expect(said(options[name], value)).toMatch(`f: expected x to be ${words}, got `);
  });

  it('is shown as it is', () => {
    expect(said(options.POSITIVE, 0)).toBe('f: expected x to be a number above 0, got 0');
    // No float32 number.
    expect(said(options.POSITIVE, 1e-60)).toMatch(/got 1e-60$/);
    expect(said(options.NUMBER, 1e308)).toMatch(/got 1e\+308, which is infinite in float32$/);
    expect(said(options.FLAG, 'false')).toBe("f: expected x to be true or false, got 'false'");
    expect(said(options.FLAG, 1)).toMatch(/got 1$/);
    expect(said(options.oneOf(['fanIn', 'fanOut']), 'fan_in')).toBe(
      "f: expected x to be one of fanIn, fanOut, got 'fan_in'; did you mean 'fanIn'?",
    );
    expect(said(options.oneOf([0, 1, 2]), 3)).toBe('f: expected x to be one of 0, 1, 2, got 3');
    expect(said(options.TEXT, { name: 'x' })).toMatch(/got an object with name$/);
  });

  it('is the default where it is left out, null or undefined', () => {
    const defaults = { rate: 0.5, open: undefined as number | undefined, size: 3, on: false };
    const checks = { rate: options.SHARE, open: options.COUNT };
    const read = (given: object) => readOptions('f', given, defaults, checks);
    expect(read({ rate: null, size: undefined, on: true })).toEqual({ ...defaults, on: true });
    expect(() => read({ rate: 1 })).toThrow(/rate to be a number from 0 to below 1, got 1/);
    expect(() => read({ open: 0 })).toThrow(/open to be a positive whole number, got 0/);
    // By the kind of its default.
    expect(() => read({ size: '3' })).toThrow("f: expected size to be a finite number, got '3'");
    expect(() => read({ on: 'false' })).toThrow("f: expected on to be true or false, got 'false'");
    const must = { steps: options.REQUIRED };
    expect(() => readOptions('f', {}, must, { steps: options.COUNT })).toThrow(
      'f: expected steps to be a positive whole number, got undefined',
    );
  });
});

describe('options of layers', () => {
  it('are checked, in a file too', () => {
    const wrong = { returnSequences: 'false' } as object;
    expect(() => layers.lstm(3, wrong)).toThrow(
      "lstm: expected returnSequences to be true or false, got 'false'",
    );
    expect(() => layers.dropout(0.5, { seed: NaN })).toThrow(/seed to be a whole number from 0 on/);
    expect(() => layers.masking({ maskValue: '0' } as object)).toThrow(/maskValue to be a finite/);
    expect(() => layers.dense(3, 'relu' as never)).toThrow(
      /^dense: expected options of .*, got 'relu'; give them by name, in an object$/,
    );
  });
});
