import { html, svg } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import type { PageTools } from '../frame/frame.ts';
import { diverging, isDark } from '../frame/plots/colours.ts';
import type { View } from './lesson.ts';
import { drawingOf, offsetsOf, placesOf, resampled } from './pen.ts';
import type { Point } from './pen.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';
import './style.css';

/** Of the paper; digits stand between two lines, 100 apart. */
const [HEIGHT, TOP, LEFT] = [150, 25, 30];
/** On a small screen there is room for two digits that one can draw. */
const widthNow = () => (window.innerWidth < 700 ? 320 : 600);

/** Where the reader began to draw; null for a drawing that the page brought. */
let start: Point | null = null;
let stroke: Point[] = [];

/** The corner of a drawing is put into that of the paper, unless the reader drew it. */
function originOf(begun: readonly number[]): Point {
  if (start) return start;
  const places = placesOf(begun, [0, 0]);
  return [LEFT - Math.min(...places.map(([x]) => x)), TOP - Math.min(...places.map(([, y]) => y))];
}

const write = ({ change }: PageTools, drawing: readonly number[]) => change('drawing', drawing.join(' ')); // prettier-ignore

/** The pen of the reader: what it draws is added to what stands in the address. */
function pen(tools: PageTools) {
  const line = (event: Event) =>
    (event.currentTarget as SVGSVGElement).querySelector<SVGPolylineElement>('.stroke')!;
  const add = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    stroke.push([
      ((event.clientX - box.left) / box.width) * widthNow(),
      ((event.clientY - box.top) / box.height) * HEIGHT,
    ]);
    line(event).setAttribute('points', stroke.map((point) => point.join(',')).join(' '));
  };
  return {
    down(event: PointerEvent) {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      stroke = [];
      add(event);
    },
    move(event: PointerEvent) {
      if (stroke.length > 0) add(event);
    },
    up(event: PointerEvent) {
      if (stroke.length < 2) return;
      line(event).setAttribute('points', '');
      const own = start ? drawingOf(tools.values.drawing as string) : [];
      const points = resampled(stroke);
      stroke = [];
      if (own.length === 0) {
        start = points[0];
        write(tools, offsetsOf([points]));
        return;
      }
      const last = placesOf(own, start!).at(-1)!;
      // From where the pen was lifted to where it comes down.
      const [, , , ...added] = offsetsOf([[last], points]);
      write(tools, [...own, ...added]);
    },
  };
}

function paper({ drawing, begun, states, units }: View, tools: PageTools) {
  const unit = Math.min(tools.place.unit, units - 1);
  const places = placesOf(drawing, originOf(drawing.slice(0, 3 * begun)));
  const { down, move, up } = pen(tools);
  const width = widthNow();
  const colourOf = diverging(isDark());
  const lines = places.slice(1).flatMap(([x, y], i) => {
    if (drawing[3 * i + 2] === 1) return [];
    const [fromX, fromY] = places[i];
    const colour = `rgb(${colourOf(states[(i + 1) * units + unit]).join(' ')})`;
    return [{ ends: [fromX, fromY, x, y], colour, name: i + 1 < begun ? 'yours' : 'own' }];
  });
  const drawn = (inked: boolean) =>
    lines.map(
      ({ ends: [x1, y1, x2, y2], colour, name }) =>
        svg`<line x1=${x1} y1=${y1} x2=${x2} y2=${y2} class=${inked ? 'inked' : name} stroke=${inked ? colour : ''} />`,
    );
  return html`<svg
    class="paper"
    viewBox="0 0 ${width} ${HEIGHT}"
    role="img"
    aria-label="A drawing of ${places.length} points: ${begun} are given, ${places.length - begun} the network’s"
    @pointerdown=${down}
    @pointermove=${move}
    @pointerup=${up}
  >
    <line x1="0" x2=${width} y1=${TOP} y2=${TOP} class="guide" />
    <line x1="0" x2=${width} y1=${TOP + 100} y2=${TOP + 100} class="guide" />
    ${drawn(false)} ${drawn(true)}
    <polyline class="stroke" points="" />
  </svg>`;
}

const small = (drawing: readonly number[]) => {
  const places = placesOf(drawing, [0, 0]);
  const [left, top] = [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))];
  const strokes: string[] = [''];
  places.forEach(([x, y], i) => {
    strokes[strokes.length - 1] +=
      `${strokes.at(-1) === '' ? 'M' : 'L'}${x - left + 12} ${y - top + 12}`;
    if (drawing[3 * i + 2] === 1) strokes.push('');
  });
  return html`<svg viewBox="0 0 110 130" aria-hidden="true"><path d=${strokes.join('')} /></svg>`;
};

const beginnings = ({ beginnings: all }: View, tools: PageTools) =>
  html`<div class="buttons beginnings" role="group" aria-label="What it begins with">
    ${all.map(
      (drawing, i) =>
        html`<button
          type="button"
          aria-label="Begin with digit ${i + 1}"
          aria-pressed=${start === null && tools.values.drawing === drawing.join(' ')}
          @click=${() => {
            start = null;
            write(tools, drawing);
          }}
        >
          ${small(drawing)}
        </button>`,
    )}
    <button
      type="button"
      @click=${() => {
        start = null;
        write(tools, []);
      }}
    >
      Clear
    </button>
  </div>`;

const numbers = ({ drawing, begun, states, units }: View, unit: number) =>
  html`<details class="numbers">
    <summary>The points in numbers</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="The points, a table">
      <table>
        <caption>
          By how much each lies from the one before, and unit ${unit + 1}
        </caption>
        <tbody>
          ${Array.from(
            { length: drawing.length / 3 },
            (_, i) =>
              html`<tr>
                <th scope="row">${i < begun ? 'given' : 'written'} ${i + 1}</th>
                ${[0, 1].map((k) => html`<td>${drawing[3 * i + k].toFixed(0)}</td>`)}
                <td>${drawing[3 * i + 2] === 1 ? 'lifted' : ''}</td>
                <td>${states[i * units + unit].toFixed(2)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;

startPage<View>({
  settings,
  folder: 'handwriting',
  first:
    'Draw a digit between the lines, then press Train: what comes after it is the network’s. Scribble turns into strokes, and strokes into digits, within a minute or two.',
  heldOutName: 'new drawings',
  notice: [
    'It never sees a picture, only by how much the pen moves from point to point, and whether it is lifted.',
    'At each point it says where the pen may go as a mixture of ten Gaussians: at a fork it can mean both ways, and none between.',
    'The colour is one unit: some follow the direction of the pen, some wait for it to be lifted.',
  ],
  tryThis: [
    'Turn the neatness to 0, then to 4.',
    'Draw large, small or slanted. Does it go on in your hand?',
    'Begin with something that is no digit. What does it make of it?',
  ],
  code,
  codeNote: 'They need gatefold and drawings as lists of numbers.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, tools) =>
    html`<div class="sides">
        ${shown.map(({ name, view, step }) => {
          const unit = Math.min(tools.place.unit, view.units - 1);
          return html`<div>
            <h3>${name} goes on, after ${step} steps</h3>
            ${paper(view, tools)}
            <label class="field">
              <span>Colour: unit <output>${unit + 1} of ${view.units}</output></span>
              <input
                type="range"
                data-scrub
                min="1"
                max=${view.units}
                .value=${String(unit + 1)}
                @input=${(event: Event) =>
                  tools.setPlace({
                    ...tools.place,
                    unit: Number((event.target as HTMLInputElement).value) - 1,
                  })}
              />
            </label>
            ${numbers(view, unit)}
          </div>`;
        })}
      </div>
      ${shown[0] ? beginnings(shown[0].view, tools) : ''}`,
});
