import { homedir } from 'node:os';
import { isAbsolute, relative } from 'node:path';

/** What the user set as the interpreter (`python.defaultInterpreterPath`), and where. */
export interface PythonSetting {
  value: string | undefined;
  folder: string;
}

/**
 * The interpreter that runs a file: the one that was set, with the variables of settings replaced;
 * `python3` (`python` on Windows) where none was. The setting's own default counts as none.
 */
export function choosePython(
  { value, folder }: PythonSetting,
  platform = process.platform,
): string {
  const fallback = platform === 'win32' ? 'python' : 'python3';
  if (value === undefined || value.trim() === '' || value === 'python') return fallback;
  const path = value
    .replace(/\$\{workspaceFolder\}/g, () => folder)
    .replace(/\$\{userHome\}/g, homedir)
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => process.env[name] ?? '')
    .replace(/^~(?=[/\\])/, homedir);
  // Another variable than these, and it is not known what it stands for.
  return path.includes('${') ? fallback : path;
}

/** The words that run a Python file from its workspace folder, as one would type them. */
export function pythonCommand(python: string, file: string, folder: string): string[] {
  const short = (path: string) => {
    const below = relative(folder, path);
    return isAbsolute(path) && below !== '' && !below.startsWith('..') && !isAbsolute(below)
      ? below
      : path;
  };
  const script = short(file);
  // A word that begins with a dash would be an option.
  return [short(python), script.startsWith('-') ? `./${script}` : script];
}
