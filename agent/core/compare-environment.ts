import type { Environment, Gpu, Package } from '../protocol/record.ts';
import type { Json } from '../protocol/values.ts';
import type { Comparison } from '../protocol/verbs.ts';
import type { Compared } from './compare.ts';
import { isEqual, unionKeys } from './compare-values.ts';

type Entry = Comparison['environment'][0];

/** What the two environments differ in: packages by name, the rest by its place in the record. */
export function listEnvironment(
  a: Environment | null,
  b: Environment | null,
  all: boolean,
): Compared<Entry> & { samePackages: number } {
  if (a === null || b === null) return { entries: [], same: 0, samePackages: 0 };
  const packages = listPackages(a.packages, b.packages, all);
  const [inA, inB] = [describeMachine(a), describeMachine(b)];
  const entries: Entry[] = [];
  let same = 0;
  for (const name of unionKeys(inA, inB)) {
    const [valueA, valueB] = [inA.get(name), inB.get(name)];
    const equal = isEqual(valueA, valueB);
    if (equal) same += 1;
    if (equal && !all) continue;
    entries.push({ name, a: valueA, b: valueB, kind: name.split('.')[0] ?? name, change: null });
  }
  return { entries: [...packages.entries, ...entries], same, samePackages: packages.same };
}

function listPackages(a: Package[] | null, b: Package[] | null, all: boolean): Compared<Entry> {
  // A list that could not be read is unknown, not empty.
  if (a === null || b === null) return { entries: [], same: 0 };
  const ecosystems = new Set([...a, ...b].map((one) => one.ecosystem));
  const [inA, inB] = [byName(a, ecosystems.size > 1), byName(b, ecosystems.size > 1)];
  const entries: Entry[] = [];
  let same = 0;
  for (const name of unionKeys(inA, inB)) {
    const [one, other] = [inA.get(name), inB.get(name)];
    const equal = isEqual(one, other);
    if (equal) same += 1;
    if (equal && !all) continue;
    const sources = one?.version === other?.version;
    const [valueA, valueB] = [describePackage(one, sources), describePackage(other, sources)];
    entries.push({
      name,
      a: valueA,
      b: valueB,
      kind: 'package',
      change: compareVersions(one?.version ?? null, other?.version ?? null),
    });
  }
  return { entries, same };
}

interface Installed {
  version: string | null;
  source: string | null;
}

/** A package that is installed twice has both versions; names carry the ecosystem where needed. */
function byName(packages: Package[], qualified: boolean): Map<string, Installed> {
  const found = new Map<string, Installed>();
  for (const { ecosystem, name, version, source } of packages) {
    const key = qualified && ecosystem !== 'pypi' ? `${ecosystem}:${name}` : name;
    const known = found.get(key);
    const versions = known === undefined ? version : `${known.version ?? '?'}, ${version ?? '?'}`;
    found.set(key, { version: versions, source: known?.source ?? source });
  }
  return found;
}

function describePackage(installed: Installed | undefined, withSource: boolean): Json | undefined {
  if (installed === undefined) return undefined;
  if (!withSource || installed.source === null) return installed.version;
  return `${installed.version ?? '?'} (${installed.source})`;
}

/** By the first number in which the two differ; null where they cannot be read so. */
export function compareVersions(a: string | null, b: string | null): Entry['change'] {
  if (a === null || b === null || a === b) return null;
  const read = (text: string): number[] | null =>
    /^v?(?:\d+!)?\d+(\.\d+)*/
      .exec(text)?.[0]
      .replace(/^v|^\d+!/g, '')
      .split('.')
      .map(Number) ?? null;
  const [one, other] = [read(a), read(b)];
  if (one === null || other === null) return null;
  if (one[0] !== other[0]) return 'major';
  return (one[1] ?? 0) === (other[1] ?? 0) ? 'patch' : 'minor';
}

/** Scalars of the environment by a dotted name; what is not known is left out. */
function describeMachine(environment: Environment): Map<string, Json> {
  const { os, hardware, runtimes, container, interpreter, locks, manager } = environment;
  const facts: [string, Json | undefined][] = [
    ['interpreter.name', interpreter?.name],
    ['interpreter.version', interpreter?.version],
    ['interpreter.path', interpreter?.path],
    ['interpreter.digest', interpreter?.digest],
    ['manager', manager],
    ...locks.map((lock): [string, Json] => [`lock.${lock.path}`, lock.digest]),
    ...Object.entries(environment.settings).map((one): [string, Json] => [
      `settings.${one[0]}`,
      one[1],
    ]),
    ...environment.seeds.map((seed): [string, Json] => [`seed.${seed.library}`, seed.value]),
    ['os.name', os.name],
    ['os.release', os.release],
    ['os.distribution', os.distribution],
    ['hardware.cpu', hardware.cpu.model],
    ['hardware.cores', hardware.cpu.cores],
    ['hardware.cpuFlags', hardware.cpu.flagsDigest],
    ['hardware.cpuFeatures', hardware.cpu.features],
    ['hardware.microcode', hardware.cpu.microcode],
    ['hardware.processorsAllowed', hardware.cpu.allowed],
    ['hardware.numaNodes', hardware.numaNodes],
    ['hardware.memoryBytes', hardware.memoryBytes],
    ['hardware.gpus', hardware.gpus?.map(describeGpu)],
    ['cuda', runtimes.cuda],
    ['cudaDriver', runtimes.cudaDriver],
    ['cudnn', runtimes.cudnn],
    ['rocm', runtimes.rocm],
    ['container.image', container?.image],
    ['container.digest', container?.digest],
    ['container.imageId', container?.imageId],
    ...(environment.blas ?? []).map((one): [string, Json] => [
      one.package ? `blas.${one.package}` : `blas.${one.library}`,
      `${one.library} ${one.version ?? '?'}`,
    ]),
    ...Object.entries(environment.locale ?? {}).map((one): [string, Json] => [
      `locale.${one[0]}`,
      one[1],
    ]),
    ...Object.entries(environment.limits ?? {}).map((one): [string, Json] => [
      `limits.${one[0]}`,
      one[1],
    ]),
    ...Object.entries(environment.allocation ?? {}).map((one): [string, Json] => [
      `allocation.${one[0]}`,
      one[1],
    ]),
  ];
  const known = facts.filter((fact): fact is [string, Json] => isKnown(fact));
  return new Map(known);
}

function describeGpu({ name, driver, mig = [] }: Gpu): string {
  const parts = mig.map((part) => part.profile).join(' + ');
  return `${name}, driver ${driver ?? '?'}${parts === '' ? '' : `, parts ${parts}`}`;
}

/** A setting or limit that is null is known to be unset; elsewhere null is what nobody could read. */
function isKnown([name, value]: [string, Json | undefined]): boolean {
  if (value === undefined) return false;
  return value !== null || name.startsWith('settings.') || name.startsWith('limits.');
}
