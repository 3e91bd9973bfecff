import type { Environment } from '../../protocol/record.ts';
import { countOf, formatSize } from '../text/size.ts';

import type { Facts } from './section.ts';

/** The environment as facts, each on a line; what is not known is left out. */
export function describeEnvironment(environment: Environment | null): Facts {
  if (environment === null) return [];
  const { os, hardware, runtimes, container, interpreter, seeds, allocation } = environment;
  const { cpu, memoryBytes, gpus } = hardware;
  const cores = cpu.cores === null ? null : countOf(cpu.cores, 'core');
  const memory = memoryBytes === null ? null : formatSize(memoryBytes);
  return keepKnown([
    [
      'interpreter',
      interpreter && `${interpreter.name} ${interpreter.version ?? '?'}, ${interpreter.path}`,
    ],
    ['packages', describePackages(environment)],
    ...environment.locks.map(describeLock),
    ['system', [os.distribution, os.name, os.release].filter(Boolean).join(', ')],
    ['hardware', [cpu.model, cores, memory].filter(Boolean).join(', ')],
    ...(gpus ?? []).map(({ name, memoryBytes: own, driver }): [string, string] => [
      'GPU',
      [name, own && formatSize(own), driver && `driver ${driver}`].filter(Boolean).join(', '),
    ]),
    ['CUDA', runtimes.cuda],
    ['ROCm', runtimes.rocm],
    ['container', container && [container.kind, container.image].filter(Boolean).join(' ')],
    ['seeds', seeds.map(({ library, value }) => `${library} ${value ?? '?'}`).join(', ')],
    ['settings', describeSettings(environment.settings)],
    ['allocation', allocation && describeSettings(allocation)],
  ]);
}

function keepKnown(facts: [string, string | null][]): Facts {
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}

/** How many packages, and the versions of those that the program imported. */
function describePackages({ packages, manager }: Environment): string {
  if (packages === null) return 'not known';
  const imported = packages
    .filter((one) => one.imported)
    .map(({ name, version, importedVersion }) => {
      const other = importedVersion === undefined ? '' : `, calls itself ${importedVersion}`;
      return `${name} ${version ?? '?'}${other}`;
    });
  const by = manager === null ? '' : ` (${manager})`;
  const listed = imported.length === 0 ? '' : `; imported: ${imported.join(', ')}`;
  return `${countOf(packages.length, 'package')}${by}${listed}`;
}

function describeLock({ path, agrees }: Environment['locks'][0]): [string, string] {
  const words = agrees === null ? '' : agrees ? ', agrees' : ', differs from what is installed';
  return ['lock', `${path}${words}`];
}

function describeSettings(settings: Record<string, string | null>): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
