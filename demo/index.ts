// The first page of the gallery: all others, as pictures.
import { html, render } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import './frame/style.css';
import { keepForOffline } from './frame/offline.ts';
import { PAGES } from './pages.ts';

render(
  PAGES.map(
    ({ folder, title, question, picture }) =>
      html`<li>
        <a class="card" href="${folder}/">
          ${unsafeHTML(`<svg viewBox="0 0 240 120" aria-hidden="true">${picture}</svg>`)}
          <strong>${title}</strong>
          <span>${question}</span>
        </a>
      </li>`,
  ),
  document.getElementById('cards')!,
);

keepForOffline('', './', () => undefined);
