import type { VerbInput } from './verb.ts';

/** `runrecord lsp`: the language server, until its client is gone. */
export async function act({ deps }: VerbInput): Promise<number> {
  return deps.serve();
}
