import type { Variables } from './find-program.ts';

/** What a scheduler says of the job that this runs in; nothing that grants access. */
const allowed = new RegExp(
  `^(?:${[
    'SLURM_(?:JOB_ID|JOBID|JOB_NAME|JOB_NODELIST|NODELIST|JOB_NUM_NODES|NNODES|NTASKS|NPROCS|PROCID|LOCALID|NODEID|CPUS_PER_TASK|CPUS_ON_NODE|JOB_CPUS_PER_NODE|GPUS|GPUS_PER_NODE|GPUS_PER_TASK|GPUS_ON_NODE|JOB_GPUS|STEP_GPUS|MEM_PER_NODE|MEM_PER_CPU|MEM_PER_GPU|JOB_PARTITION|JOB_QOS|JOB_ACCOUNT|CLUSTER_NAME|ARRAY_JOB_ID|ARRAY_TASK_ID|STEP_ID|RESTART_COUNT|JOB_END_TIME|SUBMIT_HOST|SUBMIT_DIR)',
    'PBS_(?:JOBID|JOBNAME|QUEUE|NUM_NODES|NUM_PPN|NP|NODENUM|ARRAY_INDEX|ARRAYID|O_HOST|O_QUEUE|WALLTIME)|NCPUS',
    'LSB_(?:JOBID|JOBNAME|JOBINDEX|QUEUE|HOSTS|MCPU_HOSTS|DJOB_NUMPROC|MAX_NUM_PROCESSORS)',
    'SGE_(?:TASK_ID|CELL|CLUSTER_NAME|O_HOST)|JOB_ID|JOB_NAME|QUEUE|NSLOTS|NHOSTS|PE',
    'FLUX_JOB_(?:ID|SIZE|NNODES)|COBALT_(?:JOBID|PARTNAME|JOBSIZE)|OAR_JOB_ID|_CONDOR_(?:SLOT|JOB_IWD)',
    'POD_NAME|POD_NAMESPACE|NODE_NAME|JOB_COMPLETION_INDEX|RAY_JOB_ID',
    'AWS_BATCH_JOB_(?:ID|ATTEMPT|ARRAY_INDEX)|AWS_BATCH_JQ_NAME|SM_TRAINING_ENV_JOB_NAME',
  ].join('|')})$`,
);
/** Without one of these the rest are words of somebody else's. */
const jobId =
  /^(?:SLURM_JOB_?ID|PBS_JOBID|LSB_JOBID|SGE_CELL|FLUX_JOB_ID|COBALT_JOBID|OAR_JOB_ID|_CONDOR_SLOT|KUBERNETES_SERVICE_HOST|AWS_BATCH_JOB_ID|RAY_JOB_ID)$/;

/** The scheduler's allocation as its variables tell it, or null outside of one. */
export function readAllocation(
  env: Variables,
  redact: (name: string, value: string) => string,
): Record<string, string> | null {
  const names = Object.keys(env).filter((name) => env[name] !== undefined && env[name] !== '');
  if (!names.some((name) => jobId.test(name))) return null;
  const told = names.filter((name) => allowed.test(name)).sort();
  if (told.length === 0) return null;
  return Object.fromEntries(told.map((name) => [name, redact(name, env[name] ?? '')]));
}
