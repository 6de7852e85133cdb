import { DeviceError } from '../backend.ts';

/** What an operation threw, with the layer's name in front. A lost device is no layer's fault. */
export function named(layer: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DeviceError) return error;
  if (error.message.startsWith(layer)) return error;
  const message = `${layer}: ${error.message}`;
  // A class of the user's may take other arguments.
  return error.constructor === Error
    ? new Error(message, { cause: error })
    : Object.assign(error, { message });
}
