import { layers, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { cells } from './cells.ts';
import type { ProgramSettings } from './settings.ts';
import { tasks } from './tasks.ts';

/** From a sequence to its answer: at the end, or at every step. */
export function build({ cell, task, units, learningRate, seed }: ProgramSettings): Model {
  const { features, outputs, everyStep, loss } = tasks[task];
  const network = sequential(
    [
      layers.input({ shape: [null, features] }),
      cells[cell](units, { returnSequences: everyStep, name: 'memory' }),
      layers.dense(outputs),
    ],
    { seed },
  );
  network.compile({ optimizer: optimizers.adam({ learningRate, clipNorm: 1 }), loss: loss() });
  return network;
}

/** New sequences at each step. */
export function batch({ task, seed }: ProgramSettings, step: number, rows = 32) {
  const random = new Random(seed * 1_000_000 + step);
  const { sequence, steps } = tasks[task];
  const made = Array.from({ length: rows }, () => sequence(random, steps));
  return { x: made.map(({ x }) => x), y: made.map(({ y }) => y) };
}
