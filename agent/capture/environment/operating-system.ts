import { readFileSync } from 'node:fs';
import { release, type } from 'node:os';
import type { Environment } from '../../protocol/record.ts';

/** Name, kernel release and distribution (`Debian 12`). */
export function readOperatingSystem(): Environment['os'] {
  return { name: type(), release: release(), distribution: readDistribution() };
}

function readDistribution(): string | null {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return describeDistribution(readFileSync(path, 'utf8'));
    } catch {
      // The next place.
    }
  }
  return null;
}

/** From the text of `os-release`: name and version, or the pretty name of one without versions. */
export function describeDistribution(text: string): string | null {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}=(["']?)(.*)\\1\\s*$`, 'm').exec(text)?.[2];
  const name = value('NAME')?.replace(/ GNU\/Linux$/, '');
  const version = value('VERSION_ID');
  return name && version ? `${name} ${version}` : (value('PRETTY_NAME') ?? name ?? null);
}
