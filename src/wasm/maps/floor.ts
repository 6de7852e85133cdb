export function map(x: v128, alpha: f32, beta: f32): v128 {
  return f32x4.floor(x);
}
