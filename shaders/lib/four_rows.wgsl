// Four rows of the batch at once: what a cell's equations are written in.
#import lib/activations

alias Rows = vec4<f32>;

fn activate_rows(kind: u32, x: Rows) -> Rows {
  return Rows(activate(kind, x.x), activate(kind, x.y), activate(kind, x.z), activate(kind, x.w));
}

// The derivative from the activated value.
fn activate_gradient_rows(kind: u32, y: Rows) -> Rows {
  return Rows(
    activate_gradient(kind, y.x),
    activate_gradient(kind, y.y),
    activate_gradient(kind, y.z),
    activate_gradient(kind, y.w),
  );
}
