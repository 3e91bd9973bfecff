import { delimiter, join } from 'node:path';
import { files, variables } from '../../protocol/names.ts';
import type { Layout } from '../../store/layout.ts';
import { pythonSite } from '../observed/observed-folder.ts';

export interface ProgramEnvironment {
  /** As the program is to see it, and as the record has it. */
  seen: NodeJS.ProcessEnv;
  /** With what lets Python report from inside; it takes that out again before the program begins. */
  given: NodeJS.ProcessEnv;
}

/** The environment of a recorded program, from the recorder's own. */
export function programEnvironment(
  environment: NodeJS.ProcessEnv,
  layout: Layout,
  id: string,
): ProgramEnvironment {
  const folder = layout.runFolder(id);
  // VS Code's own Node runs this recorder as Electron; the program must not take itself for that.
  const { ELECTRON_RUN_AS_NODE: _, PYTHONPATH: path, ...rest } = environment;
  const own = withoutSite(path);
  const seen = {
    ...rest,
    ...(own === undefined ? {} : { PYTHONPATH: own }),
    [variables.runId]: id,
    [variables.folder]: folder,
    [variables.events]: join(folder, files.events),
  };
  return {
    seen,
    given: {
      ...seen,
      PYTHONPATH: own === undefined ? pythonSite() : pythonSite() + delimiter + own,
    },
  };
}

/** A recorded program that records another has passed on what was for itself alone. */
function withoutSite(path: string | undefined): string | undefined {
  const parts = path?.split(delimiter) ?? [];
  if (!parts.includes(pythonSite())) return path;
  const own = parts.filter((part) => part !== pythonSite());
  return own.length === 0 ? undefined : own.join(delimiter);
}
