/** The package has no types of its own; what is used of it is `CsvParser`. */
declare module 'papaparse' {
  const parser: unknown;
  export default parser;
}
