// A project with nothing in it but a program, which the address holds: that of a page, or what the reader has made of it.
import { html, render } from 'lit-html';
import { LIBRARY, PROGRAMS } from 'virtual:programs';
import { select } from '../frame/controls.ts';
import { download } from '../frame/download.ts';
import { failureOf } from '../frame/failure.ts';
import { keepForOffline } from '../frame/offline.ts';
import { valuesOf } from '../frame/settings.ts';
import '../frame/style.css';
import { PAGES } from '../pages.ts';
import { packed, unpacked } from './packed.ts';
import { projectPage } from './project.ts';
import './style.css';

const TITLES = Object.fromEntries(
  PAGES.filter(({ folder }) => Object.hasOwn(PROGRAMS, folder)).map(({ folder, title }) => [
    folder,
    title,
  ]),
);
const FIRST = 'sine';

/** As the programs write it. */
const literal = (value: unknown): string =>
  typeof value === 'string' && !/['\\\n]/.test(value) ? `'${value}'` : JSON.stringify(value);

const address = new URLSearchParams(location.hash.slice(1));
const folderIn = (text: string | null): string => (text !== null && Object.hasOwn(PROGRAMS, text) ? text : FIRST); // prettier-ignore

let folder = folderIn(address.get('page'));
let code = (await unpacked(address.get('code') ?? '')) || programOf(folder);
/** The page that runs; null where none does. */
let running: string | null = null;
let [copied, failure] = [false, ''];

/** A page's program with its settings, and what trains it. */
function programOf(name: string): string {
  const { settings, names, code: program } = PROGRAMS[name];
  const values = valuesOf(settings, address);
  const chosen = names.map((key) => `  ${key}: ${literal(values[key])},`).join('\n');
  return `import { best, setDevice } from 'gatefold';
${program}
setDevice(await best());
const settings = {
${chosen}
};
const network = build(settings);
for (let step = 0; step <= 200; step++) {
  const { x, y } = batch(settings, step);
  const { loss } = await network.trainOnBatch(x, y);
  if (step % 20 === 0) console.log(\`step \${step}: loss \${loss.toPrecision(3)}\`);
  // Lets the browser show it.
  await new Promise((resolve) => setTimeout(resolve));
}
`;
}

async function textOf(file: string): Promise<string> {
  const response = await fetch(new URL(file, location.href.split('#')[0]));
  if (!response.ok) throw new Error(`${file} could not be loaded: the server answered ${response.status}`); // prettier-ignore
  return response.text();
}

async function project(): Promise<string> {
  const { needs } = PROGRAMS[folder];
  const modules: Record<string, string> = {
    gatefold: await textOf(LIBRARY),
    // The file of the library has this entry, too.
    'gatefold/generate': "export { generate } from 'gatefold';",
  };
  if (needs) modules[`gallery/${folder}`] = await textOf(needs);
  return projectPage(code, modules);
}

/** So that the address opens what is in the text field. */
async function remember(): Promise<void> {
  const own = new URLSearchParams({ page: folder, code: await packed(code) });
  history.replaceState(null, '', `#${own.toString()}`);
}

async function attempt(action: () => Promise<void>): Promise<void> {
  failure = await failureOf(action);
  draw();
}

const run = async () => {
  // Even the same program begins anew.
  running = null;
  draw();
  await remember();
  running = await project();
};
const copyLink = async () => {
  await remember();
  await navigator.clipboard.writeText(location.href);
  copied = true;
};

function begin(name: string): void {
  for (const key of [...address.keys()]) address.delete(key);
  folder = name;
  code = programOf(name);
  running = null;
  history.replaceState(null, '', `#page=${name}`);
  draw();
}

function draw(): void {
  const { needs } = PROGRAMS[folder];
  const template = html`<header class="top"><a href="../">Gatefold gallery</a></header>
    <main class="empty">
      <h1>What would you train?</h1>
      <p class="lead">
        A program and nothing else. Press Run, change it, and take it along: everything is computed
        here.
      </p>
      ${select('The program of', TITLES, folder, begin)}
      <label class="field">
        <span>The program</span>
        <textarea
          rows="24"
          spellcheck="false"
          autocapitalize="off"
          wrap="off"
          .value=${code}
          @input=${(event: Event) => {
            code = (event.target as HTMLTextAreaElement).value;
            copied = false;
          }}
        ></textarea>
      </label>
      <div class="buttons">
        <button class="main" type="button" @click=${() => void attempt(run)}>Run</button>
        <button
          type="button"
          ?disabled=${running === null}
          @click=${() => {
            running = null;
            draw();
          }}
        >
          Stop
        </button>
        <button type="button" @click=${() => void attempt(copyLink)}>
          ${copied ? 'Copied' : 'Copy a link'}
        </button>
        <button
          type="button"
          @click=${() =>
            void attempt(async () =>
              download(`gatefold-${folder}.html`, await project(), 'text/html'),
            )}
        >
          Download as a file
        </button>
      </div>
      ${failure ? html`<p class="failure" role="alert">${failure}</p>` : ''}
      ${
        running === null
          ? html`<p class="prints quiet">What it prints comes here.</p>`
          : // Whatever a link brings runs apart from this page and its address.
            html`<iframe
              class="prints"
              title="What the program prints"
              sandbox="allow-scripts"
              srcdoc=${running}
            ></iframe>`
      }
      <p class="quiet">
        <code>gatefold</code> is the
        library${needs ? html`, <code>gallery/${folder}</code> what the page has made besides` : ''}.
        The file holds all of it, and opens without a server and without a network. With a package
        manager and a bundler, <code>npm install gatefold</code> gives the library to the same
        lines.
      </p>
    </main>`;
  render(template, document.body);
}

draw();
keepForOffline('empty/', '../', () => undefined);
