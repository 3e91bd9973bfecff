import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../protocol/errors.ts';
import type { Environment, Gpu } from '../../protocol/record.ts';
import { findProgram, isExecutable, type Variables } from './find-program.ts';
import { askNvidia, type NvidiaAnswer, nvidiaState, readNvidiaFiles } from './nvidia.ts';
import { statText } from './python-cache.ts';
import { readLine, readText } from './read-text.ts';

export interface GpuSurvey {
  /** Null where there may be some that could not be read. */
  gpus: Environment['hardware']['gpus'];
  cudaDriver: string | null;
  problem: string | null;
}

/**
 * The GPUs of this machine. `nvidia-smi` may take a second: its answer is kept until the machine
 * starts anew or the driver, the tool or the devices change. Without tool and device there are
 * none, which is a fact; a device that cannot be asked for its name is a problem.
 */
export async function surveyGpus(
  cwd: string,
  env: Variables,
  cacheFolder: string,
): Promise<GpuSurvey> {
  const others = [...readAmdGpus(), ...(await readAppleGpus(cacheFolder))];
  const tool = findTool(cwd, env);
  if (!tool) return surveyWithoutTool(others);
  const key = JSON.stringify([tool, statText(tool), readLine(bootIdPath), nvidiaState()]);
  const cache = join(cacheFolder, 'gpus.json');
  const remembered = readRemembered<NvidiaAnswer>(cache, key);
  // A driver that hangs would hold each launch: for a while its silence is remembered too.
  const failures = join(cacheFolder, 'gpus-failed.json');
  const failed = readRemembered<{ reason: string; atMs: number }>(failures, key);
  if (!remembered && failed && Math.abs(Date.now() - failed.atMs) < patienceMs) {
    return surveyByFiles(failed.reason, others);
  }
  try {
    const { gpus, cudaDriver } = remembered ?? (await askNvidia(tool, cwd, env));
    if (!remembered) remember(cache, key, { gpus, cudaDriver });
    return { gpus: [...gpus, ...others], cudaDriver, problem: null };
  } catch (error) {
    const reason = messageOf(error);
    remember(failures, key, { reason, atMs: Date.now() });
    return surveyByFiles(reason, others);
  }
}

const patienceMs = 60_000;

/** The tool without driver and device is part of many container images. */
function surveyByFiles(reason: string, others: Gpu[]): GpuSurvey {
  const told = readNvidiaFiles();
  const gpus = told === null || told.length === 0 ? null : [...told, ...others];
  return { gpus, cudaDriver: null, problem: `gpus: nvidia-smi: ${reason}` };
}

const bootIdPath = '/proc/sys/kernel/random/boot_id';

function surveyWithoutTool(others: Gpu[]): GpuSurvey {
  const told = readNvidiaFiles() ?? [];
  const isThere = ['/dev/nvidiactl', '/dev/nvidia0'].some((path) => existsSync(path));
  if (told.length > 0 || !isThere) {
    return { gpus: [...told, ...others], cudaDriver: null, problem: null };
  }
  const problem = 'gpus: an NVIDIA device is there, but no nvidia-smi';
  return { gpus: null, cudaDriver: null, problem };
}

function findTool(cwd: string, env: Variables): string | null {
  const usual = ['/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi', '/opt/bin/nvidia-smi'];
  return findProgram('nvidia-smi', cwd, env) ?? usual.find(isExecutable) ?? null;
}

/** AMD's driver tells all in files. */
function readAmdGpus(): Gpu[] {
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

/** The system's own report takes a while on a Mac, and what it tells does not change. */
async function readAppleGpus(cacheFolder: string): Promise<Gpu[]> {
  if (process.platform !== 'darwin') return [];
  const tool = '/usr/sbin/system_profiler';
  const cache = join(cacheFolder, 'displays.json');
  const key = statText('/System/Library/CoreServices/SystemVersion.plist');
  const remembered = readRemembered<Gpu[]>(cache, key);
  if (remembered) return remembered;
  const output = await new Promise<string>((done) => {
    const options = { timeout: 5_000, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
    execFile(tool, ['SPDisplaysDataType', '-json'], options, (_, text) => done(text));
  });
  const gpus = parseDisplays(output);
  if (gpus.length > 0) remember(cache, key, gpus);
  return gpus;
}

/** From the report of `system_profiler`; memory is the machine's own there. */
export function parseDisplays(output: string): Gpu[] {
  try {
    const { SPDisplaysDataType: list } = JSON.parse(output) as Record<string, unknown>;
    return (Array.isArray(list) ? list : []).flatMap((item: Record<string, unknown>) => {
      const name = item.sppci_model ?? item._name;
      if (typeof name !== 'string') return [];
      return [{ name, uuid: null, memoryBytes: null, driver: null }];
    });
  } catch {
    return [];
  }
}

function readRemembered<T>(path: string, key: string): T | null {
  try {
    const memory = JSON.parse(readText(path) ?? 'null') as { key: string; answer: T } | null;
    return memory?.key === key ? memory.answer : null;
  } catch {
    return null;
  }
}

function remember(path: string, key: string, answer: unknown): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}.tmp`, JSON.stringify({ key, answer }));
    renameSync(`${path}.${process.pid}.tmp`, path);
  } catch {
    // The next launch asks again.
  }
}
