import * as ort from 'onnxruntime-web/webgpu';
import { openOrt } from './ort.js';

export const open = () => openOrt(ort, 'webgpu');
