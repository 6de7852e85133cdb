/** A strip of time steps that the reader marks, and what is said of the unit that follows the mark best. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { Follower } from './follower.ts';
import { labelsClass } from './heat.ts';

export interface MarkOptions {
  readonly time: number;
  /** The step that the reader looks at. */
  readonly at: number;
  readonly marked: readonly number[];
  readonly labels?: readonly string[];
  readonly best: Follower | null;
  mark(marked: readonly number[]): void;
  follow(unit: number): void;
}

const toggled = (marked: readonly number[], step: number): number[] =>
  marked.includes(step) ? marked.filter((one) => one !== step) : [...marked, step];

/** Where a drag began: whether it marks or unmarks. */
let marking: boolean | null = null;

export function marks(options: MarkOptions): TemplateResult {
  const { time, at, marked, labels, best, mark, follow } = options;
  const set = (step: number) => {
    if (marking !== null && marked.includes(step) !== marking) mark(toggled(marked, step));
  };
  const stepAt = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const step = Math.floor(((event.clientX - box.left) / box.width) * time);
    return Math.min(time - 1, Math.max(0, step));
  };
  const strip = html`<div
    class="strip ${labels ? labelsClass(labels) : ''}"
    aria-hidden="true"
    @pointerdown=${(event: PointerEvent) => {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      marking = !marked.includes(stepAt(event));
      set(stepAt(event));
    }}
    @pointermove=${(event: PointerEvent) => set(stepAt(event))}
    @pointerup=${() => (marking = null)}
    @pointercancel=${() => (marking = null)}
  >
    ${Array.from(
      { length: time },
      (_, step) =>
        html`<span class=${`${marked.includes(step) ? 'marked' : ''} ${step === at ? 'at' : ''}`}
          >${labels?.[step] ?? ''}</span
        >`,
    )}
  </div>`;
  return html`<div class="marks">
    <p class="quiet">Mark steps on the strip, and the unit that follows your mark best is found.</p>
    ${strip}
    <div class="buttons">
      <button type="button" @click=${() => mark(toggled(marked, at))}>
        ${marked.includes(at) ? 'Unmark' : 'Mark'} step ${at + 1}
      </button>
      <button type="button" ?disabled=${marked.length === 0} @click=${() => mark([])}>
        Remove the mark
      </button>
      ${
        best
          ? html`<button type="button" @click=${() => follow(best.unit)}>
              Follow unit ${best.unit + 1}
            </button>`
          : ''
      }
    </div>
    <p data-follower>
      ${
        best
          ? `Unit ${best.unit + 1} follows it best: the correlation of its ${best.name} with your mark is ${best.correlation.toFixed(2)}.`
          : marked.length === 0
            ? 'Nothing is marked.'
            : 'No unit differs between what is marked and what is not.'
      }
    </p>
  </div>`;
}
