import { readFileSync } from 'node:fs';
import { readProcessorLimit } from './processor-limit.ts';

const rows: Record<string, string> = {
  'Max cpu time': 'cpuTimeSeconds',
  'Max file size': 'fileSizeBytes',
  'Max data size': 'dataBytes',
  'Max stack size': 'stackBytes',
  'Max core file size': 'coreFileBytes',
  'Max resident set': 'residentSetBytes',
  'Max processes': 'processes',
  'Max open files': 'openFiles',
  'Max locked memory': 'lockedMemoryBytes',
  'Max address space': 'addressSpaceBytes',
};

/**
 * Soft limits (`ulimit`) of this process, which the program inherits, and what its control
 * group may use: `cgroupMemoryBytes`, and `cgroupProcessors` as `1.5`. Null is unlimited; an empty object where /proc is not.
 */
export function readLimits(): Record<string, number | null> {
  let text: string;
  try {
    text = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return {};
  }
  const limits: Record<string, number | null> = {};
  for (const line of text.split('\n')) {
    const [, label = '', soft = ''] = /^(\S.*?) {2,}(\S+)/.exec(line) ?? [];
    const name = rows[label];
    if (name) limits[name] = soft === 'unlimited' ? null : Number(soft);
  }
  limits.cgroupMemoryBytes = readMemoryLimit();
  limits.cgroupProcessors = readProcessorLimit();
  return limits;
}

function readMemoryLimit(): number | null {
  const bytes = process.constrainedMemory();
  // Without a limit the kernel says 0, or a number near 2^64.
  return bytes > 0 && bytes < 2 ** 50 ? bytes : null;
}
