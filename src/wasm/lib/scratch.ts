/** Memory for what a kernel keeps while it runs: at least so many bytes, from an address that is a multiple of 16. Only one at a time. */
// @ts-ignore: decorator
@external('env', 'scratch')
export declare function scratch(bytes: usize): usize;
