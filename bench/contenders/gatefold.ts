/** Gatefold on WebGPU. */
import { webgpu } from '../../src/index.ts';
import type { Contender } from '../contender.ts';
import { contenderOn } from './ours.ts';

export const open = async (): Promise<Contender> => contenderOn(await webgpu());
