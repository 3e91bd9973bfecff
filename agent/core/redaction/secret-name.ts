/** Why a name is taken to hold a secret; `named` comes from the user's own list. */
export type NameRule =
  | 'password'
  | 'secret'
  | 'token'
  | 'key'
  | 'credential'
  | 'auth'
  | 'entropy'
  | 'named';

const set = (words: string) => new Set(words.split(' '));

/** Last words that say that the value is about a secret, and is none. */
const aboutWords = set(
  'file files path paths dir directory folder name names id ids len length size count type types kind policy prompt hash hashes expiry expires ttl timeout env variable var enabled disabled required reset stdin store storage manager provider version field column index mode format scheme server host port method endpoint sock socket algorithm strategy ratio rate weight weights dim loss level limit budget per',
);
/** Words before `token` in language models. */
const modelWords = set(
  'pad padding eos bos unk unknown sep separator cls class mask masked special start end stop begin begin image img audio video text max min num n per next prev previous first last new each sub word byte char added additional vocab decoder encoder prompt dist distillation register query mem memory tool target tgt source src input output prefix suffix middle newline space blank latent global sos item patch label language lang speaker time point fim return',
);
const keyWords = set(
  'api access secret private encryption signing auth account storage service license ssh deploy master openai anthropic wandb hf huggingface gemini cohere mistral groq comet neptune azure aws google gcp client shared subscription admin app consumer',
);
const ownersOfPass = set(
  'db user smtp mysql postgres pg redis mongo ftp mail email login admin root ssh proxy',
);

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/**
 * Whether a key, variable or flag names a secret, told by its words: `db.password`,
 * `WANDB_API_KEY`, `--hf-token`. `max_tokens`, `pad_token`, `monkey`, `author` and `token_file` do not.
 */
export function judgeName(name: string): NameRule | null {
  if (name.length > 256) return null;
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || aboutWords.has(last)) return null;
  const before = words.at(-2) ?? '';
  if (words.some(isPasswordWord) || (last === 'pass' && ownersOfPass.has(before)))
    return 'password';
  if (last === 'secret' || last === 'secrets' || /^(?:client|app|api|user)secret$/.test(last)) {
    return 'secret';
  }
  if (/^credentials?$/.test(last)) return 'credential';
  if (isKey(words, last, before)) return 'key';
  if (isToken(words, last, before)) return 'token';
  return /^(?:auth|authorization|bearer|cookie)$/.test(last) || /^(?:basic|http)auth$/.test(last)
    ? 'auth'
    : null;
}

/** Before `key` and the like: what is stored under it is looked up, not kept secret. */
const openOwners = set(
  'cache sort public hash image object group primary foreign partition index lookup dict data state',
);

/**
 * Whether a name may be a secret's without saying so: `LAB_KEY`, `storage_key`, `db_cred`. Its value
 * has to look random to count.
 */
export function mayNameSecret(name: string): boolean {
  if (name.length > 256) return false;
  const words = wordsOf(name);
  const before = words.at(-2);
  const isWord = /^(?:keys?|creds?|pat|pass|pw|pin|sig|salt)$/.test(words.at(-1) ?? '');
  return isWord && before !== undefined && !openOwners.has(before);
}

function isPasswordWord(word: string): boolean {
  return (
    /(?:^|[a-z0-9])(?:password|passwd|passphrase|passcode)$/.test(word) ||
    word === 'pwd' ||
    word === 'sshpass'
  );
}

function isKey(words: string[], last: string, before: string): boolean {
  if (/^(?:api|access|private|secret|auth)keys?$/.test(last)) return true;
  if (last !== 'key' && last !== 'keys') return false;
  // `secret_access_key`, `api_key`; `sort_key`, `key` alone are no secrets.
  return keyWords.has(before) || (words.length > 2 && words.includes('secret'));
}

function isToken(words: string[], last: string, before: string): boolean {
  if (/^(?:auth|access|api|hf|gh|bearer|refresh|session|bot)token$/.test(last)) return true;
  if (last === 'tokens') return /^(?:api|access|auth|secret|refresh)$/.test(before);
  return last === 'token' && !words.slice(0, -1).some((word) => modelWords.has(word));
}

/** A test for names by globs (`*_PIN`), whatever the case. */
export function matchNames(globs: readonly string[]): (name: string) => boolean {
  const patterns = globs.map((glob) => {
    const source = glob
      .split(/\*+/)
      .map((part) => part.replace(/[\\^$+?.()|[\]{}]/g, '\\$&').replaceAll('\\?', '[^.]'))
      .join('.*');
    return new RegExp(`^${source}$`, 'i');
  });
  return (name) => {
    if (name.length > 256) return false;
    const last = name.split('.').at(-1) ?? name;
    return patterns.some((pattern) => pattern.test(name) || pattern.test(last));
  };
}
