// Four rows of the batch at once: what a cell's equations are written in.
#import lib/activations

alias Rows = vec4<f32>;
