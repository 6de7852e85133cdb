/** The metrics that a name stands for, in a file of their own as the losses are. */
export * from './accuracy.ts';
export * from './counts.ts';
export * from './losses.ts';
export * from './tokens.ts';
