/** The reader of standard output has gone; nothing is wrong, and nothing more is to be said. */
export class ClosedPipe extends Error {}
