// What the two folds share: the products of a thread.

// Products by column. Named and not an array: arrays with a running index live in memory, not in registers.
struct Eight {
  c0: Rows, c1: Rows, c2: Rows, c3: Rows, c4: Rows, c5: Rows, c6: Rows, c7: Rows,
}
struct Products {
  left: Eight, // of the first four rows
  right: Eight,
}

// The columns from the n-th on.
fn from_column(x: Eight, n: u32) -> Eight {
  var found = x;
  switch n {
    case 1u: { found = Eight(x.c1, x.c2, x.c3, x.c4, x.c5, x.c6, x.c7, x.c7); }
    case 2u: { found = Eight(x.c2, x.c3, x.c4, x.c5, x.c6, x.c7, x.c7, x.c7); }
    case 3u: { found = Eight(x.c3, x.c4, x.c5, x.c6, x.c7, x.c7, x.c7, x.c7); }
    default: { found = Eight(x.c4, x.c5, x.c6, x.c7, x.c7, x.c7, x.c7, x.c7); }
  }
  return found;
}
