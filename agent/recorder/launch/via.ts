import { launchers } from '../../protocol/record.ts';

type Via = (typeof launchers)[number];

const schedulers = [
  'SLURM_JOB_ID',
  'PBS_JOBID',
  'LSB_JOBID',
  'SGE_TASK_ID',
  'KUBERNETES_SERVICE_HOST',
];

/** Through what a run was launched; who starts the recorder may say so in `RUNRECORD_VIA`. */
export function detectLauncher(environment: NodeJS.ProcessEnv, isTerminal: boolean): Via {
  const said = launchers.find((via) => via === environment.RUNRECORD_VIA);
  if (said !== undefined) return said;
  if (schedulers.some((name) => environment[name] !== undefined)) return 'scheduler';
  return isTerminal ? 'terminal' : 'cli';
}
