import * as vscode from 'vscode';
import { shellKindOf } from './shell.ts';

// A shell that tells of its commands does so while it starts, or not at all.
const integrationMs = 3000;

interface Owned {
  terminal: vscode.Terminal;
  cwd: string;
  /** The command that was typed is known to have ended. */
  idle: boolean;
}

/** The terminals that runs were launched in: one that is free is used again for a run of its name. */
export class LaunchTerminals implements vscode.Disposable {
  #owned: Owned[] = [];
  readonly #subscription = vscode.window.onDidCloseTerminal((closed) => {
    this.#owned = this.#owned.filter(({ terminal }) => terminal !== closed);
  });

  /** Types a line into the user's own shell, as if by hand. */
  async type(name: string, cwd: string, line: string): Promise<void> {
    const owned = this.#freeOne(name, cwd) ?? this.#open(name, cwd);
    owned.idle = false;
    owned.terminal.show(true);
    const integration = await waitForIntegration(owned.terminal);
    if (integration === undefined) return owned.terminal.sendText(line);
    const execution = integration.executeCommand(line);
    const ended = vscode.window.onDidEndTerminalShellExecution((event) => {
      if (event.execution !== execution) return;
      owned.idle = true;
      ended.dispose();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #freeOne(name: string, cwd: string): Owned | undefined {
    return this.#owned.find(
      (one) => one.idle && one.cwd === cwd && one.terminal.creationOptions.name === name,
    );
  }

  #open(name: string, cwd: string): Owned {
    const terminal = vscode.window.createTerminal({
      name,
      cwd,
      env: { RUNRECORD_VIA: 'palette' },
      iconPath: new vscode.ThemeIcon('run'),
    });
    const owned = { terminal, cwd, idle: false };
    this.#owned.push(owned);
    return owned;
  }
}

/** The shell's integration, waited for where the shell may have one. */
async function waitForIntegration(
  terminal: vscode.Terminal,
): Promise<vscode.TerminalShellIntegration | undefined> {
  await terminal.processId;
  if (terminal.shellIntegration !== undefined) return terminal.shellIntegration;
  const kind = shellKindOf(vscode.env.shell);
  if (kind === 'cmd' || /(^|\/)(da)?sh$/.test(vscode.env.shell)) return undefined;
  return await new Promise((resolve) => {
    const settle = (found: vscode.TerminalShellIntegration | undefined) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(found);
    };
    const timer = setTimeout(() => settle(undefined), integrationMs);
    const subscription = vscode.window.onDidChangeTerminalShellIntegration((event) => {
      if (event.terminal === terminal) settle(event.shellIntegration);
    });
  });
}
