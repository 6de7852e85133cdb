/** What a page teaches: a program that trains, and what the page shows of it. It runs in a worker. */
import type { Device, Model, SavedModel } from 'gatefold';
import type { Start } from './address.ts';
import type { Settings, Values } from './settings.ts';

/** One batch, as `trainOnBatch` takes it. */
export interface Batch {
  readonly x: any;
  readonly y: any;
}

/** What a page's `program.ts` exports: the lines that the page shows are those that run. */
export interface Program<S = any> {
  build(settings: S): Model;
  batch(settings: S, step: number): Batch;
}

/** The figures of held-out data, of a step or of an epoch. */
export interface Figures {
  readonly loss?: number;
  readonly accuracy?: number;
}

export interface Lesson<View = unknown> {
  readonly settings: Settings;
  readonly program: Program;
  /**
   * Waits for data that does not come with the page; called once, before the first network is built.
   *
   * @param read gives the text of a file that `demo/data.mjs` names
   */
  load?(read: (name: string) => Promise<string>): Promise<void>;
  /** Takes what the reader brings, such as sound. */
  bring?(data: unknown): void;
  /** Tokens or time steps in a batch. */
  tokens(values: Values): number;
  /** On data that is never trained on. */
  heldOut?(model: Model, values: Values): Promise<Figures>;
  /** What the page draws: plain numbers, strings and typed arrays. `question` is what the page asked for last, or null. */
  view(model: Model, values: Values, step: number, question: unknown): Promise<View>;
}

/** One of the trainings that a page runs side by side. */
export interface Side {
  readonly name: string;
  readonly values: Values;
}

export type DeviceChoice = 'best' | 'webgpu' | 'wasm';

/** From the page to the worker. */
export type Request =
  | {
      readonly type: 'begin';
      readonly sides: readonly Side[];
      readonly device: DeviceChoice;
      readonly start: Start | null;
    }
  /** Of what is shown alone. */
  | { readonly type: 'change'; readonly sides: readonly Side[] }
  | { readonly type: 'bring'; readonly data: unknown }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step'; readonly count: number }
  | { readonly type: 'ask'; readonly question: unknown }
  /** Whether the reader looks at weights. */
  | { readonly type: 'watch'; readonly weights: boolean }
  | { readonly type: 'weights'; readonly id: number }
  | { readonly type: 'save'; readonly id: number; readonly side: number }
  | {
      readonly type: 'load';
      readonly id: number;
      readonly side: number;
      readonly weights: Uint8Array;
    };

/** A weight and the gradient that the last step used, as matrices; the first rows and columns of a large one. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** Null where the loss does not depend on it. */
  readonly gradient: Float32Array | null;
}

/** What one side has reached. */
export interface Progress {
  readonly step: number;
  readonly parameters: number;
  /** Since the last message: the step, counted from 1, and its figures. */
  readonly points: readonly (readonly [step: number, figures: Figures])[];
  readonly heldOut: (Figures & { readonly step: number }) | null;
}

/** From the worker to the page. */
export type Message =
  | { readonly type: 'device'; readonly kind: Device['kind']; readonly description: string }
  | {
      readonly type: 'progress';
      readonly playing: boolean;
      readonly sides: readonly Progress[];
      readonly stepsPerSecond: number;
      readonly tokensPerSecond: number;
    }
  | {
      readonly type: 'views';
      readonly steps: readonly number[];
      readonly views: readonly unknown[];
      /** Of each training, where the reader looks at them. */
      readonly weights: readonly (readonly Weight[])[] | null;
    }
  | { readonly type: 'weights'; readonly id: number; readonly start: Start | null }
  | { readonly type: 'saved'; readonly id: number; readonly files: SavedModel }
  | { readonly type: 'loaded'; readonly id: number }
  | { readonly type: 'failed'; readonly message: string; readonly id?: number };
