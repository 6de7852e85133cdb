// The demo page: the model that `npm start` saved answers while the user types.
import { best, cpu } from '../../src/index.ts';
import type { Device } from '../../src/index.ts';
import { showBars } from './bars.ts';
import { loadClassifier, NoModelError } from './classifier.ts';
import type { Classifier } from './classifier.ts';
import { latestOnly } from './latest.ts';
import { showTraining } from './training.ts';

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const sentence = element<HTMLTextAreaElement>('sentence');
const bars = element<HTMLOListElement>('bars');
const status = element<HTMLParagraphElement>('status');
const notice = element<HTMLDivElement>('notice');
const useCpu = element<HTMLButtonElement>('use-cpu');

function showNotice(text: string): void {
  notice.textContent = text;
  notice.hidden = text === '';
}

function listen(classify: Classifier, device: Device): void {
  const place = device.kind === 'cpu' ? 'the CPU' : device.description;
  const answer = latestOnly(async (text: string) => {
    if (text.trim() === '') {
      bars.replaceChildren();
      status.textContent = `Computes on ${place}.`;
      return;
    }
    const begun = performance.now();
    try {
      showBars(bars, await classify(text));
      status.textContent = `${(performance.now() - begun).toFixed(0)} ms on ${place}.`;
    } catch (error) {
      showNotice(`This went wrong: ${String(error)}\nReload the page to go on.`);
    }
  });
  sentence.addEventListener('input', () => answer(sentence.value));
  sentence.disabled = false;
  sentence.focus();
  answer(sentence.value);
}

async function begin(device: Device): Promise<void> {
  showNotice('');
  useCpu.hidden = true;
  status.textContent = 'Loading the model…';
  try {
    listen(await loadClassifier(new URL('model/', location.href), device), device);
  } catch (error) {
    status.textContent = '';
    showNotice(
      error instanceof NoModelError
        ? 'There is no trained model yet. Run npm start (a few minutes), then reload this page.'
        : `The model cannot be loaded: ${String(error)}\nRun npm start to train it again, then reload this page.`,
    );
  }
}

element('training').addEventListener(
  'toggle',
  () => void showTraining(element('figures'), new URL('model/', location.href)),
  { once: true },
);
useCpu.addEventListener('click', () => void begin(cpu()));
try {
  await begin(await best());
} catch (error) {
  status.textContent = '';
  showNotice(`This browser offers neither WebGPU nor WebAssembly with SIMD (${String(error)}).`);
  useCpu.hidden = false;
}
