// `npm run docs`: writes the references that are made from the code. A test of the house tier
// makes them again and compares.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandReference } from './references/commands.ts';
import { schemaFiles } from './references/schemas.ts';
import { viewReference } from './references/views.ts';

/** Every generated file by its name in docs/. */
export function references(): Map<string, string> {
  return new Map([
    ...schemaFiles(),
    ['commands.md', commandReference()],
    ['schema.md', viewReference()],
  ]);
}

if (import.meta.main) {
  const folder = dirname(fileURLToPath(import.meta.url));
  for (const [name, content] of references()) writeFileSync(join(folder, name), content);
}
