"""Hostile and unlucky hand-ins: what each does, and the verdicts that are acceptable for it.

Each defines `answer(x)`, which an honest hand-in answers with 2 * x. A verdict is the name of an exception, of a way to
end, or "wrong" where a plain value comes back that the trusted side will judge like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Attack:
    """One hostile hand-in; `verdicts` is what may become of it."""

    name: str
    verdicts: tuple[str, ...]
    source: str


def _attacks(*rows: tuple[str, str, str]) -> tuple[Attack, ...]:
    return tuple(Attack(name, tuple(verdicts.split()), dedent(source).strip("\n")) for name, verdicts, source in rows)


def _in_answer(*rows: tuple[str, str, str]) -> tuple[Attack, ...]:
    """Attacks that are a single statement inside the function."""
    return tuple(
        Attack(name, tuple(verdicts.split()), f"import os, sys, ctypes\nimport numpy as np\ndef answer(x):\n    {line}")
        for name, verdicts, line in rows
    )


LEAVING = _in_answer(
    ("os._exit", "crashed", "os._exit(0)"),
    ("sys.exit", "SystemExit", "sys.exit(0)"),
    ("exit", "SystemExit NameError", "exit()"),
    ("os.abort", "crashed", "os.abort()"),
    ("a null pointer", "crashed", "ctypes.string_at(0)"),
    ("SIGKILL to itself", "crashed out_of_memory wrong", "os.kill(os.getpid(), 9)"),
    ("SIGTERM to itself", "crashed wrong", "os.kill(os.getpid(), 15)"),
    ("KeyboardInterrupt", "KeyboardInterrupt", "raise KeyboardInterrupt"),
    ("endless recursion", "RecursionError", "return answer(x)"),
    ("recursion without a limit", "crashed RecursionError out_of_memory timeout",
     "sys.setrecursionlimit(10**9); return answer(x)"),
    ("an exception that cannot be shown", "Evil", "raise type('Evil', (Exception,), {'__str__': lambda s: 1 / 0})()"),
    ("an exception with a megabyte of text", "ValueError", "raise ValueError('x' * 2**20)"),
    ("an exception class with a hostile name", "<script>", "raise type('<script>', (Exception,), {})()"),
)  # fmt: skip

LOOPS = _attacks(
    ("an endless loop", "timeout", "def answer(x):\n    while True: pass"),
    (
        "a loop that swallows every exception",
        "timeout",
        """
        def answer(x):
            while True:
                try:
                    while True: pass
                except BaseException: pass
        """,
    ),
    (
        "every signal ignored",
        "timeout",
        """
        import signal, time
        def answer(x):
            for number in signal.valid_signals() - {9, 19}:
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            time.sleep(60)
        """,
    ),
    ("a number too large to print", "timeout", "def answer(x):\n    return 10 ** 10 ** 10"),
    (
        "a regular expression without end",
        "timeout",
        "import re\ndef answer(x):\n    re.match('(a+)+$', 'a' * 40 + 'b')",
    ),
)

BOMBS = _attacks(
    ("a memory bomb at once", "out_of_memory timeout", "import numpy as np\ndef answer(x):\n    return np.ones(2**36)"),
    (
        "a memory bomb in small pieces",
        "out_of_memory timeout",
        "def answer(x):\n    kept = []\n    while True: kept.append(bytearray(2**20))",
    ),
    (
        "a memory bomb that swallows MemoryError",
        "timeout out_of_memory crashed",
        """
        def answer(x):
            kept = []
            while True:
                try: kept.append(bytearray(2**20))
                except MemoryError: pass
        """,
    ),
    ("a fork bomb", "PermissionError BlockingIOError", "import os\ndef answer(x):\n    while True: os.fork()"),
    (
        "a thread bomb",
        "RuntimeError timeout out_of_memory",
        """
        import threading, time
        def answer(x):
            while True: threading.Thread(target=time.sleep, args=(60,)).start()
        """,
    ),
    (
        "a full scratch",
        "OSError PermissionError",
        """
        def answer(x):
            for number in range(10_000):
                with open(f'fill{number}', 'wb') as file: file.write(bytes(2**20))
        """,
    ),
    (
        "ten thousand empty files",
        "OSError PermissionError",
        "def answer(x):\n    for number in range(10_000): open(f'{number}', 'w').close()",
    ),
    ("fifty megabytes printed", "wrong", "def answer(x):\n    print('x' * 50_000_000)\n    return 2 * x"),
    (
        "an output flood without end",
        "timeout",
        "import os\ndef answer(x):\n    while True: os.write(1, b'x' * 65536); os.write(2, b'y' * 65536)",
    ),
    (
        "descriptors without end",
        "OSError",
        "import os\ndef answer(x):\n    while True: os.dup(0)",
    ),
)

REACHING_OUT = _in_answer(
    ("read /etc/passwd", "FileNotFoundError PermissionError", "return open('/etc/passwd').read()"),
    ("read /etc/shadow", "FileNotFoundError PermissionError", "return open('/etc/shadow').read()"),
    ("read the planted file", "FileNotFoundError PermissionError", "return open('@PLANTED@').read()"),
    ("link to the planted file", "FileNotFoundError PermissionError OSError",
     "os.symlink('@PLANTED@', 'link'); return open('link').read()"),
    ("list the solutions", "FileNotFoundError PermissionError", "return os.listdir('@SOLUTIONS@')"),
    ("list /home", "FileNotFoundError PermissionError", "return os.listdir('/home')"),
    ("list /proc/1", "FileNotFoundError PermissionError", "return os.listdir('/proc/1')"),
    ("read its parent's environment", "FileNotFoundError PermissionError",
     "return open(f'/proc/{os.getppid()}/environ').read()"),
    ("read memory through /proc", "FileNotFoundError PermissionError", "return open('/proc/self/mem', 'rb').read(1)"),
    ("write into the runtime", "OSError PermissionError FileNotFoundError",
     "open(np.__path__[0] + '/evil.py', 'w').write('x')"),
    ("write into the grader", "OSError PermissionError FileNotFoundError",
     "open(sys.modules['common.wire'].__file__, 'a').write('x')"),
    ("write to /tmp of the host", "FileNotFoundError PermissionError", "open('@PLANTED@.new', 'w').write('x')"),
    ("open a socket", "PermissionError", "import socket; socket.socket()"),
    ("open a unix socket", "PermissionError", "import socket; socket.socket(socket.AF_UNIX)"),
    ("a pair of sockets", "PermissionError", "import socket; socket.socketpair()"),
    ("fetch a page", "URLError", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')"),
    ("a shell", "PermissionError BlockingIOError wrong", "return os.system('id')"),
    ("a program", "PermissionError BlockingIOError FileNotFoundError", "import subprocess; subprocess.run(['id'])"),
    ("exec", "PermissionError", "os.execv(sys.executable, ['python'])"),
    ("a process by multiprocessing", "PermissionError OSError FileNotFoundError BlockingIOError",
     "import multiprocessing as m; p = m.get_context('fork').Process(target=print); p.start()"),
    ("kill everything", "PermissionError ProcessLookupError", "os.kill(-1, 9)"),
    ("kill its parent", "PermissionError ProcessLookupError", "os.kill(os.getppid() or 2, 9)"),
    ("become root", "PermissionError OSError", "os.setuid(0)"),
    ("chmod", "PermissionError FileNotFoundError", "os.chmod('.', 0o777)"),
    ("chroot", "PermissionError", "os.chroot('.')"),
    ("unshare", "wrong PermissionError", "return ctypes.CDLL(None).unshare(0x10000000)"),
    ("mount", "wrong", "return ctypes.CDLL(None).mount(b'x', b'/scratch', b'tmpfs', 0, 0)"),
    ("ptrace", "wrong", "return ctypes.CDLL(None).ptrace(0, 0, 0, 0)"),
    ("clear the parent-death signal", "wrong", "return ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)"),
    ("keyring", "wrong", "return ctypes.CDLL(None).syscall(250, 0, -3, 0)"),
    ("io_uring", "wrong", "return ctypes.CDLL(None).syscall(425, 1, 0)"),
    ("memory files outside the limit", "PermissionError", "return os.memfd_create('x')"),
    ("shared memory", "FileNotFoundError PermissionError",
     "from multiprocessing import shared_memory as s; s.SharedMemory('x')"),
    ("raise its limits", "ValueError PermissionError", "import resource as r; r.setrlimit(r.RLIMIT_AS, (-1, -1))"),
    ("signals by file ownership", "PermissionError", "import fcntl; fcntl.fcntl(4, fcntl.F_SETOWN, 1)"),
)  # fmt: skip

LYING = _attacks(
    (
        "an object that equals everything",
        "UnreadableAnswer",
        "class Liar:\n    def __eq__(self, other): return True\n    __hash__ = None\ndef answer(x):\n    return Liar()",
    ),
    (
        "an object that claims to be an array",
        "UnreadableAnswer",
        """
        import numpy as np
        class Liar:
            __class__ = np.ndarray
            def __array__(self, *args, **kwargs): return np.zeros(3)
        def answer(x):
            return Liar()
        """,
    ),
    (
        "an array whose comparisons lie",
        "wrong",
        """
        import numpy as np
        class Liar(np.ndarray):
            def __eq__(self, other): return np.ones(self.shape, bool)
            def __array_ufunc__(self, *args, **kwargs): return np.array(True)
        def answer(x):
            return np.zeros(3).view(Liar)
        """,
    ),
    (
        "an array of objects",
        "UnreadableAnswer",
        "import numpy as np\ndef answer(x):\n    return np.array([x], dtype=object)",
    ),
    ("a record array", "UnreadableAnswer", "import numpy as np\ndef answer(x):\n    return np.zeros(3, 'f8,f8')"),
    ("a generator", "UnreadableAnswer", "def answer(x):\n    yield x"),
    ("a list that holds itself", "UnreadableAnswer", "def answer(x):\n    y = []\n    y.append(y)\n    return y"),
    (
        "a view with an absurd shape",
        "UnreadableAnswer",
        "import numpy as np\ndef answer(x):\n    return np.broadcast_to(np.float64(1), (2**20, 2**20))",
    ),
    (
        "an object that raises when it is looked at",
        "UnreadableAnswer",
        """
        class Evil:
            def __getattribute__(self, name): raise SystemExit
        def answer(x):
            return Evil()
        """,
    ),
    (
        "numpy's own comparisons replaced",
        "wrong",
        """
        import numpy as np
        np.testing.assert_allclose = np.allclose = np.array_equal = lambda *args, **kwargs: True
        def answer(x):
            return 7
        """,
    ),
    (
        "builtins replaced",
        "wrong UnreadableAnswer crashed refused TypeError",
        "import builtins\nbuiltins.len = builtins.isinstance = lambda *args: 7\ndef answer(x):\n    return 7",
    ),
    (
        "the interpreter's own tables emptied",
        "wrong crashed UnreadableAnswer NameError",
        "import sys\nsys.modules.clear()\ndef answer(x):\n    return 7",
    ),
)

TAMPERING = _attacks(
    (
        "every descriptor written to",
        "refused",
        """
        import os
        def answer(x):
            for fd in range(256):
                try: os.write(fd, b'{"score": 100}' * 20)
                except OSError: pass
            return x
        """,
    ),
    (
        "a forged answer, then silence",
        "wrong",
        """
        import os
        from common import wire
        def answer(x):
            os.write(4, wire.pack(2, ('value', 7, ())))
            os._exit(0)
        """,
    ),
    (
        "a forged answer to every request to come",
        "wrong refused",
        """
        import os
        from common import wire
        def answer(x):
            for number in range(2, 50): os.write(4, wire.pack(number, ('value', 7, ())))
            return 7
        """,
    ),
    (
        "a verdict instead of an answer",
        "refused",
        """
        import os
        from common import wire
        def answer(x):
            os.write(4, wire.pack(2, {'score': 100, 'passed': True}))
            os._exit(0)
        """,
    ),
    (
        "an answer that never ends",
        "timeout",
        """
        import os, time
        from common import wire
        def answer(x):
            frame = wire.pack(2, ('value', x, ()))
            os.write(4, frame[:-1])
            while True: time.sleep(1)
        """,
    ),
    (
        "an answer of an exbibyte",
        "refused",
        """
        import os
        from common import wire
        def answer(x):
            os.write(4, wire.PREAMBLE.pack(wire.MAGIC, 9, 2**60))
            while True: pass
        """,
    ),
    (
        "the worker rewritten through gc",
        "wrong refused crashed",
        """
        import gc, types
        def answer(x):
            for each in gc.get_objects():
                if isinstance(each, types.FunctionType) and (each.__module__ or '').startswith('autograder'):
                    try: each.__code__ = (lambda *args, **kwargs: ('value', 7, ())).__code__
                    except ValueError: pass
            return 7
        """,
    ),
    (
        "the frames above",
        "wrong",
        """
        import sys
        def answer(x):
            frame, found = sys._getframe(), []
            while frame:
                found += [repr(value)[:200] for value in frame.f_locals.values()]
                frame = frame.f_back
            return found
        """,
    ),
    (
        "a thread left behind that forges",
        "wrong refused",
        """
        import os, threading, time
        from common import wire
        def forge():
            while True:
                time.sleep(0.001)
                os.write(4, wire.pack(3, ('value', 7, ())))
        def answer(x):
            threading.Thread(target=forge, daemon=True).start()
            return 7
        """,
    ),
    (
        "atexit",
        "wrong",
        "import atexit, os\natexit.register(os._exit, 0)\ndef answer(x):\n    return 7",
    ),
    (
        "the request pipe drained",
        "timeout",
        "import os\ndef answer(x):\n    while True: os.read(3, 2**20)",
    ),
    (
        "tracing every call",
        "wrong",
        """
        import sys
        sys.settrace(lambda *args: None)
        sys.setprofile(lambda *args: None)
        def answer(x):
            return 7
        """,
    ),
    (
        "a module that shadows the standard library",
        "wrong PermissionError",
        """
        def answer(x):
            with open('msgpack.py', 'w') as file: file.write('raise SystemExit')
            return 7
        """,
    ),
)

HOSTILE = (*LEAVING, *LOOPS, *BOMBS, *REACHING_OUT, *LYING, *TAMPERING)
