import type { Guess } from '../../examples/language/guess.ts';

/** Shows the guesses as bars, most probable first. */
export function showBars(list: HTMLElement, guesses: readonly Guess[]): void {
  list.replaceChildren(
    ...guesses.map(({ language, probability }) => {
      const percent = `${(probability * 100).toFixed(1)} %`;
      const row = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = language.name;
      const track = document.createElement('div');
      track.className = 'track';
      const bar = document.createElement('div');
      bar.className = 'bar';
      bar.style.width = percent.replace(' ', '');
      track.append(bar);
      const figure = document.createElement('span');
      figure.className = 'percent';
      figure.textContent = percent;
      row.append(name, track, figure);
      return row;
    }),
  );
}
