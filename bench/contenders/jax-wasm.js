import { openJax } from './jax.js';

export const open = () => openJax('wasm');
