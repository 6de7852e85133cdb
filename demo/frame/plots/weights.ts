/** Weights and the gradients of the last step, side by side as matrices. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { Weight } from '../lesson.ts';
import { heat } from './heat.ts';
import type { Matrix } from './heat.ts';

/** One object for each array, so that a heat map sees when it is another one. */
const matrices = new WeakMap<Float32Array, Matrix>();
function matrixOf({ rows, columns }: Weight, data: Float32Array): Matrix {
  const known = matrices.get(data) ?? { rows, columns, data };
  matrices.set(data, known);
  return known;
}

function pair(weight: Weight): TemplateResult {
  const { name, shape, rows, columns, values, gradient } = weight;
  const size = shape.length > 1 ? shape.join(' × ') : `${columns} numbers`;
  const all = rows * columns === shape.reduce((product, extent) => product * extent, 1);
  const axes = { rowName: 'row', columnName: 'column' };
  return html`<div class="pair">
    ${heat(matrixOf(weight, values), { ...axes, title: `${name}, ${size}${all ? '' : `, the first ${rows} × ${columns}`}` })}
    ${
      gradient
        ? heat(matrixOf(weight, gradient), { ...axes, title: `gradient of ${name}` })
        : html`<p class="quiet">The gradient comes with the next step.</p>`
    }
  </div>`;
}

export const weightsPanel = (
  sides: readonly { readonly name: string; readonly weights: readonly Weight[] }[],
  watch: (open: boolean) => void,
): TemplateResult =>
  html`<section class="panel whole">
    <details
      data-weights
      @toggle=${(event: Event) => watch((event.target as HTMLDetailsElement).open)}
    >
      <summary><h2>Weights and their gradients</h2></summary>
      <p class="quiet">
        On the left what the network knows, on the right where the last step pushed it: against the
        gradient. Each picture has a scale of its own.
      </p>
      ${sides.map(
        ({ name, weights }) =>
          html`${sides.length > 1 ? html`<h3>${name}</h3>` : ''} ${weights.map(pair)}`,
      )}
    </details>
  </section>`;
