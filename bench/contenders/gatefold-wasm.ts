/** Gatefold on WebAssembly, in one thread. */
import { wasm } from '../../src/index.ts';
import type { Contender } from '../contender.ts';
import { contenderOn } from './ours.ts';

export const open = async (): Promise<Contender> => contenderOn(await wasm());
