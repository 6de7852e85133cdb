// The set-up of a bare machine. Node built-ins only: it runs before node_modules is there.
export { ensureDependencies, root } from './dependencies.mjs';
export { ensureLavapipe, findLavapipe } from './lavapipe.mjs';
export { ensureChromium, ensureWebGPU } from './webgpu.mjs';
export { SetupError, say } from './terminal.mjs';
