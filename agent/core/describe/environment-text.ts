import type { Environment } from '../../protocol/record.ts';
import { shortDigest } from '../text/short.ts';
import { formatSize } from '../text/size.ts';
import { makeVisible } from '../text/visible.ts';

type Entry = [name: string, value: string | number | null | undefined];

/** The environment as text for a diff editor: a line a fact, each in its place, sorted in groups. */
export function writeEnvironmentText(environment: Environment | null): string {
  if (environment === null) return '# No environment was recorded.\n';
  const { interpreter, packages, locks, settings, limits, allocation, manager } = environment;
  return [
    ...group('interpreter', [
      ['name', interpreter?.name],
      ['version', interpreter?.version],
      ['path', interpreter?.path],
      ['digest', interpreter?.digest && shortDigest(interpreter.digest)],
    ]),
    ...group('system', listSystem(environment)),
    ...group('packages', [
      ['manager', manager],
      ...(packages ?? [])
        .map(({ ecosystem, name, version, source }): Entry => {
          const from = source === null ? '' : ` (${source})`;
          const where = ecosystem === 'pypi' ? name : `${ecosystem}:${name}`;
          return [where, `${version ?? 'unknown'}${from}`];
        })
        .sort(byName),
    ]),
    ...group(
      'locks',
      locks.map(({ path, digest, agrees }): Entry => {
        const words =
          agrees === null ? '' : agrees ? ', agrees' : ', differs from what is installed';
        return [path, `${shortDigest(digest)}${words}`];
      }),
    ),
    ...group('settings', Object.entries(settings).sort(byName)),
    ...group(
      'limits',
      Object.entries(limits ?? {}).map(([name, value]) => [name, value ?? 'none']),
    ),
    ...group(
      'seeds',
      environment.seeds.map(({ library, value }) => [library, value]),
    ),
    ...group('allocation', Object.entries(allocation ?? {}).sort(byName)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function listSystem(environment: Environment): Entry[] {
  const { os, hardware, runtimes, container, blas, locale } = environment;
  return [
    ['os', os.name],
    ['release', os.release],
    ['distribution', os.distribution],
    ['cpu', hardware.cpu.model],
    ['cores', hardware.cpu.cores],
    ['memory', hardware.memoryBytes === null ? null : formatSize(hardware.memoryBytes)],
    ...(hardware.gpus ?? []).map(
      ({ name, driver }, at): Entry => [`gpu ${at}`, [name, driver].filter(Boolean).join(', ')],
    ),
    ['cpu features', hardware.cpu.features?.join(' ')],
    ['cuda', runtimes.cuda],
    ['cuda of the driver', runtimes.cudaDriver],
    ['cudnn', runtimes.cudnn],
    ['rocm', runtimes.rocm],
    ...(blas ?? []).map(
      (one): Entry => [
        `blas of ${one.package ?? 'the program'}`,
        [one.library, one.version].filter(Boolean).join(' '),
      ],
    ),
    ['locale', locale && [...new Set([locale.ctype, locale.collate, locale.numeric])].join(', ')],
    ['time zone', locale?.timezone],
    ['container', container && [container.kind, container.image].filter(Boolean).join(' ')],
  ];
}

/** What is not known is left out. */
function group(title: string, entries: readonly Entry[]): string[] {
  const known = entries.filter(([, value]) => value !== null && value !== undefined);
  if (known.length === 0) return [];
  return [`${title}:`, ...known.map(([name, value]) => makeVisible(`  ${name}: ${value}`))];
}

const byName = ([a]: Entry, [b]: Entry): number => (a < b ? -1 : a > b ? 1 : 0);
