/** Pseudo files and what the system keeps for all programs: never data. */
const system =
  /^\/(?:proc|sys|dev|run|boot|usr\/(?:lib\d*|libexec|bin|sbin|include|share\/(?:zoneinfo|locale|mime|fonts?|X11|ca-certificates|misc|i18n|terminfo|nvidia|cmake|gdb|python3?|glib-2\.0|icons|pixmaps))|lib\d*|bin|sbin|etc|opt\/cuda[^/]*|usr\/local\/(?:cuda[^/]*|lib\d*|bin|share\/(?:fonts?|ca-certificates)))(?:\/|$)/;

/** Folders of interpreters, packages and tools, wherever they lie. */
const libraries =
  /\/(?:site-packages|dist-packages|lib\d*\/python\d[\d.]*|lib\d*\/R|__pycache__|\.git(?!\/annex\/objects\/)|\.hg|\.svn|\.dvc\/(?:cache(?!\/files\/)|tmp|config)|node_modules|\.ipynb_checkpoints|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|conda-meta|[^/]+\.(?:dist-info|egg-info))(?:\/|$)/;

/** What tools keep for themselves in the user's home folder or the temporary one. */
const caches =
  /\/(?:\.cache\/(?:matplotlib|fontconfig|pip|uv|numba|mesa_shader_cache|nvidia|torch\/(?:kernels|inductor)|torch_extensions|jax|pre-commit|black|mypy)|\.config\/(?:matplotlib|pip|git|fontconfig|dask|numba)|\.nv|\.triton|\.numba_cache|\.keras\/keras\.json|\.ipython|\.jupyter|\.local\/share\/(?:jupyter|fonts|mime)|\.matplotlib|\.fonts)(?:\/|$)/;

const compiled = /\.(?:py[cod]|pyi|pth|so(?:\.\d+)*|dylib|dll|nb[ic])$/;

const code =
  /\.(?:py|pyw|pyx|pxd|ipynb|R|Rmd|jl|sh|bash|zsh|js|mjs|cjs|ts|c|cc|cpp|cxx|cu|cuh|h|hh|hpp|f|f90|go|rs|java|scala|m|pl|rb|lua|stan)$/;

/** Names that `tempfile` and the libraries that use it give to what lives for one run. */
const scratch =
  /^(?:tmp[a-z0-9_]{6,12}(?:\.|$|\/)|pymp-|joblib_memmapping_folder_|torchelastic_|torchinductor_|matplotlib-|wandb-|ray\/|hsperfdata_|cuda-|pip-|\.)/;

/** Whether a file is the system's, a library's or a tool's own: neither data nor a result. */
export function isFurniture(path: string): boolean {
  return system.test(path) || libraries.test(path) || caches.test(path);
}

/** What an interpreter loads as code, compiled or not. */
export function isLoaded(path: string): boolean {
  return compiled.test(path);
}

/** Whether a file is told by its name to be code: the record has it with the code. */
export function isCode(path: string, insideWorkspace: boolean): boolean {
  return /\.pyw?$/.test(path) || (insideWorkspace && code.test(path));
}

/** Whether what was written there is scratch that a library leaves in a temporary folder. */
export function isScratch(path: string, temporaryFolders: string[]): boolean {
  return temporaryFolders.some(
    (folder) => path.startsWith(`${folder}/`) && scratch.test(path.slice(folder.length + 1)),
  );
}
