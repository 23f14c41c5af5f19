// TypeScript 4.8, which Debian 12 ships, does not know AbortSignal.timeout; its type of AbortSignal
// has no name to add to. But whatever can be called has the members of Function, and `this` keeps
// all else from this one. A later version's own declaration goes first.
interface Function {
    timeout(this: typeof AbortSignal, milliseconds: number): AbortSignal;
}
