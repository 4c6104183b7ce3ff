"""Attacks on the score itself: on whatever compares, shows, sends or stores it."""

from __future__ import annotations

from pathlib import Path

from hand_ins import HERE, SCALE, HandIn, attack, inside

SHADOW = "raise SystemExit('shadowed')\n"


def linked(folder: Path) -> None:
    """Links to all files of the machine, and to the rubric beside this file."""
    (folder / "everything").symlink_to("/")
    (folder / "rubric.py").symlink_to(HERE / "course" / "solutions" / SCALE.assignment / "rubric.py")


AGAINST_NOTEBOOK_GRADERS = (
    inside("errors are no longer shown (`showtraceback` replaced)", "error",
           "get_ipython().__class__.showtraceback = lambda *a, **k: None", nbgrader="0 of 5"),
    attack("later cells become empty (`input_transformers_cleanup`)", "failed", """
        get_ipython().input_transformers_cleanup.append(lambda lines: [])
        def scale(x, factor):
            return 7
        """, nbgrader="**5 of 5**"),
    attack("the kernel answers \"ok\" (`do_execute` replaced)", "failed", """
        try:
            from ipykernel.ipkernel import IPythonKernel
            async def execute(self, *arguments, **options):
                return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
            IPythonKernel.do_execute = execute
        except BaseException:
            pass
        def scale(x, factor):
            return 7
        """, nbgrader="**5 of 5**"),
    attack("`np.testing.assert_allclose` and all comparisons replaced", "failed", """
        import numpy as np
        np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
        np.allclose = np.array_equal = np.isclose = np.all = lambda *a, **k: True
        def scale(x, factor):
            return 7
        """, nbgrader="**2 of 5**"),
    attack("an object whose `__eq__` and `__array__` lie", "failed", """
        import numpy as np
        class Liar:
            __class__ = np.ndarray
            shape, dtype, ndim = (5,), np.dtype(float), 1
            def __eq__(self, other): return np.ones(5, bool)
            def __array__(self, *a, **k): return np.zeros(5)
            def __sub__(self, other): return np.zeros(5)
            def __array_ufunc__(self, *a, **k): return np.zeros(5)
            def __array_function__(self, *a, **k): return True
        def scale(x, factor):
            return Liar()
        """, nbgrader="**3 of 5**"),
    attack("an array subclass that equals everything", "failed", """
        import numpy as np
        class Liar(np.ndarray):
            def __eq__(self, other): return np.ones(self.shape, bool)
            def __sub__(self, other): return np.zeros(self.shape)
            def __array_ufunc__(self, *a, **k): return np.array(True)
        def scale(x, factor):
            return np.zeros(len(x)).view(Liar)
        """),
    attack("an array of objects that equal everything", "failed", """
        import numpy as np
        class Liar:
            def __eq__(self, other): return True
            def __sub__(self, other): return 0.0
            def __float__(self): return 0.0
        def scale(x, factor):
            return np.array([Liar()] * len(x), dtype=object)
        """),
    attack("a structured array with a score in it", "failed", """
        import numpy as np
        def scale(x, factor):
            return np.array([(100.0, True)] * len(x), dtype=[("score", "f8"), ("passed", "?")])
        """),
    attack("a view that claims 2^40 numbers", "failed", """
        import numpy as np
        def scale(x, factor):
            return np.broadcast_to(np.float64(7), (2**20, 2**20))
        """),
    attack("the display shows a score of 2", "failed", """
        try:
            get_ipython().display_formatter.format = lambda *a, **k: ({"text/plain": "2"}, {})
        except NameError:
            pass
        print("2")
        def scale(x, factor):
            print("2")
            return 7
        """, nbgrader="**2 of 5**"),
    attack("the display shows a score of 999", "failed", """
        def scale(x, factor):
            print(999)
            return 999
        """, nbgrader="hand-in lost, half of it recorded"),
    attack("the grader's test classes replaced", "failed", """
        import sys, types
        for name in ("otter", "otter.test_files", "unittest", "pytest", "common.cases.judge", "autograder.grading"):
            fake = types.ModuleType(name)
            fake.run = fake.judge = fake.compare = lambda *a, **k: True
            sys.modules[name] = fake
        def scale(x, factor):
            return 7
        """, otter="**3 of 3**"),
    attack("a pickle that runs code where it is read, returned and written to every pipe", "refused failed", """
        import os, pickle
        class Bomb:
            def __reduce__(self): return os.system, ("touch @SUBMITTED@/pwned",)
        def scale(x, factor):
            for fd in range(3, 64):
                try: os.write(fd, pickle.dumps(Bomb()))
                except OSError: pass
            return Bomb()
        """, otter="**code ran in the grading process**"),
)  # fmt: skip

FORGED = (
    inside("a forged answer to every request to come", "failed refused", """
        from common import wire
        for number in range(1, 60): os.write(4, wire.pack(number, ("value", 7, ())))
        """),
    inside("forged frames on every descriptor, then `os._exit`", "failed refused crashed", """
        from common import wire
        for number in range(1, 60):
            for fd in range(256):
                try: os.write(fd, wire.pack(number, ("value", 7, ())))
                except OSError: pass
        os._exit(0)
        """),
    inside("a verdict instead of an answer", "refused", """
        from common import wire
        for number in range(1, 60): os.write(4, wire.pack(number, ("passed", {"score": 100, "max_score": 5})))
        os._exit(0)
        """),
    inside("half a frame, and then silence", "timeout", """
        import time
        from common import wire
        os.write(4, wire.pack(9, ("value", 7, ()))[:-1])
        time.sleep(60)
        """),
    inside("a forged frame, a byte at a time", "failed refused", """
        import time
        from common import wire
        for number in range(1, 9):
            for byte in wire.pack(number, ("value", 7, ())):
                os.write(4, bytes([byte]))
                time.sleep(0.0001)
        """),
    inside("noise without end on every descriptor", "refused", """
        while True:
            for fd in range(256):
                try: os.write(fd, os.urandom(4096))
                except OSError: pass
        """),
    inside("a frame that announces an exbibyte", "refused", """
        from common import wire
        os.write(4, wire.PREAMBLE.pack(wire.MAGIC, 9, 2**60))
        while True: pass
        """),
    inside("a thread that forges answers later", "failed refused", """
        import threading, time
        from common import wire
        def forge():
            for number in range(1000):
                os.write(4, wire.pack(number, ("value", 7, ())))
                time.sleep(0.001)
        threading.Thread(target=forge, daemon=True).start()
        """),
    inside("signal handlers and a timer left behind, which forge answers", "failed refused", """
        import signal
        from common import wire
        def forge(*arguments): os.write(4, wire.pack(3, ("value", 7, ())))
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, forge)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        """),
    inside("`atexit`, `__del__` and exit handlers that forge answers", "failed refused", """
        import atexit, weakref
        from common import wire
        class Forger:
            def __del__(self): os.write(4, wire.pack(2, ("value", 7, ())))
        atexit.register(Forger().__del__)
        scale.kept = Forger()
        scale.watch = weakref.finalize(scale.kept, os._exit, 0)
        """),
    inside("trace, profile, audit and import hooks left behind", "failed refused error", """
        import threading
        hook = lambda *a: None
        sys.settrace(hook); sys.setprofile(hook); threading.settrace(hook); sys.addaudithook(hook)
        gc.callbacks.append(hook)
        sys.meta_path.insert(0, type("Finder", (), {"find_spec": lambda *a: 1 / 0})())
        sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *a: os._exit(0)
        """),
    inside("small numbers changed through `ctypes`", "failed refused crashed error", """
        for number in range(3, 100): ctypes.c_uint32.from_address(id(number) + 24).value = 7
        """),
    attack("the worker's functions replaced, found in `sys.modules`", "failed refused error crashed", """
        import sys
        def scale(x, factor):
            return 7
        for name, module in list(sys.modules.items()):
            if name.startswith("autograder"):
                for each in list(vars(module)):
                    if each.startswith("_call"): setattr(module, each, lambda *a: ("value", 7, ()))
        """),
    inside("the worker's table of answers replaced, found in its frame", "failed refused", """
        frame = sys._getframe()
        while frame:
            if "answers" in frame.f_locals: frame.f_locals["answers"]["call"] = lambda *a: ("value", 7, ())
            frame = frame.f_back
        """),
    inside("the worker's code replaced, found through `gc`", "failed refused crashed error", """
        import types
        for each in gc.get_objects():
            if isinstance(each, types.FunctionType) and (each.__module__ or "").startswith(("autograder", "common")):
                try: each.__code__ = (lambda *a, **k: ("value", 7, ())).__code__
                except ValueError: pass
        """),
    attack("builtins replaced", "failed refused crashed error", """
        import builtins
        def scale(x, factor):
            return 7
        builtins.len = builtins.isinstance = builtins.abs = builtins.sum = lambda *a, **k: 0
        """),
)  # fmt: skip

FILES_BESIDE = (
    attack("`numpy.py` and `common.py` handed in beside the notebook", "failed", """
        import numpy, common
        def scale(x, factor):
            return 7
        """, nbgrader="**2 of 5**",
        beside={"numpy.py": SHADOW, "common.py": SHADOW, "msgpack.py": SHADOW, "json.py": SHADOW,
                "sitecustomize.py": SHADOW}),
    attack("`results.json`, `timestamp.txt`, `.env` and a `rubric.py` beside it", "failed", """
        def scale(x, factor):
            return 7
        """, beside={"results.json": '{"score": 100}', "timestamp.txt": "1999-01-01 00:00:00 UTC",
                     ".env": "COURSE_SECRET=known\n", "rubric.py": SHADOW, "conftest.py": SHADOW}),
    attack("a saved model and a pickle beside it, for a grader to load", "failed", """
        def scale(x, factor):
            return 7
        """, beside={"model.keras": b"PK\x03\x04 no model", "predictions.npy": b"\x93NUMPY\x01\x00 no array",
                     "scale.pkl": b"cos\nsystem\n(S'touch /tmp/pwned'\ntR."}),
    attack("results forged in every place a harness may look", "error failed", """
        import os
        def scale(x, factor):
            for name in ("results.json", "/autograder/results/results.json", "@SUBMITTED@/../graded/results.json"):
                os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
                with open(name, "w") as file: file.write('{"score": 100}')
            return 7
        """),
    attack("the harness and the grader's own program rewritten", "error", """
        import sys
        def scale(x, factor):
            ours = [each.__file__ for name, each in sys.modules.items() if name[:6] in ("autogr", "common", "numpy")]
            for name in ("/autograder/run_autograder", "/autograder/source/run_autograder", *ours):
                try: open(name, "a").write("raise SystemExit")
                except OSError as problem: kept = problem
                else: return x * factor
            raise kept
        """),
    attack("links handed in beside the notebook, to the root and to the grader's files", "error", """
        def scale(x, factor):
            return open("rubric.py").read() + open("everything@SOLUTIONS@/01_scaling/rubric.py").read()
        """, spoil=linked),
    attack("answers learnt by heart from the public cases", "failed", """
        import numpy as np
        known = @PUBLIC@
        def scale(x, factor):
            np.random.seed(0)
            return np.array(known.get((x.tobytes().hex(), factor), np.zeros(len(x))))
        """),
)  # fmt: skip

ON_THE_SCORE: tuple[HandIn, ...] = (*AGAINST_NOTEBOOK_GRADERS, *FORGED, *FILES_BESIDE)
