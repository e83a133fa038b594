declare module 'lookml-parser' {
  /** Parses one file. Throws a syntax error with a location. */
  export function parse(text: string): unknown;
}
