import { isBuiltin } from 'node:module';

/** How a program of ours is started on the Node that VS Code itself runs on. */
export interface NodeCommand {
  /** Absolute path: Node, or Electron, which is Node where `ELECTRON_RUN_AS_NODE` says so. */
  path: string;
  isElectron: boolean;
  version: string;
}

export function ownNode(): NodeCommand {
  return {
    path: process.execPath,
    isElectron: process.versions.electron !== undefined,
    version: process.versions.node,
  };
}

/** The environment of a program that is started on it. */
export function environmentOf(node: NodeCommand, base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return node.isElectron ? { ...base, ELECTRON_RUN_AS_NODE: '1' } : { ...base };
}

/**
 * What Node is given to run the agent: flags that count only at its start. It is idle most of the
 * time: a young generation and helper threads as of a busy server would be a tenth of what it takes.
 */
export function agentArguments(program: string): string[] {
  return ['--max-semi-space-size=1', '--v8-pool-size=0', program, 'lsp', '--stdio'];
}

/** Why the agent cannot run on this Node, and what to do; null where it can. */
export function whyUnusable(node: NodeCommand, hasModule = isBuiltin): string | null {
  if (hasModule('node:sqlite')) return null;
  return (
    `The Run Record agent cannot start: Node ${node.version} at ${node.path} has no node:sqlite, ` +
    'which the records are read with. Update VS Code to 1.125 or newer.'
  );
}
