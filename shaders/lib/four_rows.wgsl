// Four rows of the batch at once, one unit of each: what a cell's equations are written in.
#import lib/activations

alias Rows = vec4<f32>;

// By gate, by saved block and by state. A cell uses as many as it declares, four, four and two at most. The sizes are fixed
// and the indices literal, so that compilers keep them in registers.
alias GateRows = array<Rows, 4>;
alias SaveRows = array<Rows, 4>;
alias StateRows = array<Rows, 2>;
