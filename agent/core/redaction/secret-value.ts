import { mixed } from './assigned-forms.ts';
import type { NameRule } from './secret-name.ts';

/** Replaced text begins with this; it is never replaced again. */
export const redactedMark = '[redacted: ';

export function redactedText(rule: string): string {
  return `${redactedMark}${rule}]`;
}

/** Whether the value of a secret's name can be the secret, and not a path, a switch, a reference. */
export function isSecretValue(value: string, rule: NameRule): boolean {
  const text = value.trim();
  if (text === '' || text.startsWith(redactedMark)) return false;
  if (rule === 'named') return true;
  if (rule === 'entropy') return looksRandom(text);
  if (isTrivial(text) || isReference(text)) return false;
  if (rule === 'password') return !isPath(text);
  if (isNumber(text) || isPath(text)) return false;
  if (rule === 'auth')
    return text.length >= 8 && (/\d/.test(text) || text.includes(':')) && !/^oauth/i.test(text);
  if (rule === 'token') return text.length >= 6 && !/\s/.test(text) && !/^<.*>$/.test(text);
  return text.length >= 4;
}

/** Letters of both cases and digits, without a break: by chance of the alphabet no word and no digest. */
function looksRandom(text: string): boolean {
  return randomWord.test(text);
}

const randomWord = new RegExp(`^(?:${mixed})$`);

/**
 * Whether a secret can be told from other text wherever it stands: one that is a word of a language
 * cannot, and would blot out what is innocent.
 */
export function isDistinct(value: string): boolean {
  if (value.length < 8 || value.length > 4096 || value.startsWith(redactedMark)) return false;
  if (isTrivial(value) || isNumber(value) || isPath(value) || isReference(value)) return false;
  return /[A-Za-z]/.test(value) && /[^A-Za-z_./\s-]/.test(value) && !/^[\w-]+:$/.test(value);
}

/** Words that are a state of a secret. */
export function isTrivial(text: string): boolean {
  return /^(?:true|false|yes|no|on|off|none|null|nil|auto|default|unset|empty|required|optional|enabled|disabled|basic|bearer|digest|oauth2?|env|environment|prompt|keyring|\?{3}|~|-)$/i.test(
    text,
  );
}

/** `${oc.env:TOKEN}`, `$TOKEN`, `%TOKEN%`, `{{ token }}`, `<YOUR_TOKEN>`. */
function isReference(text: string): boolean {
  return /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|%\w+%|\{\{.*\}\}|\{\w+\}|<[^<>]*>|os\.environ.*)$/.test(
    text,
  );
}

export function isNumber(text: string): boolean {
  return /^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text);
}

/** A path with words for its parts; base64 that begins with a slash is none. */
export function isPath(text: string): boolean {
  if (/^(?:[A-Za-z]:\\|\\\\)/.test(text)) return true;
  if (
    !/^(?:~|\.{1,2})?\/[\w.+@ -]*(?:\/[\w.+@ -]*)*$/.test(text) &&
    !/^[\w.-]+(?:\/[\w.-]+)*\/[\w-]+\.[A-Za-z]\w{0,9}$/.test(text)
  ) {
    return false;
  }
  return !text
    .split('/')
    .some(
      (part) => part.length >= 20 && /\d/.test(part) && /[A-Z]/.test(part) && /[a-z]/.test(part),
    );
}
