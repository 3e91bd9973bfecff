import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../protocol/record.ts';
import { findProgram, isExecutable, type Variables } from './find-program.ts';
import { statText } from './python-cache.ts';

export interface GpuSurvey {
  /** Null where there may be some that could not be read. */
  gpus: Environment['hardware']['gpus'];
  problem: string | null;
}

const nothingFound = /^\s*no devices were found/i;
const timeoutMs = 2_000;
const query = [
  '--query-gpu=name,uuid,memory.total,driver_version',
  '--format=csv,noheader,nounits',
];

/**
 * The GPUs of this machine. `nvidia-smi` may take a second: its answer is kept until the machine
 * starts anew or the driver or tool changes. Without tool and device there are none, which is a
 * fact; a device that cannot be asked for its name is a problem.
 */
export async function surveyGpus(
  cwd: string,
  env: Variables,
  cacheFolder: string,
): Promise<GpuSurvey> {
  const tool = findTool(cwd, env);
  const others = readAmdGpus();
  if (!tool) {
    if (!hasNvidiaDevice()) return { gpus: others, problem: null };
    return { gpus: null, problem: 'gpus: an NVIDIA device is there, but no nvidia-smi' };
  }
  const key = JSON.stringify([tool, statText(tool), readLine(bootIdPath), readLine(driverPath)]);
  const cache = join(cacheFolder, 'gpus.json');
  const remembered = readRemembered(cache, key);
  if (remembered) return { gpus: [...remembered, ...others], problem: null };
  try {
    const gpus = parseGpuTable(await runTool(tool, cwd, env));
    remember(cache, key, gpus);
    return { gpus: [...gpus, ...others], problem: null };
  } catch (error) {
    // The tool without driver and device is part of many container images.
    const reason = error instanceof Error ? error.message : String(error);
    return { gpus: null, problem: `gpus: nvidia-smi: ${reason}` };
  }
}

const bootIdPath = '/proc/sys/kernel/random/boot_id';
const driverPath = '/proc/driver/nvidia/version';

function findTool(cwd: string, env: Variables): string | null {
  const usual = ['/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi', '/opt/bin/nvidia-smi'];
  return findProgram('nvidia-smi', cwd, env) ?? usual.find(isExecutable) ?? null;
}

function hasNvidiaDevice(): boolean {
  return ['/dev/nvidiactl', '/dev/nvidia0', driverPath].some((path) => existsSync(path));
}

function runTool(tool: string, cwd: string, env: Variables): Promise<string> {
  return new Promise((done, fail) => {
    const options = {
      cwd,
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    } as const;
    const child = execFile(tool, query, options, (error, output, words) => {
      // A driver without a device is an answer, whatever the exit code.
      if (!error || nothingFound.test(output)) done(output);
      else if (error.killed) fail(new Error(`no answer within ${timeoutMs / 1000} s`));
      else fail(new Error((output + words).trim().split('\n')[0] || `exit ${error.code}`));
    });
    child.stdin?.end();
  });
}

/** One line a GPU: name, uuid, memory in MiB, driver; `[N/A]` where the tool does not know. */
export function parseGpuTable(output: string): NonNullable<GpuSurvey['gpus']> {
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

/** AMD's driver tells all in files. */
function readAmdGpus(): NonNullable<GpuSurvey['gpus']> {
  if (!existsSync('/dev/kfd')) return [];
  try {
    const cards = readdirSync('/sys/class/drm').filter((name) => /^card\d+$/.test(name));
    return cards
      .map((card) => `/sys/class/drm/${card}/device`)
      .filter((device) => readLine(join(device, 'vendor')) === '0x1002')
      .map((device) => ({
        name: readLine(join(device, 'product_name')) ?? `AMD ${readLine(join(device, 'device'))}`,
        uuid: readLine(join(device, 'unique_id')),
        memoryBytes: Number(readLine(join(device, 'mem_info_vram_total'))) || null,
        driver: readLine('/sys/module/amdgpu/version'),
      }));
  } catch {
    return [];
  }
}

function readRemembered(path: string, key: string): GpuSurvey['gpus'] {
  try {
    const memory = JSON.parse(readFileSync(path, 'utf8')) as {
      key: string;
      gpus: GpuSurvey['gpus'];
    };
    return memory.key === key ? memory.gpus : null;
  } catch {
    return null;
  }
}

function remember(path: string, key: string, gpus: GpuSurvey['gpus']): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}.tmp`, JSON.stringify({ key, gpus }));
    renameSync(`${path}.${process.pid}.tmp`, path);
  } catch {
    // The next launch asks again.
  }
}

function readLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').split('\n')[0]?.trim() || null;
  } catch {
    return null;
  }
}
