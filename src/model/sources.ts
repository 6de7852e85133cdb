/** Where `fit` takes its batches from, for training and for validation. */
import type { Model } from '../model.ts';
import { arraySource, isGenerator, splitSamples } from './batches.ts';
import type { BatchData, BatchGenerator, Samples, Source } from './batches.ts';
import type { Compiled } from './compile.ts';
import { needBuilt } from './options.ts';
import type { FitOptions, ValidationData } from './options.ts';
import { generatedSource, partsOf, prepareSamples } from './prepare.ts';

export interface Sources {
  readonly training: Source;
  readonly validation: Source | null;
}

export async function sourcesOf(
  model: Model,
  compiled: Compiled,
  x: BatchData | BatchGenerator,
  y: BatchData | null | undefined,
  options: FitOptions,
  seed: number,
): Promise<Sources> {
  const { batchSize = 32, shuffle = true, validationSplit, validationData } = options;
  const { classWeight, sampleWeight, stepsPerEpoch } = options;
  const outputsOf = () => compiled.outputsOf(model.outputs);
  let training: Source;
  let held: Samples | null = null;
  if (isGenerator(x)) {
    if (y !== undefined && y !== null)
      throw new Error(
        'fit: expected no y with a generator, which yields it; pass options as the last argument',
      );
    if (validationSplit)
      throw new Error('validationSplit: expected arrays, got a generator; pass validationData');
    needBuilt('fit with a generator', model, 'fit arrays first');
    training = generatedSource(model, outputsOf, x, stepsPerEpoch, classWeight);
  } else {
    let samples = await prepareSamples(model, outputsOf, x, y, sampleWeight, classWeight);
    if (validationSplit && !validationData)
      [samples, held] = splitSamples(samples, validationSplit);
    training = arraySource(samples, batchSize, shuffle ? seed : null);
  }
  return { training, validation: await validationOf() };

  async function validationOf(): Promise<Source | null> {
    const size = options.validationBatchSize ?? batchSize;
    if (held) return arraySource(held, size, null);
    if (!validationData) return null;
    if (!Array.isArray(validationData) && isGenerator(validationData))
      return generatedSource(model, outputsOf, validationData, options.validationSteps);
    const { x, y, sampleWeight } = partsOf(validationData as ValidationData);
    return arraySource(
      await prepareSamples(model, outputsOf, x!, y, sampleWeight, null),
      size,
      null,
    );
  }
}
