/** What the process outside tells the suites inside VS Code, by this environment variable. */
export const insideVariable = 'RUNRECORD_TEST_INSIDE';

export interface Inside {
  /** Bundled suites, absolute. */
  suites: string[];
  /** Where the counts go. */
  results: string;
  /** Where what there is to read goes. */
  output: string;
  reporter: string;
  timeoutMs: number;
  grep: string | null;
}
