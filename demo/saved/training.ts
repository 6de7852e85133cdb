// Shows how the model was trained, on demand: only then is the plotting library loaded.
import type { Language } from '../../examples/language/languages.ts';
import type { Curves } from '../../examples/plots/index.ts';

async function read<T>(file: string, folder: URL): Promise<T> {
  const response = await fetch(new URL(file, folder));
  if (!response.ok) throw new Error(`${file} is missing: run npm start to create it`);
  return (await response.json()) as T;
}

/** Draws the learning curves and the confusion table of the model in `folder`, from the file that `npm start` saved with it. */
export async function showTraining(place: HTMLElement, folder: URL): Promise<void> {
  place.textContent = 'Drawing…';
  try {
    const { confusionTable, learningCurves } = await import('../../examples/plots/index.ts');
    const [{ languages }, { history, confusion }] = await Promise.all([
      read<{ languages: Language[] }>('alphabet.json', folder),
      read<{ history: Curves; confusion: number[][] }>('training.json', folder),
    ]);
    const names = languages.map(({ name }) => name);
    const figures = [
      ...(await learningCurves(history, { held: 'held out' })),
      await confusionTable(confusion, names, { title: 'held-out sentences by language' }),
    ];
    place.innerHTML = figures.join('');
  } catch (error) {
    place.textContent = error instanceof Error ? error.message : String(error);
  }
}
