/** How Python is called: what it runs, where its arguments begin. */
export interface PythonCall {
  /** The script as given; null for `-m`, `-c`, standard input. */
  script: string | null;
  module: string | null;
  /** Index of the program's first own argument in the words. */
  argumentsFrom: number;
  /** Options that change where modules come from: `-I`, `-E`, `-s`, `-S`, `-P`. */
  isolation: string[];
}

/** Reads the words after `python`. */
export function readPythonCall(words: string[]): PythonCall {
  const isolation = new Set<string>();
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') {
      index += 1;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    if (word.startsWith('--')) {
      if (word === '--check-hash-based-pycs') index += 1;
      continue;
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? '';
      const rest = word.slice(at + 1);
      const own = [...isolation];
      if (letter === 'c') {
        return {
          script: null,
          module: null,
          argumentsFrom: index + (rest ? 1 : 2),
          isolation: own,
        };
      }
      if (letter === 'm') {
        const module = rest || (words[index + 1] ?? null);
        return { script: null, module, argumentsFrom: index + (rest ? 1 : 2), isolation: own };
      }
      if ('IEsSP'.includes(letter)) isolation.add(`-${letter}`);
      if (letter === 'W' || letter === 'X') {
        if (!rest) index += 1;
        break;
      }
    }
  }
  const script = words[index];
  const named = script !== undefined && script !== '-';
  return {
    script: named ? script : null,
    module: null,
    argumentsFrom: Math.min(index + 1, words.length),
    isolation: [...isolation],
  };
}
