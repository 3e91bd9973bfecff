/** Words of keys that name something the program writes. */
const outputWords = new Set(
  'out output outputs save saved saving log logs logging result results run runs cache tmp temp dump export write destination dest target artifact artifacts report figures plots tensorboard wandb mlflow work working workdir'.split(
    ' ',
  ),
);
const inputWords = new Set(
  'path paths dir directory file files root folder ckpt checkpoint csv data dataset datasets manifest vocab weights pretrained corpus'.split(
    ' ',
  ),
);

function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** Whether a key path names something that the program writes. */
export function isOutputKey(segments: readonly string[]): boolean {
  const words = segments.flatMap(wordsOf);
  const last = wordsOf(segments.at(-1) ?? '');
  if (words.some((word) => outputWords.has(word))) return true;
  return (
    last.some((word) => /^(?:ckpt|checkpoint|checkpoints)$/.test(word)) && last.includes('dir')
  );
}

/** Whether a key names something that the program reads. */
export function isInputKey(segments: readonly string[]): boolean {
  const words = wordsOf(segments.at(-1) ?? '');
  // `input.*` is only input when the leaf says that it is a place.
  return !isOutputKey(segments) && words.some((word) => inputWords.has(word));
}

/** `s3://bucket/x`, `https://host/x`, `file:///x`. */
export function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/]/i.test(text) || /^file:\/\/\//i.test(text);
}

/** Whether a text has the form of a path: a separator or an ending, and nothing that prose has. */
export function looksLikePath(text: string): boolean {
  if (text.length < 2 || text.length > 1024 || /[\n\r\t<>|"*?{}$]/.test(text)) return false;
  if (
    isUri(text) ||
    /^\.+$/.test(text) ||
    /^[\d.eE+-]+$/.test(text) ||
    (/^\//.test(text) === false && /\s\w+\s/.test(text))
  )
    return false;
  return /[/\\]/.test(text) || /^[\w-][\w .-]*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(text);
}
