import { sigmoid, softplus as map } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const softplus: MapTwin = { map, gradient: sigmoid };
