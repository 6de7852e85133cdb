// Tries several seeds of a network and takes the one with the least validation loss.
import { folderStore } from '../store.ts';
import { forget } from '../training.ts';
import { judgeNetwork } from './judge.ts';
import type { Verdict } from './judge.ts';
import type { Language } from './languages.ts';
import { counterOf, learn } from './learn.ts';
import type { CellName, Counter } from './learn.ts';

export const PLAN = { units: 6, stepsPerEpoch: 100, learningRate: 0.02 };
/** With a validation loss below, no other seed is tried. */
const SURE = 2e-4;

export interface Attempts {
  readonly attempts: number;
  /** Instead of the language's. */
  readonly epochs?: number;
  readonly seed: number;
  readonly resume: boolean;
  /** Where each network has a folder for its checkpoint. */
  readonly out: string;
}

export interface Result {
  readonly cell: CellName;
  readonly parameters: number;
  readonly validationLoss: number;
  /** On the test words. */
  readonly verdict: Verdict;
  /** In the longest test word. */
  readonly counter: Counter;
}

export async function bestOf(
  cell: CellName,
  language: Language,
  { attempts, epochs = language.epochs, seed, resume, out }: Attempts,
): Promise<Result> {
  const { name, longest } = language;
  let best: Result | null = null;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const store = await folderStore(`${out}/${language.folder}/${cell}-${attempt}`);
    if (!resume) await forget(store);
    const trained = await learn(cell, language, {
      ...{ ...PLAN, epochs, seed: 100 * seed + attempt, store, resume },
      settings: { name, longest, cell, ...PLAN, epochs, seed, attempt },
    });
    const { model } = trained;
    const validationLoss = -trained.best.score;
    const verdict = await judgeNetwork(model, language);
    console.log(`  ${cell}, seed ${attempt} of ${attempts}: validation loss ${validationLoss.toExponential(1)}, all right up to ${verdict.upTo}`); // prettier-ignore
    if (best === null || validationLoss < best.validationLoss) {
      const counter = await counterOf(model, language, 3 * longest);
      best = { cell, parameters: model.countParams(), validationLoss, verdict, counter };
    }
    model.dispose();
    if (validationLoss < SURE) break;
  }
  return best!;
}
