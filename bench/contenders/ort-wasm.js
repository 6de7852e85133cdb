import * as ort from 'onnxruntime-web/wasm';
import { openOrt } from './ort.js';

export const open = () => openOrt(ort, 'wasm');
