import { afterEach, expect, it } from 'vitest';
import { showTraining } from '../../demo/saved/training.ts';

const fetchBefore = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetchBefore;
});

/** Answers with these files of the model's folder. */
function serve(files: Record<string, unknown>): void {
  globalThis.fetch = async (address) => {
    const name = (address as URL).pathname.split('/').at(-1)!;
    return name in files ? Response.json(files[name]) : new Response('', { status: 404 });
  };
}

const folder = new URL('model/', location.href);
const languages = [{ name: 'English' }, { name: 'French' }];
const training = {
  history: { loss: [2, 1], valLoss: [2, 1.5], accuracy: [0.5, 0.75] },
  confusion: [
    [3, 1],
    [0, 4],
  ],
};

it('demo: draws in the page how the model was trained', async () => {
  const place = document.createElement('div');
  serve({ 'alphabet.json': { languages }, 'training.json': training });
  await showTraining(place, folder);
  const titles = [...place.querySelectorAll('svg')].map((svg) => svg.getAttribute('aria-label'));
  expect(titles).toEqual(['loss', 'accuracy', 'held-out sentences by language']);
  expect(place.textContent).toContain('French');
});

it('demo: says where a model was saved without its training', async () => {
  const place = document.createElement('div');
  serve({ 'alphabet.json': { languages } });
  await showTraining(place, folder);
  expect(place.textContent).toMatch(/training\.json is missing: run npm start/);
});
