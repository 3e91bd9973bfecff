import type { Variables } from './find-program.ts';

/** Variables that change numbers or behaviour. All others stay where they are: they may be secrets. */
const allowed = new RegExp(
  `^(?:${[
    '(?:OMP|KMP|GOMP|MKL|OPENBLAS|GOTO|BLIS|NUMEXPR|VECLIB|BLAS|NUMBA|RAYON|POLARS|ARROW)_\\w+',
    '(?:CUDA|CUBLAS|CUDNN|NVIDIA|NCCL|HIP|HSA|ROCM|ROCR|MIOPEN|TRITON|GLOO|UCX)_\\w+',
    '(?:TORCH|TORCHINDUCTOR|PYTORCH|XLA|JAX|KERAS|MXNET|ONEDNN|DNNL|ACCELERATE|FLAX)_\\w+',
    // Not all of TF_*: Terraform keeps its variables and tokens there.
    'TF_(?:CONFIG|XLA_FLAGS|DETERMINISTIC_OPS|(?:CPP|CUDNN|ENABLE|DISABLE|FORCE|GPU|NUM|USE|CPU|AUTOTUNE|KERAS)_\\w+)',
    'PYTHON(?:HASHSEED|PATH|HOME|OPTIMIZE|DONTWRITEBYTECODE|NOUSERSITE|SAFEPATH|UNBUFFERED|UTF8|IOENCODING|MALLOC|WARNINGS|DEVMODE|FAULTHANDLER|BREAKPOINT|_GIL|_JIT|INTMAXSTRDIGITS)',
    'LANG|LANGUAGE|LC_\\w+|TZ|SOURCE_DATE_EPOCH',
    'MALLOC_\\w+|LD_LIBRARY_PATH|LD_PRELOAD|DYLD_\\w+|GLIBC_TUNABLES',
    'CONDA_DEFAULT_ENV|CONDA_PREFIX|VIRTUAL_ENV|PYENV_VERSION|UV_PROJECT_ENVIRONMENT',
    'HYDRA_FULL_ERROR|TOKENIZERS_PARALLELISM|TRANSFORMERS_(?:OFFLINE|CACHE|VERBOSITY)',
    'HF_(?:HOME|HUB_OFFLINE|DATASETS_OFFLINE|DATASETS_CACHE|HUB_CACHE|ENDPOINT)|WANDB_(?:MODE|DISABLED|PROJECT|ENTITY)',
    'MLFLOW_(?:TRACKING_URI|EXPERIMENT_NAME|EXPERIMENT_ID)',
    '(?:MASTER_ADDR|MASTER_PORT|WORLD_SIZE|RANK|LOCAL_RANK|LOCAL_WORLD_SIZE|NODE_RANK|GROUP_RANK)',
    'JULIA_(?:NUM_THREADS|PROJECT|LOAD_PATH|DEPOT_PATH)|R_(?:LIBS|LIBS_USER|LIBS_SITE|HOME|ENVIRON|PROFILE)',
    'NODE_(?:ENV|OPTIONS|PATH)|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|GOMAXPROCS|SEED|PL_GLOBAL_SEED',
  ].join('|')})$`,
);
const neverAllowed = /(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_?KEY|CREDENTIAL)/i;

/** These are told even when not set: that they are not is what matters. */
const always = ['CUDA_VISIBLE_DEVICES', 'OMP_NUM_THREADS', 'PYTHONHASHSEED'];

/** The settings of the program's environment, sorted; `redact` gets each value. */
export function readSettings(
  env: Variables,
  redact: (name: string, value: string) => string,
): Record<string, string | null> {
  const settings: Record<string, string | null> = {};
  const names = Object.keys(env).filter((name) => allowed.test(name) && !neverAllowed.test(name));
  for (const name of [...new Set([...always, ...names])].sort()) {
    const value = env[name];
    settings[name] = value === undefined ? null : redact(name, value);
  }
  return settings;
}
