// Parameters of the strided copy; the one that transposes blocks has two more.

struct Params {
  // Places to copy: the product of the extents.
  size: u32,
  // Axes in use, 1 to 6; axis 0 runs fastest.
  rank: u32,
  extent0: u32,
  extent1: u32,
  extent2: u32,
  extent3: u32,
  extent4: u32,
  extent5: u32,
  // Elements from one place to the next along an axis, in the source and in the target.
  from0: i32,
  from1: i32,
  from2: i32,
  from3: i32,
  from4: i32,
  from5: i32,
  to0: i32,
  to1: i32,
  to2: i32,
  to3: i32,
  to4: i32,
  to5: i32,
  fromOffset: u32,
  toOffset: u32,
}
