import { readdirSync } from 'node:fs';
import { arch, availableParallelism, cpus, totalmem } from 'node:os';
import type { Sha256 } from '../../core/seams.ts';
import type { Environment } from '../../protocol/record.ts';
import { readText } from './read-text.ts';

type Hardware = Environment['hardware'];

/** Instructions by which libraries choose their kernels: other ones round or sum differently. */
const numeric =
  /^(?:sse4_[12]|ssse3|avx|avx2|f16c|fma|fma4|avx_vnni\w*|avx512\w*|avx10\w*|amx_\w+|asimd\w*|fphp|bf16|i8mm|sve\w*|sme(?!p)\w*|fcma)$/;

/** Processor and memory; the cores are those that this process may use. */
export function readHardware(gpus: Hardware['gpus'], sha256: Sha256): Hardware {
  const info = readProcessorInfo();
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1]?.trim().split(/\s+/) ?? null;
  const cores = availableParallelism();
  const memoryBytes = totalmem();
  const microcode = /^microcode\s*:\s*(\S+)/m.exec(info)?.[1];
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readText('/proc/self/status') ?? '')?.[1];
  const numaNodes = countNodes();
  return {
    class: describeHardware(cores, memoryBytes, gpus),
    cpu: {
      model:
        /^model name\s*:\s*(.*)$/m.exec(info)?.[1]?.trim() ?? (cpus()[0]?.model.trim() || null),
      cores,
      flagsDigest: flags ? sha256(flags.toSorted().join(' ')) : null,
      ...(flags ? { features: selectFeatures(flags) } : {}),
      ...(microcode === undefined ? {} : { microcode }),
      ...(allowed === undefined ? {} : { allowed }),
    },
    memoryBytes,
    gpus,
    ...(numaNodes === null ? {} : { numaNodes }),
  };
}

/** Of the processor's flags those that change numbers, sorted. */
export function selectFeatures(flags: string[]): string[] {
  return [...new Set(flags.filter((flag) => numeric.test(flag)))].sort();
}

/** `x86_64, 2 cores, 24 GB, no GPU`: machines of one class are comparable. */
function describeHardware(cores: number, memoryBytes: number, gpus: Hardware['gpus']): string {
  const machine = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686' }[arch() as string] ?? arch();
  const gigabytes = Math.max(1, Math.round(memoryBytes / 2 ** 30));
  return `${machine}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${gigabytes} GB, ${describeGpus(gpus)}`;
}

function describeGpus(gpus: Hardware['gpus']): string {
  if (gpus === null) return 'GPU unknown';
  if (gpus.length === 0) return 'no GPU';
  const counts = new Map<string, number>();
  for (const { name } of gpus) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} x ${name}`)).join(', ');
}

/** The first processor's part: machines have hundreds of equal ones. */
function readProcessorInfo(): string {
  return readText('/proc/cpuinfo')?.split('\n\n')[0] ?? '';
}

function countNodes(): number | null {
  try {
    const nodes = readdirSync('/sys/devices/system/node').filter((name) => /^node\d+$/.test(name));
    return nodes.length;
  } catch {
    return null;
  }
}
