/** The inputs of a page's settings. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { shown } from './settings.ts';
import type { NumberSetting, Setting, Settings, Value, Values } from './settings.ts';

/** A slider counts in steps, so that a logarithmic setting is one too. */
const toSlider = ({ value: _, ...setting }: NumberSetting, value: number): number =>
  setting.logarithmic
    ? Math.round(Math.log(value / setting.min) / Math.log(setting.step))
    : Math.round((value - setting.min) / setting.step);

function fromSlider({ min, max, step, logarithmic }: NumberSetting, count: number): number {
  const value = logarithmic ? min * step ** count : min + step * count;
  return Math.min(max, Number(value.toPrecision(6)));
}

/** A choice of some names, by what the reader sees. */
export const select = (
  label: string,
  choices: Readonly<Record<string, string>>,
  value: string,
  change: (value: string) => void,
  help: TemplateResult | string = '',
): TemplateResult =>
  html`<label class="field">
    <span>${label}</span>
    <select @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
      ${Object.entries(choices).map(
        ([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`,
      )}
    </select>
    ${help}
  </label>`;

function control(name: string, setting: Setting, value: Value, change: (value: Value) => void) {
  const help = setting.help ? html`<small id="${name}-help">${setting.help}</small>` : '';
  const described = setting.help ? `${name}-help` : undefined;
  switch (setting.kind) {
    case 'choice':
      return select(setting.label, setting.choices, value as string, change, help);
    case 'flag':
      return html`<label class="field flag">
        <input
          type="checkbox"
          .checked=${value}
          @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
        />
        <span>${setting.label}</span>${help}
      </label>`;
    case 'text':
      return html`<label class="field wide">
        <span>${setting.label}</span>
        <textarea
          rows="3"
          maxlength=${setting.longest}
          spellcheck="false"
          .value=${value}
          @change=${(event: Event) => change((event.target as HTMLTextAreaElement).value)}
        ></textarea>
        ${help}
      </label>`;
    case 'number':
      return html`<label class="field">
        <span>${setting.label} <output>${shown(value as number)}</output></span>
        <input
          type="range"
          min="0"
          max=${toSlider(setting, setting.max)}
          .value=${String(toSlider(setting, value as number))}
          aria-valuetext=${shown(value as number)}
          aria-describedby=${described ?? ''}
          @change=${(event: Event) =>
            change(fromSlider(setting, Number((event.target as HTMLInputElement).value)))}
          @input=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            const text = shown(fromSlider(setting, Number(input.value)));
            input.parentElement!.querySelector('output')!.textContent = text;
          }}
        />
        ${help}
      </label>`;
  }
}

export const controls = (
  settings: Settings,
  values: Values,
  change: (name: string, value: Value) => void,
): TemplateResult =>
  html`<div class="fields">
    ${Object.entries(settings)
      .filter(([, { elsewhere }]) => !elsewhere)
      .map(([name, setting]) =>
        control(name, setting, values[name], (value) => change(name, value)),
      )}
  </div>`;
