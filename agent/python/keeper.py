"""The keeper: holds a program's terminal and pipes, keeps its log, and sees its end.

It stands between the recorder, which may be killed, and the program, which must not notice.
Started as `python -I -S keeper.py`, with a socket to the recorder as descriptor 3. Standard
library only, Python 3.8 and newer. This file is small because a script is compiled at every
start, while the modules of `keeping` come from the bytecode cache.

`keeper.py --restore MODES` gives a terminal its modes back after a keeper that was killed.
"""
import sys


def start():
    if sys.version_info < (3, 8):
        import os
        text = '{"type": "unfit", "message": "%s is %d.%d, and 3.8 is needed"}\n'
        text %= ('the newest Python found',) + tuple(sys.version_info[:2])
        os.write(3, text.encode('ascii'))
        return 1
    sys.path.insert(0, __file__.rpartition('/')[0] or '.')
    if sys.argv[1:2] == ['--restore']:
        from keeping.terminal import restore_modes
        return restore_modes(sys.argv[2])
    from keeping.supervisor import supervise
    return supervise(3)


if __name__ == '__main__':
    sys.exit(start())
