/** The words behind the options; `withValue` lists those options that take the next word. */
export function skipOptions(words: string[], withValue: readonly string[]): string[] {
  let index = 0;
  while (words[index]?.startsWith('-')) {
    const word = words[index++];
    if (word === '--') break;
    if (word !== undefined && withValue.includes(word)) index += 1;
  }
  return words.slice(index);
}

/** The value of the first of these options: `--name value` or `--name=value`. */
export function optionValue(words: string[], names: string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) return words[index + 1];
    const name = names.find((one) => one.startsWith('--') && word.startsWith(`${one}=`));
    if (name !== undefined) return word.slice(name.length + 1);
  }
  return undefined;
}

export function hasOption(words: string[], names: string[]): boolean {
  return words.some((word) => names.includes(word.split('=')[0] ?? ''));
}
