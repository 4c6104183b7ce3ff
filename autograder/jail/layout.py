"""Where things lie inside the jail, and which of the system's folders are shown there."""

from __future__ import annotations

SCRATCH = "/scratch"
PACKAGES = "/packages"
SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/nix/store",
    "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime",
)  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# TensorFlow aborts without these. Where /proc is the host's, they are all of it that may be read.
PROCESS = ("/proc/self/cmdline", "/proc/cpuinfo")

Bind = tuple[str, str]  # from, to
