/** What a recurrent layer of a model computes for a batch. */
import type { Layer } from '../layers/base.ts';
import type { Network } from '../layers/network.ts';
import { checkNames } from '../options.ts';
import { traceRun } from '../layers/trace.ts';
import type { BidirectionalTrace, Trace } from '../layers/trace.ts';
import type { BatchData } from './batch_data.ts';
import { prepareBatch } from './batch_sources.ts';
import { buildFor, inputSlots, prepareInputs } from './inputs.ts';
import type { DataSlots } from './slots.ts';
import { forward } from './step.ts';
import { withBatch } from './upload.ts';

/** What is asked of a model. */
export interface TracedModel extends Network {
  /** What it is trained with, if it is compiled, once it is built for `x`. @internal */
  partsFor<X extends BatchData>(what: string, x: X): Promise<[data: unknown, parts: DataSlots]>;
}

/**
 * What a recurrent layer of a model computes for one batch, step by step: its gates and states, by name, and with
 * targets the gradients of its states, of the loss that `fit` trains on (a mean over the batch). Without dropout.
 * Nothing changes.
 *
 * @param model that has the layer; compiled, where targets are given
 * @param layer a recurrent or a bidirectional layer of the model, or its name
 * @param x the inputs, as for `predictOnBatch`
 * @param options what else is given
 * @param options.y the targets, as for `fit`
 * @returns `Trace`; of a bidirectional layer `BidirectionalTrace`
 * @throws Error where the model does not run the layer, or runs it twice
 */
export async function traceModel<R extends Trace | BidirectionalTrace = Trace>(
  model: TracedModel,
  layer: string | Layer,
  x: BatchData,
  options: { y?: BatchData } = {},
): Promise<R> {
  checkNames('traceModel', options, ['y']);
  const { y } = options;
  const data = await buildFor('traceModel', model, x);
  const traced = typeof layer === 'string' ? model.getLayer(layer) : layer;
  const inputs = inputSlots(model);
  const outputs = y === undefined ? null : (await model.partsFor('traceModel', data))[1].outputs;
  const batch = outputs
    ? await prepareBatch({ inputs, outputs }, { x: data, y: y! }, null)
    : { x: await prepareInputs(inputs, data) };
  // All is recorded when `traceRun` returns its promise, so that the batch may be freed.
  return withBatch(model.device, batch, (onDevice) =>
    traceRun<R>(traced, outputs !== null, (context) => {
      if (outputs) return forward({ network: model, outputs }, onDevice, context).loss;
      model.forward(onDevice.x, context);
      return null;
    }),
  );
}
