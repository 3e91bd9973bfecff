import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpu } from '../../protocol/record.ts';
import type { Variables } from './find-program.ts';
import { readLine, readText } from './read-text.ts';

export interface NvidiaAnswer {
  gpus: Gpu[];
  /** The newest CUDA that the driver can run, as `12.4`. */
  cudaDriver: string | null;
}

const nothingFound = /^\s*no devices were found/i;
const timeoutMs = 2_000;
const query = [
  '--query-gpu=name,uuid,memory.total,driver_version',
  '--format=csv,noheader,nounits',
];

/**
 * Asks nvidia-smi three things at once: the table of GPUs, the list that has the parts of a
 * partitioned one (MIG), and the head of its report, which alone names the driver's CUDA. Throws
 * where there is no table; what the other two do not answer is left out. Each is ended after 2 s.
 */
export async function askNvidia(tool: string, cwd: string, env: Variables): Promise<NvidiaAnswer> {
  const ask = (words: string[]): Promise<string> => runTool(tool, words, cwd, env);
  const [table, list, report] = await Promise.all([
    ask(query),
    ask(['-L']).catch(() => ''),
    ask([]).catch(() => ''),
  ]);
  const parts = parseParts(list);
  return {
    gpus: parseGpuTable(table).map((gpu) => {
      const mig = gpu.uuid === null ? undefined : parts.get(gpu.uuid);
      return mig === undefined ? gpu : { ...gpu, mig };
    }),
    cudaDriver: /CUDA Version:\s*(\d+\.\d+)/.exec(report)?.[1] ?? null,
  };
}

function runTool(tool: string, words: string[], cwd: string, env: Variables): Promise<string> {
  return new Promise((done, fail) => {
    const options = {
      cwd,
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    } as const;
    const child = execFile(tool, words, options, (error, output, complaint) => {
      // A driver without a device is an answer, whatever the exit code.
      if (!error || nothingFound.test(output)) done(output);
      else if (error.killed) fail(new Error(`no answer within ${timeoutMs / 1000} s`));
      else fail(new Error((output + complaint).trim().split('\n')[0] || `exit ${error.code}`));
    });
    child.stdin?.end();
  });
}

/** One line a GPU: name, uuid, memory in MiB, driver; `[N/A]` where the tool does not know. */
export function parseGpuTable(output: string): Gpu[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  if (nothingFound.test(output)) return [];
  return lines.map((line) => {
    const [name, uuid, memory, driver] = line.split(',').map((field) => field.trim());
    if (!name || driver === undefined) throw new Error(`unexpected answer: ${line.slice(0, 200)}`);
    const known = (field: string | undefined): string | null =>
      !field || /^\[?(?:n\/a|not supported|unknown error)\]?$/i.test(field) ? null : field;
    const mebibytes = Number(known(memory) ?? Number.NaN);
    return {
      name,
      uuid: known(uuid),
      memoryBytes: Number.isFinite(mebibytes) ? mebibytes * 2 ** 20 : null,
      driver: known(driver),
    };
  });
}

/** `nvidia-smi -L`: below each GPU its parts, `MIG 3g.20gb Device 0: (UUID: MIG-...)`. */
function parseParts(list: string): Map<string, NonNullable<Gpu['mig']>> {
  const parts = new Map<string, NonNullable<Gpu['mig']>>();
  let gpu: string | undefined;
  for (const line of list.split('\n')) {
    gpu = /^GPU \d+: .*\(UUID: ([^)]+)\)/.exec(line)?.[1] ?? gpu;
    const [, profile, uuid] = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: ([^)]+)\)/.exec(line) ?? [];
    if (gpu === undefined || profile === undefined || uuid === undefined) continue;
    parts.set(gpu, [...(parts.get(gpu) ?? []), { profile, uuid }]);
  }
  return parts;
}

/** What the driver tells in files: names and ids, no memory. Null where there is no driver. */
export function readNvidiaFiles(root = ''): Gpu[] | null {
  const driver = join(root, '/proc/driver/nvidia');
  const version = /Module\s+(?:for \S+\s+)?(\d[\d.]*)/.exec(
    readLine(join(driver, 'version')) ?? '',
  )?.[1];
  try {
    return readdirSync(join(driver, 'gpus'))
      .sort()
      .map((bus) => readText(join(driver, 'gpus', bus, 'information')) ?? '')
      .flatMap((text) => {
        const name = /^Model:\s*(.+?)\s*$/m.exec(text)?.[1];
        const uuid = /^GPU UUID:\s*(\S+)/m.exec(text)?.[1] ?? null;
        return name ? [{ name, uuid, memoryBytes: null, driver: version ?? null }] : [];
      });
  } catch {
    return null;
  }
}

/** What changes when a GPU comes or goes, or is partitioned anew. */
export function nvidiaState(root = ''): string {
  const list = (folder: string): string[] => {
    try {
      return readdirSync(join(root, folder)).sort();
    } catch {
      return [];
    }
  };
  const capabilities = list('/proc/driver/nvidia/capabilities');
  return JSON.stringify([
    readLine(join(root, '/proc/driver/nvidia/version')),
    list('/proc/driver/nvidia/gpus'),
    capabilities.map((gpu) => [gpu, list(`/proc/driver/nvidia/capabilities/${gpu}/mig`)]),
  ]);
}
