// Tries several seeds of a network and takes the one with the most validation words right, among equals that with the least loss.
import { folderStore } from '../store.ts';
import { forget } from '../training.ts';
import { judgeNetwork } from './judge.ts';
import type { Verdict } from './judge.ts';
import type { Language } from './languages.ts';
import { counterOf, learn } from './learn.ts';
import type { CellName, Counter } from './learn.ts';

export const PLAN = { units: 6, stepsPerEpoch: 100, learningRate: 0.02 };
/** If all validation words are right and their loss is below, no other seed is tried. */
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
  /** Of the validation words those that are right, and their loss. */
  readonly share: number;
  readonly loss: number;
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
  const { name, longest, valid, test } = language;
  let best: Result | null = null;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const store = await folderStore(`${out}/${language.folder}/${cell}-${attempt}`);
    if (!resume) await forget(store);
    const trained = await learn(cell, language, {
      ...{ ...PLAN, epochs, seed: 100 * seed + attempt, store, resume },
      settings: { name, longest, cell, ...PLAN, epochs, seed, attempt },
    });
    const { model } = trained;
    const loss = -trained.best.score;
    const { share } = await judgeNetwork(model, valid);
    console.log(`  ${cell}, seed ${attempt} of ${attempts}: ${(100 * share).toFixed(1)} % of the validation words right, loss ${loss.toExponential(1)}`); // prettier-ignore
    if (best === null || share > best.share || (share === best.share && loss < best.loss))
      best = {
        ...{ cell, parameters: model.countParams(), share, loss },
        verdict: await judgeNetwork(model, test),
        counter: await counterOf(model, language, 3 * longest),
      };
    model.dispose();
    if (share === 1 && loss < SURE) break;
  }
  return best!;
}
