"""Runs inside the jail, as a hand-in: searches the memory of its own process and every file it can read.

What it looks for comes with 1 added to every byte, and is compared with memory to which 1 was added, so that the
searching itself never puts there what it looks for. Memory is read through a pipe, which takes only what is mapped.
"""

# ruff: noqa: PTH113, PTH114, PTH118, PTH119, PTH120, PTH123

import ctypes
import gc
import os
import sys

PAGE, CHUNK, GAP, OVERLAP = 4096, 65536, 1024, 4096
ADD_ONE = bytes((value + 1) % 256 for value in range(256))
LIBRARY = ctypes.CDLL(None)
LIBRARY.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
LIBRARY.write.restype = ctypes.c_ssize_t
LIBRARY.sbrk.restype = ctypes.c_void_p


def opens(path):
    """Whether a file of /proc can be read."""
    try:
        with open(path, "rb") as file:
            return len(file.read(1)) >= 0
    except OSError:
        return False


def proc_is_shut():
    """The short ways to one's own memory and to those of others."""
    names = ("mem", "maps", "smaps", "environ", "stat", "status", "root/etc/passwd")
    return [path for name in names for path in (f"/proc/self/{name}", f"/proc/1/{name}") if opens(path)]


def search_memory(needles):
    """Which of the needles are anywhere in this process, and how many MiB were looked through."""
    wanted, pipe = [bytes(needle) for needle in needles], os.pipe()
    found, size, before = set(), 0, (0, b"")
    for chunk in sorted(mapped(pipe)):
        for start, data in pieces(chunk * CHUNK, pipe):
            size += len(data)
            joined = before[1] + data if before[0] == start else data
            shifted = joined.translate(ADD_ONE)
            found |= {index for index, needle in enumerate(wanted) if needle in shifted}
            before = (start + len(data), joined[-OVERLAP:])
    return sorted(found), size / 2**20


def mapped(pipe):
    """All chunks of the address space that hold something, found by walking on from every address that is known."""
    seen, full = set(), set()
    for seed in seeds():
        for step in (1, -1):
            at, empty = seed // CHUNK + (step < 0) * step, 0
            while empty < GAP and 0 < at < 2**47 // CHUNK and at not in seen:
                seen.add(at)
                here = any(True for _ in pieces(at * CHUNK, pipe))
                empty = 0 if here else empty + 1
                if here:
                    full.add(at)
                at += step
    return full


def pieces(start, pipe):
    """What can be read of a chunk, as (address, bytes)."""
    at = start
    while at < start + CHUNK:
        count = LIBRARY.write(pipe[1], at, start + CHUNK - at)
        if count > 0:
            yield at, os.read(pipe[0], count)
        at += count if count > 0 else PAGE


def seeds():
    """Addresses of objects, of functions of every library, of the heap, of the stack with its environment."""
    known = {id(each) for each in gc.get_objects()} | {id(gc), LIBRARY.sbrk(0)}
    known |= {id(referent) for each in gc.get_objects() for referent in gc.get_referents(each)}
    known |= {ctypes.cast(getattr(LIBRARY, name), ctypes.c_void_p).value for name in ("malloc", "PyList_New", "dlopen")}
    environment = ctypes.c_void_p.in_dll(LIBRARY, "environ").value
    known |= {environment, ctypes.cast(environment, ctypes.POINTER(ctypes.c_void_p))[0]}
    return {address // CHUNK * CHUNK for address in known if address}


def search_files(skipped, needles):
    """Which of the needles are in any file that can be read, or in its name, and how many files were."""
    wanted, found, count = [bytes(needle) for needle in needles], set(), 0
    for path in readable_files(skipped):
        try:
            with open(path, "rb") as file:
                count += 1
                text = os.fsencode(path)
                while text:
                    shifted = text.translate(ADD_ONE)
                    found |= {index for index, needle in enumerate(wanted) if needle in shifted}
                    more = file.read(2**22)
                    text = text[-OVERLAP:] + more if more else b""
        except OSError:
            continue
    return sorted(found), count


def readable_files(skipped):
    """Every file below every folder that is known, once. Where the root cannot be listed, what is below it may be."""
    common = os.path.dirname(sys.modules["common"].__file__)
    seen = set()
    roots = ("/", "/usr", "/lib", "/etc", "/tmp", "/proc", sys.prefix, sys.base_prefix, common)
    for root in (each for each in roots if each not in skipped):
        for folder, folders, names in os.walk(root):
            inside = [os.path.join(folder, name) for name in folders]
            folders[:] = [os.path.basename(each) for each in inside if each not in skipped and each not in seen]
            seen.update(inside)
            for path in (os.path.join(folder, name) for name in names):
                if path not in seen and os.path.isfile(path) and not os.path.islink(path):
                    seen.add(path)
                    yield path
