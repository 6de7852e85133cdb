// Types are found, and are no `any`.
import { layers, Model, optimizers, sequential } from 'gatefold';
import type { History, Tensor } from 'gatefold';
import { mfcc } from 'gatefold/audio';
import { Dataset } from 'gatefold/data';
import { profile } from 'gatefold/profile';
import { fromTransfer } from 'gatefold/stepper';
import { padSequences } from 'gatefold/text';
import { WordVectors } from 'gatefold/vectors';
import './terminal.js';

export async function typed(): Promise<number[]> {
  const model: Model = sequential([layers.lstm(4), layers.dense(1)]);
  model.compile({ optimizer: optimizers.adam(), loss: 'meanSquaredError' });
  const { history }: History = await model.fit([[[1], [2]]], [[1]], { epochs: 1 });
  const output: Tensor = await model.predict([[[1], [2]]]);
  return [...history.loss, output.size];
}

/** Each of these lines is wrong, and without types it would not be. */
export function wrong(): void {
  // @ts-expect-error
  layers.lstm('4');
  // @ts-expect-error
  mfcc('sound');
  // @ts-expect-error
  Dataset.of(1);
  // @ts-expect-error
  void profile(1);
  // @ts-expect-error
  fromTransfer(1);
  // @ts-expect-error
  padSequences(1);
  // @ts-expect-error
  new WordVectors(1);
}
