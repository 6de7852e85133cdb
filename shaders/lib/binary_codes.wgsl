// The codes of src/op-codes.ts for functions of two numbers.
const ADD = 0u;
const SUB = 1u;
const MUL = 2u;
const DIV = 3u;
const MAXIMUM = 4u;
const MINIMUM = 5u;
const POW = 6u;
const EXP_DIFFERENCE = 7u; // e^(a - b), 1 where a and b are one infinity
const EQUAL = 8u;
const NOT_EQUAL = 9u;
const GREATER = 10u;
const GREATER_EQUAL = 11u;
const LESS = 12u;
const LESS_EQUAL = 13u;
