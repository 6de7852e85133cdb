// Asks Dawn for an adapter, runs a tiny kernel on it, and prints the result as a line of JSON. It runs in a child process, because
// a driver may crash.
const print = (result) => {
  console.log(JSON.stringify(result));
  // Dawn would keep the process alive.
  process.exit(0);
};

try {
  const { create, globals } = await import('webgpu');
  // Kept in a global variable: Dawn crashes if the object that create() returned is garbage-collected.
  globalThis.gpu = create([]);
  const adapter = await globalThis.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) print({ error: 'no adapter' });
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const device = await adapter.requestDevice();
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = globals.GPUBufferUsage;
  const output = device.createBuffer({ size: 4, usage: STORAGE | COPY_SRC });
  const staging = device.createBuffer({ size: 4, usage: COPY_DST | MAP_READ });
  const module = device.createShaderModule({
    code: '@group(0) @binding(0) var<storage, read_write> y: f32; @compute @workgroup_size(1) fn main() { y = 42.0; }',
  });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: output } }],
    }),
  );
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(output, 0, staging, 0, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(globals.GPUMapMode.READ);
  const [value] = new Float32Array(staging.getMappedRange());
  if (value !== 42) print({ error: `the adapter ${description} computed ${value} instead of 42` });
  const software =
    isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i.test(
      `${architecture} ${description}`,
    );
  print({ adapter: `${vendor} ${architecture} (${description})`, software });
} catch (error) {
  print({ error: String(error?.message ?? error).split('\n')[0] });
}
