import type { SecretRule } from './secret-rules.ts';

/** Secrets that are known by the name they are assigned to: `password=x`, `"api_key": "x"`. */

/** Words that say of what kind a secret is, or how it fares; a variable of its name. */
const words =
  'str|string|bool|bytes|Optional|Union|SecretStr|SecretBytes|Field|required|optional|invalid|incorrect|wrong|expired|missing|empty|unset|undefined|nil|enabled|disabled|password|passwd|secret|token|api_key|apikey|key';
/** A variable of the same name, or the name of one of the environment. */
const names =
  '[a-z]{1,32}_[a-z_]{0,32}(?:password|passwd|passphrase|secret|token|key)|(?:password|passwd|secret|token|key)_[a-z_]{1,32}|[A-Z]{2,32}(?:_[A-Z]{2,32}){1,6}';
/** No number, reference, address of a resource, placeholder or mark of ours. */
const none =
  '(?!\\[redacted|arn:|[\\d.,eE+-]{1,30}(?![\\w/+=-])|None\\b|null\\b|true\\b|false\\b|True\\b|False\\b|os\\.|args\\.|self\\.|cfg\\.|config\\.|settings\\.|[*xX.]{3,64}(?![\\w-]))';
/** What a bare one may hold: no such word, no call, no path. */
const bare = `(?!(?:${words}|${names})(?![\\w-])|[A-Za-z_][\\w.]{1,128}[(\\[])[^\\s"',;&<>{}()\\[\\]$~./*\\\\][^\\s"',;&<>{}()\\[\\]]{3,512}`;
/** Between quotes it may hold spaces, and what ends a bare one; all of a path has slashes. */
const quoted = (quote: string) =>
  `(?<=${quote})(?!(?:${words}|${names})${quote}|[\\w.~-]{0,64}/[\\w./-]{0,256}${quote})[^\\s${quote}$<{~./\\\\][^${quote}\\n\\\\]{3,512}(?=${quote})`;
const value = `${none}(?:${quoted('"')}|${quoted("'")}|${bare})`;
/** Without what would take a host along: `https://x-access-token:…@host`. */
const token = value.replaceAll('\\s"\',;&', '\\s"\',;&@');
const quote = '["\']?';
const assign = `${quote}\\s{0,3}[:=]\\s{0,3}${quote}`;

/** Before a name: another word may end there, as in `db_password`. */
const begin = '(?<![A-Za-z0-9])';

const named = (literal: string, rule: string, name: string): SecretRule => ({
  rule,
  literal,
  pattern: `${name}${assign}(${value})`,
});

/**
 * `key` and `token` are everywhere in what programs print; with what assigns they are rare, and what
 * runs over logs looks for all that begins with a rare letter at once.
 */
const signs = ['=', ':', ' =', ' :', '"', "'"];
const signed = (word: string, rule: string, name: string, secret = value): SecretRule[] =>
  signs.map((sign) => ({ rule, literal: word + sign, pattern: `${name}${assign}(${secret})` }));

/** `--password x` within a longer text, as in `sh -c '...'`; not the `--token TOKEN` of a help text. */
const flag = '(?<![A-Za-z0-9_-])--(?:[A-Za-z0-9]{1,32}[_-]){0,4}';
const flagged = (literal: string, rule: string, name: string, secret = value): SecretRule => ({
  rule,
  literal,
  pattern: `${flag}${name}[ ]{1,3}${quote}(?![A-Z_]{1,64}(?![A-Za-z0-9]))(${secret})`,
});

/** `password: |` of YAML, with the secret in the line below. */
const block = (literal: string, rule: string, name: string): SecretRule => ({
  rule,
  literal,
  pattern: `${begin}${name}${quote}:[ ]{0,3}[|>][0-9+-]{0,2}[ ]{0,3}\\r?\\n[ ]{1,32}(?!\\[redacted)([^\\s][^\\n]{3,512})`,
});

/**
 * Long, and somewhere in it ten characters without a break that have letters and digits: what a
 * token is, where its name alone is too common to tell. `tokenizer_v2_base` is not.
 */
const part = '[A-Za-z0-9+=]';
const random =
  `(?=(?:${part}{0,64}[_./-]){0,8}(?=[A-Za-z+=]{0,9}[0-9])(?=[0-9+=]{0,9}[A-Za-z])${part}{10})` +
  '[A-Za-z0-9_+/.=-]{16,512}';

/**
 * Letters of both cases and digits, within twenty: no word, no path of words, no hexadecimal digest,
 * no UUID. Counts only behind a name that may be a secret's, and not one of a cache.
 */
export const mixed =
  '(?=[a-z0-9+/_=-]{0,19}[A-Z])(?=[A-Z0-9+/_=-]{0,19}[a-z])(?=[A-Za-z+/_=-]{0,19}[0-9])[A-Za-z0-9+/_=-]{20,512}(?![A-Za-z0-9+/_=-])';
const open = ['ache', 'ACHE', 'ort', 'ublic', 'UBLIC', 'ash', 'mage', 'bject', 'roup', 'imary'];
const likely = (literal: string, name: string): SecretRule => ({
  rule: 'entropy',
  literal,
  pattern: `${open.map((word) => `(?<!${word})`).join('')}${name}${assign}(${mixed})`,
});

const keyOwners =
  '(?:[Aa]pi|API|[Aa]ccess|ACCESS|[Ss]ecret|SECRET|[Pp]rivate|[Ee]ncryption|[Ss]igning|[Ss]ubscription|[Ll]icense|[Dd]eploy|WANDB|OPENAI|ANTHROPIC|AZURE|COMET|NEPTUNE|GEMINI|HF)';
const tokenOwners = '(?:[Aa]ccess|[Aa]uth|[Aa]pi|[Rr]efresh|[Ss]ession|[Ss]ecret|[Bb]ot|hf|hub)';

export const assignedForms: readonly SecretRule[] = [
  named('assw', 'password', `(?:${begin}[Pp]|(?<=[a-z0-9])P)assw(?:or)?d`),
  named('ASSW', 'password', `${begin}PASSW(?:OR)?D`),
  named('assphrase', 'password', `(?:${begin}[Pp]|(?<=[a-z0-9])P)assphrase`),
  named('PASSPHRASE', 'password', `${begin}PASSPHRASE`),
  { rule: 'password', literal: 'wd=', pattern: `[;&?]\\s?[Pp]wd=(${none}${bare})` },
  named(
    'ecret',
    'secret',
    `(?:(?<![A-Za-z0-9:])[Ss]|(?<=[a-z0-9])S)ecret(?:[_-]?[Kk]ey|[_-]access[_-]key)?`,
  ),
  named('SECRET', 'secret', `${begin}SECRET(?:_KEY|_ACCESS_KEY)?`),
  ...['key', 'Key', 'KEY'].flatMap((word) =>
    signed(word, 'key', `(?:${begin}|(?<=[a-z0-9](?=[A-Z])))${keyOwners}[_-]?${word}`),
  ),
  ...signed(
    'oken',
    'token',
    `(?:${begin}|(?<=[a-z0-9](?=[A-Z])))${tokenOwners}[_-]?[Tt]oken`,
    token,
  ),
  ...signed('oken', 'token', `(?:${begin}[Tt]|(?<=[a-z0-9])T)oken`, random),
  ...signed(
    'TOKEN',
    'token',
    `${begin}(?:ACCESS|AUTH|API|HF|HUB|GITHUB|GITLAB|SESSION|BOT|REFRESH)_TOKEN`,
  ),
  ...signed('TOKEN', 'token', `${begin}TOKEN`, random),
  flagged('passw', 'password', 'passw(?:or)?d'),
  flagged('secret', 'secret', 'secret'),
  flagged('-key ', 'key', 'api[_-]?key'),
  flagged('_key ', 'key', 'api[_-]?key'),
  flagged('-token ', 'token', 'token', random),
  flagged('_token ', 'token', 'token', random),
  block('assw', 'password', '[Pp]assw(?:or)?d'),
  block('ecret', 'secret', '[Ss]ecret(?:[_-]?[Kk]ey)?'),
  block('key:', 'key', 'api[_-]?[Kk]ey'),
  block('oken:', 'token', '[Tt]oken'),
  ...signs.flatMap((sign) => [
    likely(`key${sign}`, '[_-]key'),
    likely(`KEY${sign}`, '_KEY'),
    likely(`Key${sign}`, '(?<=[a-z0-9])Key'),
  ]),
];
