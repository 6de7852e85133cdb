/**
 * What recurrent layers compute, step by step: their gates and states by name, and the gradients of their states. The entry `gatefold/trace`.
 *
 * @module
 */
export { traceLayer } from '../layers/trace.ts';
export type { BidirectionalTrace, Trace, TraceArray } from '../layers/trace.ts';
export type { TraceInput, TraceOptions } from '../layers/trace.ts';
export { traceModel } from '../model/trace.ts';
export type { TracedModel } from '../model/trace.ts';
