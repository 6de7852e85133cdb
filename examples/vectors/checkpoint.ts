// The checkpoint of a training in a single file, so that its parts always belong together.
import { decodeSafetensors, encodeSafetensors } from '../../src/index.ts';
import type { TrainingProgress, VectorsCheckpoint } from '../../src/vectors/index.ts';
import type { Store } from '../store.ts';

const FILE = 'checkpoint.safetensors';

export interface Saved {
  readonly checkpoint: VectorsCheckpoint;
  /** What was reported until then. */
  readonly progress: readonly TrainingProgress[];
}

export function writeCheckpoint(store: Store, { checkpoint, progress }: Saved): Promise<void> {
  const { epoch, settings, input, output } = checkpoint;
  const tensors = new Map(
    Object.entries({ input, output }).map(([name, data]) => [name, { data, shape: [data.length] }]),
  );
  const state = JSON.stringify({ epoch, settings, progress });
  return store.write(FILE, encodeSafetensors(tensors, { state }));
}

export async function readCheckpoint(store: Store): Promise<Saved | null> {
  const file = await store.read(FILE);
  if (!file) return null;
  const { tensors, metadata } = decodeSafetensors(file);
  const { epoch, settings, progress } = JSON.parse(metadata.state) as Pick<
    VectorsCheckpoint,
    'epoch' | 'settings'
  > &
    Pick<Saved, 'progress'>;
  const [input, output] = ['input', 'output'].map((name) => tensors.get(name)!.data);
  return { checkpoint: { epoch, settings, input, output }, progress };
}
