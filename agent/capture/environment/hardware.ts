import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, totalmem } from 'node:os';
import type { Sha256 } from '../../core/seams.ts';
import type { Environment } from '../../protocol/record.ts';

type Hardware = Environment['hardware'];

/** Processor and memory; the cores are those that this process may use. */
export function readHardware(gpus: Hardware['gpus'], sha256: Sha256): Hardware {
  const info = readProcessorInfo();
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1];
  const cores = availableParallelism();
  const memoryBytes = totalmem();
  return {
    class: describeHardware(cores, memoryBytes, gpus),
    cpu: {
      model:
        /^model name\s*:\s*(.*)$/m.exec(info)?.[1]?.trim() ?? (cpus()[0]?.model.trim() || null),
      cores,
      flagsDigest: flags ? sha256(flags.trim().split(/\s+/).sort().join(' ')) : null,
    },
    memoryBytes,
    gpus,
  };
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
  try {
    return readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')[0] ?? '';
  } catch {
    return '';
  }
}
