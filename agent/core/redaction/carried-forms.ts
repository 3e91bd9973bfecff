import type { SecretRule } from './secret-rules.ts';

/** Tokens in parts, and secrets that are known by what they stand in: URLs, headers, commands, PEM. */

const from = '(?<![A-Za-z0-9])';
/** A mark of ours, a variable, a placeholder. */
const reference = '(?!\\[redacted|\\$|\\{|<|%[A-Za-z_])';

/** Options of programs that take a password without saying so by their name. */
const commands: readonly SecretRule[] = [
  // `curl -u user:password`, anywhere in its line; `-u 1000:1000` is another program's.
  ...['curl ', 'wget '].map((literal) => ({
    rule: 'command-password',
    literal,
    pattern: `(?<![A-Za-z0-9_.-])${literal}(?:[^\\n|;]{0,512}?[ ])?(?:-[sSfkLiv]{0,6}u|--user|--proxy-user|-U|-a|--auth)[ =]{0,3}["']?[^\\s:"'/]{0,128}:${reference}(?!//)([^\\s"']{3,512})`,
  })),
  {
    rule: 'command-password',
    literal: 'sshpass -p',
    pattern: `(?<![A-Za-z0-9_.-])sshpass -p[ ]?["']?${reference}([^\\s"']{3,512})`,
  },
  ...['mysql ', 'mysqldump '].map((literal) => ({
    rule: 'command-password',
    literal,
    pattern: `(?<![A-Za-z0-9_.-])${literal}(?:[^\\n|;]{0,512}?[ ])?-p${reference}([^\\s"'-][^\\s"']{3,512})`,
  })),
  {
    rule: 'command-password',
    literal: 'redis-cli ',
    pattern: `(?<![A-Za-z0-9_.-])redis-cli (?:[^\\n|;]{0,512}?[ ])?-a[ ]["']?${reference}([^\\s"']{4,512})`,
  },
  ...['docker login'].map((literal) => ({
    rule: 'command-password',
    literal,
    pattern: `${literal} (?:[^\\n|;]{0,512}?[ ])?-p[ ]["']?${reference}([^\\s"']{4,512})`,
  })),
  {
    rule: 'wandb-key',
    literal: 'wandb login',
    pattern: 'wandb login (?:--?[a-z-]{1,32}[ ]){0,4}([0-9a-f]{40}(?![0-9a-f]))',
  },
];

export const carriedForms: readonly SecretRule[] = [
  { rule: 'vault-token', literal: 'hvs.', pattern: `${from}hvs\\.[A-Za-z0-9_-]{24,512}` },
  { rule: 'vault-token', literal: 'hvb.', pattern: `${from}hvb\\.[A-Za-z0-9_-]{24,512}` },
  { rule: 'google-token', literal: 'ya29.', pattern: `${from}ya29\\.[A-Za-z0-9_-]{20,512}` },
  {
    rule: 'sendgrid-key',
    literal: 'SG.',
    pattern: `${from}SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}`,
  },
  {
    rule: 'telegram-token',
    literal: ':AA',
    pattern: `${from}[0-9]{8,10}:AA[A-Za-z0-9_-]{32,40}(?![A-Za-z0-9])`,
  },
  {
    rule: 'azure-secret',
    literal: 'Q~',
    pattern: '(?<![A-Za-z0-9])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9])',
  },
  {
    rule: 'slack-webhook',
    literal: 'hooks.slack.com',
    pattern: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]{16,255})',
  },
  {
    rule: 'discord-webhook',
    literal: '/api/webhooks/',
    pattern: '/api/webhooks/[0-9]{8,24}/([A-Za-z0-9_-]{32,128})',
  },
  {
    rule: 'teams-webhook',
    literal: 'webhook.office.com',
    pattern: 'webhook\\.office\\.com/webhookb2/([A-Za-z0-9@/_-]{32,512})',
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
    literal: '://',
    pattern:
      '(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,24}://[^\\s/?#:@"\'<>]{0,256}:(?!\\[redacted|\\$|\\{|<)([^\\s/"\'<>]{1,512})(?=@(?!sha256:))',
  },
  {
    rule: 'url-credentials',
    literal: '://',
    pattern: '(?<![A-Za-z])[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9_-]{16,255})(?=@)',
  },
  {
    rule: 'authorization',
    literal: 'uthorization',
    pattern:
      '[Aa]uthorization["\']?\\s{0,3}[:=]\\s{0,3}["\']?(?:(?:[Bb]earer|[Bb]asic|[Tt]oken|[Dd]igest|Bot|ApiKey|Key)\\s{1,3}|(?=[^\\s"\',;]{0,256}[0-9]))(?!\\[redacted|[Bb]earer\\b|[Bb]asic\\b|[Tt]oken\\b|[Dd]igest\\b|\\$|\\{|<)([^\\s"\',;]{6,4096})',
  },
  {
    rule: 'authorization',
    literal: 'earer ',
    pattern:
      '(?<![A-Za-z])[Bb]earer {1,3}(?=[A-Za-z._~+/=-]{0,40}[0-9])([A-Za-z0-9._~+/=-]{16,4096})',
  },
  {
    rule: 'azure-key',
    literal: 'AccountKey=',
    pattern: 'AccountKey=([A-Za-z0-9+/=]{20,255})',
  },
  {
    rule: 'azure-key',
    literal: 'SharedAccess',
    pattern: 'SharedAccess(?:Key|Signature)=([A-Za-z0-9+/=%&_-]{20,512})',
  },
  { rule: 'signature', literal: 'sig=', pattern: '[?&]sig=([A-Za-z0-9%+/=_-]{16,255})' },
  {
    rule: 'signature',
    literal: 'X-Amz-',
    pattern: 'X-Amz-(?:Signature|Security-Token|Credential)=([A-Za-z0-9%+/=_-]{16,4096})',
  },
  {
    rule: 'signature',
    literal: 'X-Goog-Signature=',
    pattern: 'X-Goog-Signature=([A-Za-z0-9%+/=_-]{16,4096})',
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
  {
    rule: 'auth',
    literal: 'ookie: ',
    pattern: '(?<![A-Za-z])[Cc]ookie: {1,3}[^=\\s;]{1,64}=(?!\\[redacted)([^\\s;"\']{6,4096})',
  },
  ...commands,
];
