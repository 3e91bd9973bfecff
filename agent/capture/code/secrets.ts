import { closeSync, openSync, readSync } from 'node:fs';
import { mixed } from '../../core/redaction/assigned-forms.ts';
import { compiledRules, mayHoldSecret } from '../../core/redaction/compiled-rules.ts';
import { type BytePath, onDisk } from '../byte-path.ts';

/**
 * Untracked files that hold credentials are not kept. Names that hold nothing else go by the name,
 * the rest by forms that are never anything else: code must not be lost for a `password =` in it.
 * Small configuration files go by what is assigned in them too; their field keeps them redacted.
 */

const secretNames = [
  /^\.env$/,
  /^\.env\.(?!.*(example|sample|template|dist|defaults?)$)/i,
  /^(?!example|sample|template).+\.env$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /^[._]netrc$/,
  /^\.(pypirc|git-credentials|pgpass|htpasswd|dockercfg|vault-token)$/,
  /\.(p12|pfx|jks|keystore|ppk)$/i,
  /^kaggle\.json$/,
];
const secretPaths = [
  /(^|\/)\.aws\/credentials$/,
  /(^|\/)\.docker\/config\.json$/,
  /(^|\/)\.kube\/config$/,
  /(^|\/)gcloud\/(application_default_credentials\.json|credentials\.db)$/,
  /(^|\/)\.huggingface\/token$/,
  /(^|\/)\.config\/gh\/hosts\.yml$/,
];

// A newline may be two characters, as in the JSON of a service account.
const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r)+(?:[A-Za-z-]+: [^\n]*\s+)*[A-Za-z0-9+/=]{20}/;

/** Rules for text that may hit an innocent `password =` or address: too coarse to drop a file for. */
const coarseRules = new Set([
  'auth',
  'authorization',
  'command-password',
  'entropy',
  'jwt',
  'key',
  'password',
  'private-key',
  'secret',
  'signature',
  'token',
  'url-credentials',
  'url-token',
]);
const tokenForms = compiledRules.filter(({ rule }) => !coarseRules.has(rule));

/** Where a `password:` is one: what a program is set up with, not what it is made of. */
const settingsName = /\.(?:ya?ml|json|toml|ini|cfg|conf|properties|env)$/i;
/** Larger files of these kinds are data. */
const settingsBytes = 64 * 1024;
const assignedForms = compiledRules.filter(
  ({ rule }) => coarseRules.has(rule) && rule !== 'private-key',
);

function holdsAssigned(text: string): boolean {
  return assignedForms.some((form) => form.secretsIn(text).length > 0);
}

/** In code only what is no word: `api_key = "<40 random letters>"`, not `password = getpass()`. */
function holdsRandom(text: string): boolean {
  return assignedForms.some((form) =>
    form.secretsIn(text).some((secret) => randomHex.test(secret) || randomWord.test(secret)),
  );
}

const randomHex = /^(?=[a-f]{0,15}[0-9])(?=[0-9]{0,15}[a-f])[0-9a-f]{32,128}$/;
const randomWord = new RegExp(`^(?:${mixed})$`);

/** A token has digits; a name that begins like one (`hf_…`) mostly has none. */
function holdsToken(text: string): boolean {
  if (!mayHoldSecret(text)) return false;
  return tokenForms.some((form) => form.secretsIn(text).some((secret) => /\d/.test(secret)));
}

/** `//registry…/:_authToken=…`, `_password=…` of an `.npmrc`; not one that names a variable. */
const npmToken = /^\s*(?:\/\/[^\n=]*:)?_(?:authToken|auth|password)\s*=\s*(?!\s*\$\{)\S/m;

/** As much of a file as is searched. */
const searchedBytes = 1024 * 1024;

/** Whether the name alone says that a file holds credentials, or is one. */
export function isSecretName(path: BytePath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    secretNames.some((rule) => rule.test(name)) ||
    secretPaths.some((rule) => rule.test(path)) ||
    holdsToken(path)
  );
}

/**
 * Whether a file's content holds a private key, a token, or one of the secrets that are known by
 * their text. Throws where it cannot be read.
 */
export function holdsSecret(
  top: string,
  path: BytePath,
  sizeBytes: number,
  known: readonly string[],
): boolean {
  const text = readHead(onDisk(top, path), Math.min(sizeBytes, searchedBytes));
  if (privateKey.test(text)) return true;
  // Binary: chance finds short forms in it.
  if (text.slice(0, 8000).includes('\0')) return false;
  if (known.some((secret) => text.includes(secret))) return true;
  const isNpmrc = /(^|\/)\.npmrc$/.test(path);
  if (!mayHoldSecret(text)) return isNpmrc && npmToken.test(text);
  if (holdsRandom(text)) return true;
  if (settingsName.test(path) && sizeBytes <= settingsBytes && holdsAssigned(text)) return true;
  return holdsToken(text) || (isNpmrc && npmToken.test(text));
}

function readHead(file: Buffer, lengthBytes: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.allocUnsafe(lengthBytes);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.toString('latin1', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
