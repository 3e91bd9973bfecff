/**
 * Forms that only credentials have. Each pattern is valid in JavaScript (flag g) and for bytes in
 * Python's `re` and needs linear time. Of a pattern with a group the group is the secret and ends
 * the match; else all of the match is. `literal` stands in every match, so that most text is passed
 * over without a pattern being tried: the rarer it is in what programs print, the better.
 */
export interface SecretRule {
  rule: string;
  literal: string;
  pattern: string;
}

/** Not inside a longer word; both engines know look-behind of a fixed width. */
const from = '(?<![A-Za-z0-9_-])';
const to = '(?![A-Za-z0-9])';
/** What a secret in `name=value` may hold; no path, number, reference, placeholder or mark of ours. */
const value =
  '(?!\\[redacted|[\\d.,eE+-]{1,30}(?![\\w/+=-])|None\\b|null\\b|true\\b|false\\b|True\\b|False\\b|os\\.|args\\.|self\\.)' +
  '[^\\s"\',;&<>{}()\\[\\]$~./*\\\\][^\\s"\',;&<>{}()\\[\\]]{3,512}';
const sign = '["\']?\\s{0,3}[:=]\\s{0,3}["\']?';

const named = (literal: string, rule: string, name: string): SecretRule => ({
  rule,
  literal,
  pattern: `(?<![A-Za-z0-9])(?:[A-Za-z0-9]{1,32}[_-]){0,4}${name}${sign}(${value})`,
});

/** `--password x` within a longer text, as in `sh -c '...'`; not the `--token TOKEN` of a help text. */
const flagged = (literal: string, rule: string, name: string): SecretRule => ({
  rule,
  literal,
  pattern: `(?<![A-Za-z0-9_-])--(?:[A-Za-z0-9]{1,32}[_-]){0,4}${name}[ ]{1,3}["']?(?![A-Z_]{1,64}(?![A-Za-z0-9]))(${value})`,
});

/** Long, with letters and digits: what a token is, where its name alone is too common to tell. */
const random = '(?=[A-Za-z_+/-]{0,64}[0-9])(?=[0-9_+/.-]{0,64}[A-Za-z])[A-Za-z0-9_+/.=-]{16,512}';

export const secretRules: readonly SecretRule[] = [
  { rule: 'aws-key', literal: 'AKIA', pattern: `${from}AKIA[A-Z0-9]{16}${to}` },
  { rule: 'aws-key', literal: 'ASIA', pattern: `${from}ASIA[A-Z0-9]{16}${to}` },
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((literal) => ({
    rule: 'github-token',
    literal,
    pattern: `${from}${literal}[A-Za-z0-9]{30,255}`,
  })),
  {
    rule: 'github-token',
    literal: 'github_pat_',
    pattern: `${from}github_pat_[A-Za-z0-9_]{22,255}`,
  },
  ...['glpat-', 'glptt-', 'gldt-', 'glrt-', 'gloas-', 'glcbt-'].map((literal) => ({
    rule: 'gitlab-token',
    literal,
    pattern: `${from}${literal}[A-Za-z0-9_-]{20,255}`,
  })),
  { rule: 'slack-token', literal: 'xox', pattern: `${from}xox[abeoprs]-[A-Za-z0-9-]{10,255}` },
  { rule: 'slack-token', literal: 'xapp-', pattern: `${from}xapp-[0-9]-[A-Za-z0-9-]{10,255}` },
  {
    rule: 'slack-webhook',
    literal: 'hooks.slack.com',
    pattern: 'hooks\\.slack\\.com/(?:services|workflows)/([A-Za-z0-9/_-]{16,255})',
  },
  { rule: 'huggingface-token', literal: 'hf_', pattern: `${from}hf_[A-Za-z0-9]{20,255}` },
  {
    rule: 'openai-key',
    literal: 'sk-',
    pattern: `${from}sk-(?:(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20,255}|[A-Za-z0-9]{20,255})`,
  },
  { rule: 'anthropic-key', literal: 'sk-ant-', pattern: `${from}sk-ant-[A-Za-z0-9_-]{16,255}` },
  { rule: 'wandb-key', literal: 'wandb_v1_', pattern: `${from}wandb_v1_[A-Za-z0-9_]{20,255}` },
  { rule: 'google-key', literal: 'AIza', pattern: `${from}AIza[A-Za-z0-9_-]{35}` },
  { rule: 'google-token', literal: 'ya29.', pattern: `${from}ya29\\.[A-Za-z0-9_-]{20,512}` },
  { rule: 'google-secret', literal: 'GOCSPX-', pattern: `${from}GOCSPX-[A-Za-z0-9_-]{20,255}` },
  { rule: 'npm-token', literal: 'npm_', pattern: `${from}npm_[A-Za-z0-9]{30,255}` },
  {
    rule: 'pypi-token',
    literal: 'pypi-',
    pattern: `${from}pypi-[A-Za-z0-9_]{16}[A-Za-z0-9_-]{0,512}`,
  },
  { rule: 'stripe-key', literal: 'k_', pattern: `${from}[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}` },
  {
    rule: 'sendgrid-key',
    literal: 'SG.',
    pattern: `${from}SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}`,
  },
  { rule: 'databricks-token', literal: 'dapi', pattern: `${from}dapi[0-9a-f]{32}${to}` },
  { rule: 'groq-key', literal: 'gsk_', pattern: `${from}gsk_[A-Za-z0-9]{30,255}` },
  { rule: 'replicate-token', literal: 'r8_', pattern: `${from}r8_[A-Za-z0-9]{30,255}` },
  {
    rule: 'jwt',
    literal: 'eyJ',
    pattern:
      '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,2048}\\.eyJ[A-Za-z0-9_-]{4,4096}\\.[A-Za-z0-9_-]{6,2048}',
  },
  {
    // The body may stand in one line with `\n` written out, as in JSON.
    rule: 'private-key',
    literal: 'PRIVATE KEY',
    pattern:
      '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----' +
      '(?:(?:[A-Za-z0-9+/=\\s:,.\\\\]|-(?!----)){0,16384}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\\r\\n\\\\]{0,16384})',
  },
  {
    // An image pinned by digest (`docker://python:3.11@sha256:...`) is no credential.
    rule: 'url-credentials',
    literal: '@',
    pattern:
      '(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,24}://[^\\s/?#:@"\'<>]{0,256}:(?!\\[redacted|\\$|\\{|<)([^\\s/"\'<>]{1,512})(?=@(?!sha256:))',
  },
  {
    rule: 'url-credentials',
    literal: '@',
    pattern: '(?<![A-Za-z])[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9_-]{16,255})(?=@)',
  },
  {
    rule: 'authorization',
    literal: 'uthorization',
    pattern:
      '[Aa]uthorization["\']?\\s{0,3}[:=]\\s{0,3}["\']?(?:(?:[Bb]earer|[Bb]asic|[Tt]oken|[Dd]igest)\\s{1,3})?(?!\\[redacted|[Bb]earer\\b|[Bb]asic\\b|[Tt]oken\\b|[Dd]igest\\b|\\$|\\{|<)([^\\s"\',;]{6,4096})',
  },
  {
    rule: 'authorization',
    literal: 'earer ',
    pattern:
      '(?<![A-Za-z])[Bb]earer {1,3}(?=[A-Za-z._~+/=-]{0,40}[0-9])([A-Za-z0-9._~+/=-]{16,4096})',
  },
  { rule: 'azure-key', literal: 'AccountKey=', pattern: 'AccountKey=([A-Za-z0-9+/=]{20,255})' },
  { rule: 'signature', literal: 'sig=', pattern: '[?&]sig=([A-Za-z0-9%+/=_-]{16,255})' },
  {
    rule: 'signature',
    literal: 'X-Amz-',
    pattern: 'X-Amz-(?:Signature|Security-Token|Credential)=([A-Za-z0-9%+/=_-]{16,4096})',
  },
  {
    rule: 'url-token',
    literal: 'token=',
    pattern: '[?&](?:access_|auth_|private_)?token=(?!\\[redacted)([^&\\s"\'#<>]{6,1024})',
  },
  {
    rule: 'url-token',
    literal: 'key=',
    pattern: '[?&](?:api_|api-|api)key=(?!\\[redacted)([^&\\s"\'#<>]{6,1024})',
  },
  named('assw', 'password', '[Pp]assw(?:or)?d'),
  named('ASSW', 'password', 'PASSW(?:OR)?D'),
  named('assphrase', 'password', '[Pp]assphrase'),
  named('ecret', 'secret', '[Ss]ecret(?:[_-][Kk]ey|[_-]access[_-]key)?'),
  named('SECRET', 'secret', 'SECRET(?:_KEY|_ACCESS_KEY)?'),
  ...['api_k', 'api-k', 'apik', 'apiK', 'api_K', 'api-K'].map((literal) =>
    named(literal, 'key', `${literal}ey`),
  ),
  named('API', 'key', 'API_?KEY'),
  named('ccess', 'token', '[Aa]ccess[_-]?[Tt]oken'),
  named('auth', 'token', 'auth[_-]?[Tt]oken'),
  ...['api_t', 'api-t', 'apit', 'apiT', 'api_T', 'api-T'].map((literal) =>
    named(literal, 'token', `${literal}oken`),
  ),
  flagged('passw', 'password', 'passw(?:or)?d'),
  flagged('secret', 'secret', 'secret'),
  flagged('api', 'key', 'api[_-]?key'),
  {
    rule: 'token',
    literal: 'oken',
    pattern: `(?<![A-Za-z0-9_-])[Tt]oken["']?\\s{0,3}[:=]\\s{0,3}["']?(${random})`,
  },
  {
    rule: 'token',
    literal: '-token',
    pattern: `(?<![A-Za-z0-9_-])--(?:[A-Za-z0-9]{1,32}[_-]){0,4}token[ ]{1,3}["']?(${random})`,
  },
  {
    rule: 'auth',
    literal: 'ookie: ',
    pattern: `(?<![A-Za-z])[Cc]ookie: {1,3}[^=\\s;]{1,64}=(?!\\[redacted)([^\\s;"']{6,4096})`,
  },
  named('_TOKEN', 'token', '(?:ACCESS|AUTH|API|HF|HUB|GITHUB|GITLAB|SESSION|BOT|REFRESH)_TOKEN'),
];
