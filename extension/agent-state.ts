/**
 * What the window knows of its agent. `idle`: there is nothing to show, so none was started;
 * `stopped`: it was given up; `unusable`: this VS Code's Node cannot run it; `mismatched`: it speaks
 * another version of the protocol. Welcome views go by these words.
 */
export const agentStates = [
  'idle',
  'starting',
  'ready',
  'stopped',
  'unusable',
  'mismatched',
] as const;
export type AgentState = (typeof agentStates)[number];

/** A sentence for the Runs view while it shows what was known before; undefined: nothing is wrong. */
export function describeState(state: AgentState): string | undefined {
  switch (state) {
    case 'stopped':
      return 'The agent has stopped, so this may be out of date. Restart Agent is in the menu of this view.';
    case 'unusable':
      return 'This VS Code cannot run the agent: update it to 1.125 or newer.';
    case 'mismatched':
      return 'The agent is of another version than this window: reload the window.';
    default:
      return undefined;
  }
}
