/** Programs that read no data and leave nothing behind: asked by libraries about the machine. */
const harmless = new Set(
  (
    'true false : echo printf sleep wait exit test [ set unset export local return shift umask ulimit ' +
    'mkdir rmdir kill pwd type alias hash jobs read times ' +
    'uname ldconfig lscpu lspci lsblk lsusb lsof nvidia-smi rocm-smi rocminfo xpu-smi nproc arch ' +
    'hostname hostid whoami id groups logname users who tty stty tput clear reset which whereis date ' +
    'cal uptime getconf locale free df ps pgrep pidof top vmstat lsb_release sysctl sw_vers ' +
    'system_profiler hostnamectl dmidecode ifconfig ip netstat ss ping basename dirname realpath ' +
    'readlink seq expr yes mktemp file ls stat du printenv dpkg-architecture objdump ld sync ' +
    'xset xdpyinfo loginctl notify-send say fc-list fc-match'
  ).split(' '),
);

/** Git's questions; what changes a working tree is not among them. */
const gitQuestions = new Set(
  (
    'rev-parse status diff log show branch remote config describe ls-files ls-tree cat-file rev-list ' +
    'symbolic-ref name-rev version for-each-ref blame shortlog diff-index diff-files diff-tree var ' +
    'merge-base hash-object check-ignore help --version'
  ).split(' '),
);

/** Whether a command tells of the machine or of itself, and touches no file that counts. */
export function isHarmless(argv: string[]): boolean {
  const [command = '', ...words] = argv;
  const name = command.slice(command.lastIndexOf('/') + 1);
  if (harmless.has(name)) return true;
  if (words.length === 1 && /^(?:--?version|--?help|-[vVh]|version)$/.test(words[0] ?? '')) {
    return true;
  }
  if (name === 'git') return gitQuestions.has(gitVerb(words));
  // `ctypes.util.find_library`, and compilers that are asked for their version or their paths.
  const isCompiler = /^(?:[\w-]+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|nvcc)(?:-[\d.]+)?$/.test(
    name,
  );
  if (!isCompiler) return false;
  return words.some((word) => /^(?:-v|-V|--version|-dump\w+|-print-.*|-Wl,-t)$/.test(word));
}

function gitVerb(words: string[]): string {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-C' || word === '-c') at += 1;
    else if (!word.startsWith('-') || word === '--version') return word;
  }
  return '';
}
