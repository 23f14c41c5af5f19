// TypeScript 4.8, which Debian 12 ships, lacks AbortSignal.timeout, and its type of the AbortSignal
// constructor has no name that could be extended. The constructor has the members of Function, so
// the method is declared there, and its `this` type excludes all other functions. A later version's
// own declaration takes precedence.
interface Function {
    timeout(this: typeof AbortSignal, milliseconds: number): AbortSignal;
}
