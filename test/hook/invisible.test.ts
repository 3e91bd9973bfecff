import assert from 'node:assert/strict';
import { withEachPython } from './support/each-python.ts';
import type { Ran } from './support/hooked.ts';

withEachPython('A program that is observed', ({ python, hooked }) => {
  /** What it prints and how it ends, with us and without. */
  const compare = (
    program: string,
    options: { arguments?: string[]; environment?: Record<string, string> } = {},
  ) => {
    const place = hooked({ 'train.py': program });
    const command = [python.path, ...(options.arguments ?? []), 'train.py'];
    const environment = { PYTHONDONTWRITEBYTECODE: '1', ...options.environment };
    const plain = place.runPlain(command, environment);
    place.reset({ 'train.py': program });
    const observed = place.run(command, environment);
    assert.deepEqual(withoutAddresses(observed), withoutAddresses(plain));
    assert.ok(place.of('process').length > 0, 'it was not observed');
    return { place, plain };
  };

  it('finds its path, environment, modules and warnings as they would be', () => {
    const { plain } = compare(
      `
import os, sys, warnings
print(sys.path)
ours = {'RUNRECORD_RUN_ID', 'RUNRECORD_DIR', 'RUNRECORD_EVENTS'}
print(sorted((name, value) for name, value in os.environ.items() if name not in ours))
# Before 3.10 what is registered to run at the end is lost with its module.
known = {'atexit'} if sys.version_info < (3, 10) else set()
print(sorted(name for name in set(sys.modules) - known if not name.startswith('_runrecord')))
print(sys.excepthook is sys.__excepthook__, sys.argv, sys.flags, sys.warnoptions, warnings.filters)
print(sorted(sys.path_importer_cache) == sorted(set(sys.path_importer_cache)), sys.gettrace(), sys.getprofile())
print(sys.pycache_prefix, sys.dont_write_bytecode)
import threading, signal
print(threading.active_count(), threading.excepthook)
print([signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGXFSZ)])
`,
    );
    assert.match(plain.stdout, /True/);
  });

  for (const path of [null, '', ':', '/first:/second', '/only', ':/after-nothing', '/trailing:']) {
    it(`finds PYTHONPATH=${path ?? ' unset'} as it was`, () => {
      compare(
        `
import os, subprocess, sys
print(sys.path, os.environ.get('PYTHONPATH'), os.getenv('PYTHONPATH'), 'PYTHONPATH' in os.environ)
os.environ['PYTHONPATH'] = '/changed'
print(os.environ['PYTHONPATH'])
code = 'import os, sys; print(os.environ.get("PYTHONPATH"), sys.path)'
sys.stdout.flush()
subprocess.run([sys.executable, '-c', code])
subprocess.run([sys.executable, '-c', code], env=dict(os.environ))
del os.environ['PYTHONPATH']
subprocess.run([sys.executable, '-c', code])
subprocess.run([sys.executable, '-c', code], env=dict(os.environ, PYTHONPATH=''))
print('PYTHONPATH' in os.environ)
`,
        { environment: path === null ? {} : { PYTHONPATH: path } },
      );
    });
  }

  it('is warned as it would be, also where warnings are errors and bytes are no text', () => {
    compare(
      `
import os, warnings, sys, subprocess
with open('x', 'wb') as file:
    file.write(b'1')
os.rename(b'x', b'y')
os.listdir(b'.')
with open(b'y') as file:
    file.read()
os.remove('y')
subprocess.check_output([sys.executable.encode(), b'-c', b'1'], env={b'A': b'1', **os.environb})
warnings.warn('last')
`,
      { arguments: ['-W', 'error', '-bb', '-X', 'dev'] },
    );
  });

  it('ends with its own exception, printed by whatever prints it', () => {
    compare(`
import os
def fail():
    try:
        os.open('none', os.O_RDONLY)
    except OSError as error:
        raise ValueError('second') from error
fail()
`);
    compare(`
import sys
def hook(kind, error, traceback):
    print('mine', kind, error, traceback.tb_next is None, file=sys.stderr)
sys.excepthook = hook
1 / 0
`);
    compare('import os\nos.execv("/none", ["none"])\n');
    compare('import os\nos.execve("/none", ["none"], dict(os.environ))\n');
    compare('import subprocess\nsubprocess.Popen(["/none"], env={"A": "1"})\n');
    compare('import os\nos.posix_spawn("/none", ["none"], os.environ)\n');
    compare('import os\nos.environ["a\\0"] = "1"\n');
    compare('raise SystemExit("words")\n');
    compare('raise KeyboardInterrupt\n');
    compare('import sys\nsys.exit(7)\n');
    compare('import os\nos._exit(9)\n');
    compare('import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n');
    compare('import os\nos.abort()\n');
    compare('this is no program\n');
  });

  it('is interrupted by its own signals, wherever it is', () => {
    compare(`
import os, signal, sys, time
class Late(Exception):
    pass
def late(number, frame):
    raise Late
signal.signal(signal.SIGALRM, late)
caught = 0
os.mkdir('many')
end = time.time() + 0.4
n = 0
while time.time() < end:
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0015)
        while True:
            n += 1
            os.close(os.open('many/%d' % n, os.O_WRONLY | os.O_CREAT))
            os.remove('many/%d' % n)
    except Late:
        caught += 1
    except OSError:
        pass
print(caught > 50)
`);
  });

  it('sees the same through its own audit hooks, traces and import finders', () => {
    compare(`
import sys
seen = []
def trace(frame, event, argument):
    seen.append(frame.f_code.co_filename)
    return trace
sys.settrace(trace)
open('x', 'w').close()
import colorsys
sys.settrace(None)
print([name for name in seen if 'runrecord' in name and not name.startswith('<frozen')])
import importlib.util
print(importlib.util.find_spec('colorsys') is colorsys.__spec__)
print(importlib.util.find_spec('no_such_module'), type(colorsys.__loader__))
try:
    import no_such_module
except ImportError as error:
    print(error, error.name)
`);
  });

  it('runs no file of its own for us that is called like a module of Python', () => {
    const loud = 'print("run", __name__)\n';
    const names =
      're enum token tokenize traceback linecache glob fnmatch resource json fcntl hashlib';
    const files = {
      'train.py': 'import os\nopen("x", "w").close()\nraise ValueError("password=hunter22")\n',
      ...Object.fromEntries(names.split(' ').map((name) => [`${name}.py`, loud])),
    };
    const place = hooked(files);
    const command = [python.path, 'train.py'];
    const observed = place.run(command);
    place.reset(files);
    assert.deepEqual(observed, place.runPlain(command));
    assert.deepEqual(place.writes(), ['create x']);
    assert.equal(place.of('exception').length, 1);
    assert.doesNotMatch(JSON.stringify(place.lines()), /hunter22/);
  });

  it('is told of its mistakes as it would be', () => {
    compare(
      `
import os
for mistake in (lambda: os.execve(), lambda: os.execve('x', []), lambda: os._exit(), lambda: os._exit('x'),
                lambda: os.putenv('a'), lambda: os.unsetenv(), lambda: os.posix_spawn('x'),
                lambda: os.execve('x', ['x'], 5), lambda: os.execve('', ['x'], {1: 2})):
    try:
        mistake()
    except Exception as error:
        print(type(error), error)
os.putenv('PYTHONPATH', '/x'); os.putenv(b'PYTHONPATH', b'/y')
print(os.execve in os.supports_fd)
`,
      { arguments: ['-bb'] },
    );
  });

  it('may open, start and set things until the very end', () => {
    compare(`
import builtins, os, sys, threading
class Kept:
    def __init__(self, name):
        self.name, self.open, self.rename, self.putenv = name, open, os.rename, os.putenv
        self.environ = os.environ
    def __del__(self):
        self.open(self.name, 'wb').close()
        self.rename(self.name, self.name + '-2')
        self.putenv('PYTHONPATH', '/x')
        print('deleted', self.name)
    def __call__(self):
        return self
here = Kept('main')
here.itself = here
builtins.kept, sys.kept, os.kept = Kept('builtins'), Kept('sys'), Kept('os')
def work():
    while True:
        open('by-thread', 'w').close()
threading.Thread(target=work, daemon=True).start()
`);
  });
});

/** Where an object lies in memory is another place at each run. */
function withoutAddresses(ran: Ran): Ran {
  return { ...ran, stderr: ran.stderr.replace(/0x[0-9a-f]+/g, '0x') };
}
