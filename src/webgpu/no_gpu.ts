/** Why there is no WebGPU, and what to do about it. Loaded where there is none. It imports nothing. */

export const inNode = (error: unknown): string =>
  `no WebGPU: Node has none of its own. Install the npm package 'webgpu' (npm install webgpu), pass ` +
  `webgpu({ gpu }), or use best(), which computes with WebAssembly then, or cpu(). (${String(error)})`;

export const ELSEWHERE =
  'no WebGPU: this browser or runtime has no navigator.gpu. Use a browser with WebGPU on a secure page (https or ' +
  'localhost), a newer Deno, or ask for best(), which computes with WebAssembly then, or for the slower cpu() device';

export const WITHOUT_ADAPTER =
  'no WebGPU adapter: there is no GPU driver that WebGPU accepts. Update the driver, allow a software adapter ' +
  '(Chromium: --use-webgpu-adapter=swiftshader; Node: VK_ICD_FILENAMES), or ask for best(), which computes with ' +
  'WebAssembly then, or for the slower cpu() device';
