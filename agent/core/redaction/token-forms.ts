import type { SecretRule } from './secret-rules.ts';

/**
 * Tokens that begin with the name of who made them, each a word of at least 20 letters, digits, `_`
 * and `-`. What runs over logs looks for long words first, and asks these where one begins, and
 * behind each `_` and `-` in it: so every pattern begins with `word`, as it is written here and
 * nowhere else, and then its literal.
 */
const word = '(?<![0-9A-Za-z])';
const end = '(?![A-Za-z0-9])';
/** Words of a program (`hf_hub_download_file`) have no digits that early. */
const digit = '(?=[A-Za-z_-]{0,48}[0-9])';

/** Each: the rule, how its tokens begin, and what follows. */
const forms: readonly [rule: string, literals: string, rest: string][] = [
  ['aws-key', 'AKIA ASIA ABIA ACCA', `[A-Z0-9]{16}${end}`],
  ['aws-key', 'ABSKQmVkcm9ja', '[A-Za-z0-9+/=]{32,255}'],
  ['github-token', 'ghp_ gho_ ghu_ ghs_ ghr_', '[A-Za-z0-9]{30,255}'],
  ['github-token', 'github_pat_', '[A-Za-z0-9_]{22,255}'],
  [
    'gitlab-token',
    'glpat- glptt- gldt- glrt- gloas- glcbt- glft- glsoat- glimt- glagent- glffct- glwt-',
    '[A-Za-z0-9_-]{20,255}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{7,12})?',
  ],
  ['slack-token', 'xox', '[abeoprs]-[A-Za-z0-9-]{15,255}'],
  ['slack-token', 'xapp-', '[0-9]-[A-Za-z0-9-]{13,255}'],
  ['huggingface-token', 'hf_', '[A-Za-z0-9]{20,255}'],
  ['huggingface-token', 'api_org_', '[A-Za-z0-9]{24,255}'],
  ['anthropic-key', 'sk-ant-', '[A-Za-z0-9_-]{16,255}'],
  [
    'openai-key',
    'sk-',
    `(?:(?:proj|svcacct|admin|service|or-v1|lf)-[A-Za-z0-9_-]{20,255}|${digit}[A-Za-z0-9]{20,255})`,
  ],
  ['wandb-key', 'wandb_v1_', '[A-Za-z0-9_]{20,255}'],
  ['neptune-token', 'eyJhcGlf', '[A-Za-z0-9+/_-]{32,1024}={0,2}'],
  ['google-key', 'AIza', '[A-Za-z0-9_-]{35}'],
  ['google-secret', 'GOCSPX-', '[A-Za-z0-9_-]{20,255}'],
  ['npm-token', 'npm_', '[A-Za-z0-9]{30,255}'],
  ['pypi-token', 'pypi-', '[A-Za-z0-9_]{16}[A-Za-z0-9_-]{0,512}'],
  ['rubygems-token', 'rubygems_', '[0-9a-f]{40,64}'],
  ['docker-token', 'dckr_pat_ dckr_oat_', '[A-Za-z0-9_-]{20,255}'],
  ['stripe-key', 'sk_live_ sk_test_ rk_live_ rk_test_', '[A-Za-z0-9]{16,255}'],
  ['stripe-key', 'whsec_', `${digit}[A-Za-z0-9+/=]{24,255}`],
  ['twilio-key', 'SK', `[0-9a-f]{32}${end}`],
  ['databricks-token', 'dapi', `[0-9a-f]{32}(?:-[0-9]{1,3})?${end}`],
  [
    'discord-token',
    'MT Mj Mz ND NT Nj Nz OD OT',
    '[A-Za-z0-9_-]{18,26}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}',
  ],
  ['groq-key', 'gsk_', '[A-Za-z0-9]{30,255}'],
  ['replicate-token', 'r8_', '[A-Za-z0-9]{30,255}'],
  ['xai-key', 'xai-', '[A-Za-z0-9]{40,255}'],
  ['perplexity-key', 'pplx-', '[A-Za-z0-9]{32,255}'],
  ['pinecone-key', 'pcsk_', '[A-Za-z0-9_]{32,255}'],
  ['langsmith-key', 'lsv2_pt_ lsv2_sk_', '[A-Za-z0-9_]{24,255}'],
  ['tavily-key', 'tvly-', `${digit}[A-Za-z0-9-]{20,255}`],
  ['nvidia-key', 'nvapi-', '[A-Za-z0-9_-]{32,255}'],
  ['cerebras-key', 'csk-', `${digit}[A-Za-z0-9]{32,255}`],
  ['fireworks-key', 'fw_', `${digit}[A-Za-z0-9]{20,255}${end}`],
  ['together-key', 'tgp_v1_', '[A-Za-z0-9_-]{20,255}'],
  ['elevenlabs-key', 'sk_', `[0-9a-f]{48}${end}`],
  ['runpod-key', 'rpa_', '[A-Z0-9]{32,255}'],
  ['kaggle-token', 'KGAT_', '[A-Za-z0-9]{24,255}'],
  ['digitalocean-token', 'dop_v1_ doo_v1_ dor_v1_', '[0-9a-f]{40,255}'],
  ['notion-token', 'ntn_', `${digit}[A-Za-z0-9]{32,255}`],
  ['linear-key', 'lin_api_', '[A-Za-z0-9]{24,255}'],
  ['figma-token', 'figd_', `${digit}[A-Za-z0-9_-]{32,255}`],
  ['grafana-token', 'glsa_', '[A-Za-z0-9]{24,255}_[0-9a-f]{8}'],
  ['new-relic-key', 'NRAK-', '[A-Z0-9]{20,255}'],
  ['sentry-token', 'sntrys_ sntryu_', '[A-Za-z0-9+/=_-]{32,512}'],
  ['shopify-token', 'shpat_ shpca_ shppa_ shpss_', '[0-9a-fA-F]{32}'],
  ['postman-key', 'PMAK-', '[0-9a-f-]{40,128}'],
  ['pulumi-token', 'pul-', `[0-9a-f]{40}${end}`],
  ['age-key', 'AGE-SECRET-KEY-1', '[0-9A-Z]{40,128}'],
  ['tailscale-key', 'tskey-', '[a-z]{2,16}-[A-Za-z0-9-]{12,128}'],
  ['supabase-key', 'sbp_', `[0-9a-f]{40}${end}`],
  ['supabase-key', 'sb_secret_', '[A-Za-z0-9_-]{20,128}'],
  ['planetscale-token', 'pscale_tkn_ pscale_pw_', '[A-Za-z0-9_-]{24,255}'],
  ['atlassian-token', 'ATATT3x ATCTT3x ATBB', `${digit}[A-Za-z0-9_=-]{20,512}`],
  ['artifactory-key', 'AKCp', '[A-Za-z0-9]{32,255}'],
];

export const tokenForms: readonly SecretRule[] = [
  ...forms.flatMap(([rule, literals, rest]) =>
    literals.split(' ').map((literal) => ({ rule, literal, pattern: `${word}${literal}${rest}` })),
  ),
  {
    // The payload of a signed one is JSON too; with this header it may be anything.
    rule: 'jwt',
    literal: 'eyJ',
    pattern: `${word}eyJ(?:[A-Za-z0-9_-]{17,2048}\\.eyJ[A-Za-z0-9_-]{4,4096}|hbGciOi[A-Za-z0-9_-]{10,2048}\\.[A-Za-z0-9_-]{4,4096})(?:\\.[A-Za-z0-9_-]{6,4096}){1,3}`,
  },
];
