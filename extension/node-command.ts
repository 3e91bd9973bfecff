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

/** Why the agent cannot run on this Node, and what to do; null where it can. */
export function whyUnusable(node: NodeCommand, hasModule = isBuiltin): string | null {
  if (hasModule('node:sqlite')) return null;
  return (
    `The Run Record agent cannot start: Node ${node.version} at ${node.path} has no node:sqlite, ` +
    'which the records are read with. Update VS Code to 1.125 or newer.'
  );
}
