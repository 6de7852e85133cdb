/** What a page says of itself, and what it is given. */
import type { TemplateResult } from 'lit-html';
import type { Place } from './plots/inside.ts';
import type { Settings, Values } from './settings.ts';

/** What a page's `draw` is given. */
export interface Shown<View> {
  readonly name: string;
  readonly step: number;
  readonly view: View;
}
export interface PageTools {
  readonly values: Values;
  readonly place: Place;
  setPlace(place: Place): void;
  /** What the page asked for last; from an address it may be anything that JSON can hold. */
  readonly question: unknown;
  /** Sends the page's question to the lesson, which answers in its next view. */
  ask(question: unknown): void;
  change(name: string, value: Values[string]): void;
  /** Several settings at once. */
  changeAll(news: Values): void;
  /** Hands the lesson what stands in no address, such as sound; where `again`, training begins anew. */
  bring(data: unknown, again?: boolean): void;
  /** Draws the page, where something of its own has changed. */
  redraw(): void;
}
export interface PageOptions<View> {
  /** Its folder in demo/: title and question stand in pages.ts. */
  readonly folder: string;
  /** What to do at once, in a sentence. */
  readonly first: string;
  readonly notice: readonly string[];
  readonly tryThis: readonly string[];
  readonly settings: Settings;
  /** The text of the page's program. */
  readonly code: string;
  readonly worker: Worker;
  /** The held-out figures have a name of their own, such as 'new sentences'. */
  readonly heldOutName?: string;
  /** The setting by which two networks that are trained side by side differ; 'cell' by default. A choice, or there is only one. */
  readonly compareBy?: string;
  /** The value of that setting beside the other one, and a question that is asked, where the address says nothing else. */
  readonly compared?: string;
  readonly question?: unknown;
  /** What the code panel says of what the program imports besides the library. */
  readonly codeNote?: string;
  /** Whether question and buttons stand beside the picture, where there is room: for a picture that is high. */
  readonly beside?: boolean;
  /** Is told every view, those included that are never drawn, since another one comes first. */
  see?(shown: readonly Shown<View>[]): void;
  /** Of a page that runs several trainings by itself: the settings of the next one; 'pause' after the last one; null while this one goes on. */
  next?(shown: readonly Shown<View>[], values: Values): Values | 'pause' | null;
  /** The picture that the page begins with. */
  draw(shown: readonly Shown<View>[], tools: PageTools): TemplateResult;
  /** What can be seen inside, further down: mostly an `InsideView` for each. */
  inside?(shown: readonly Shown<View>[], tools: PageTools): TemplateResult;
}
