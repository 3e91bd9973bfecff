import type { ConfigNode } from './node.ts';
import { isInputKey, looksLikePath } from './path-value.ts';

/** Words that a key ends with where its value is a place, and not what kind of one. */
const placeWord =
  /(?:^|[^a-z])(?:paths?|dirs?|director(?:y|ies)|files?|filenames?|filepaths?|roots?|folders?|ckpts?|checkpoints?|csv|data|datasets?|manifest|vocab|weights|pretrained|corpus)$/;
const dataEnding =
  /\.(?:csv|tsv|jsonl?|ndjson|txt|parquet|feather|arrow|npy|npz|h5|hdf5|zarr|pkl|pickle|mat|nii|tif|tiff|png|jpe?g|wav|flac|mp[34]|fa|fasta|fastq|bed|vcf|bam|db|sqlite3?|xlsx?|lmdb|tfrecords?|tar|zip|gz|bz2|xz|zst)$/i;
const configEnding = /\.(?:ya?ml|toml|ini|cfg|conf|xml|model|vocab|bpe|spm|py)$/i;
const weightsEnding = /\.(?:pth?|ckpt|bin|safetensors|onnx|gguf|h5|keras|pb|tflite|joblib)$/i;
/** Beside a path these say that the program gets what is not there. */
const getsItself = /^(?:(?:auto_?)?download(?:_?url)?|urls?|repo(?:_id)?|hub|remote|md5)$/i;

/**
 * Whether a value can only mean something that has to be there before the start. Names of a model
 * hub (`org/model`), folders that programs make or fill, and weights that a library brings are no
 * reason to warn.
 */
export function mustBeThere(
  segments: readonly string[],
  text: string,
  siblings: ReadonlyMap<string, ConfigNode> | null,
  exists: (path: string) => boolean,
): boolean {
  const key = (segments.at(-1) ?? '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  if (!isInputKey(segments) || !placeWord.test(key) || !looksLikePath(text)) return false;
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return false;
  for (const [name, node] of siblings ?? []) {
    const isOff = node.kind === 'scalar' && (node.value === false || node.value === null);
    if (getsItself.test(name) && !isOff) return false;
  }
  const isData = dataEnding.test(text);
  if (!/[/\\]/.test(text)) return isData || isOwnFile(text, key);
  if (isData || configEnding.test(text) || weightsEnding.test(text)) return true;
  if (/^[/\\~]/.test(text)) return true;
  // A folder: the program makes `./data` where it needs it, and `org/name` is on a hub.
  const parts = text.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (parts.length < 2) return false;
  return parts.length > 2 || parts[0] === '..' || exists(parts[0] ?? '');
}

/** A name alone: `yolov8n.pt` and `coco128.yaml` come with a library, `last.ckpt` does not. */
function isOwnFile(text: string, key: string): boolean {
  if (weightsEnding.test(text)) return /ckpt|checkpoint|resume|restore/.test(key);
  return configEnding.test(text) && !/data|dataset/.test(key);
}
