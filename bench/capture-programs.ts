import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareRepository } from './repository.ts';

/** A program whose time is spent computing: calls, loops and small objects. */
const busy = `import sys
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
total = 0
for index in range(int(sys.argv[1])):
    total += fibonacci(15) + len([value * value for value in range(200)])
print(total)
`;

/** One whose time is spent opening files. */
const reader = `import os
total = 0
for entry in os.scandir("data/many"):
    with open(entry.path, "rb") as file:
        total += len(file.read())
print(total)
`;

export const manyFiles = 20_000;

/** A small repository with both programs, and the files that the second one reads. */
export function preparePrograms(folder: string): string {
  const root = prepareRepository(folder, 100);
  writeFileSync(join(root, 'busy.py'), busy);
  writeFileSync(join(root, 'reader.py'), reader);
  writeFileSync(join(root, 'pass.py'), 'pass\n');
  fillFolder(join(root, 'data/many'), manyFiles, () => 64);
  writeFileSync(join(root, '.gitignore'), 'out/\ndata/many/\n');
  return root;
}

/** `count` files of other sizes and contents in folders of 1,000, made once. */
export function fillFolder(folder: string, count: number, size: (index: number) => number): void {
  const whole = `${folder}.complete-${count}`;
  if (existsSync(whole)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const flat = count <= manyFiles;
  for (let index = 0; index < count; index += 1) {
    const place = flat ? folder : join(folder, String(Math.floor(index / 1000)));
    if (!flat && index % 1000 === 0) mkdirSync(place);
    const text = `${index} `.repeat(Math.ceil(size(index) / `${index} `.length));
    writeFileSync(join(place, `${index}.bin`), text);
  }
  writeFileSync(whole, '');
}
