"""The hand-in file of a trained model: a zip of one JSON and plain arrays. It is read here without Keras and without
trust: nothing is unpacked, looked up or allocated beyond the bytes that are there.

    architecture.json    the model as common.models.architecture writes it
    000000.npy …         its weights in the order of its layers, in NumPy's format 1.0, uncompressed
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.models.allow_list import MAX_BYTES, Unfit

ARCHITECTURE = "architecture.json"
MAX_FILE = 256 * 1024 * 1024
MAX_ARRAYS = 10_000
MAX_HEADER = 1024
DTYPES = {f"<f{size}": np.dtype(f"<f{size}") for size in (2, 4, 8)}
EARLIEST = (1980, 1, 1, 0, 0, 0)
HEADER = re.compile(r"\{'descr': '(<f[248])', 'fortran_order': False, 'shape': \(((?:\d{1,12},? ?){0,8})\), \}\s*")
_MAGIC = b"\x93NUMPY\x01\x00"


@dataclass(frozen=True)
class TrainedModel:
    """What a hand-in file holds."""

    architecture: bytes
    weights: tuple[np.ndarray, ...]


def pack_trained(architecture: bytes, weights: Sequence[np.ndarray]) -> bytes:
    """The bytes of a hand-in file; the same model always gives the same."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(ARCHITECTURE, EARLIEST), architecture)
        for number, each in enumerate(weights):
            array = io.BytesIO()
            little = np.ascontiguousarray(each, dtype=np.asarray(each).dtype.newbyteorder("<"))
            np.lib.format.write_array(array, little, version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{number:06}.npy", EARLIEST), array.getvalue())
    return content.getvalue()


def read_trained(content: bytes) -> TrainedModel:
    """Read a hand-in file; Unfit says what is wrong with it."""
    if len(content) > MAX_FILE:
        raise Unfit(f"saved a file of more than {MAX_FILE // 2**20} MiB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, struct.error, RuntimeError):
        raise Unfit("saved a file that cannot be read: save it with hand_in(model, name)") from None
    architecture = parts.pop(ARCHITECTURE, None)
    if architecture is None or len(architecture) > MAX_BYTES:
        raise Unfit("saved a file without a readable architecture: save it with hand_in(model, name)")
    return TrainedModel(architecture, tuple(_array(name, parts[name]) for name in sorted(parts)))


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts by name. All are stored uncompressed, so no part is larger than the file it came in."""
    entries = archive.infolist()
    if len(entries) > MAX_ARRAYS + 1 or len({entry.filename for entry in entries}) < len(entries):
        raise Unfit("saved a file with too many parts, or two of one name")
    parts = {}
    room = MAX_FILE
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size or entry.flag_bits & 1:
            raise Unfit("saved a file with compressed or encrypted parts: save it with hand_in(model, name)")
        if entry.filename != ARCHITECTURE and not re.fullmatch(r"\d{6}\.npy", entry.filename):
            raise Unfit("saved a file with parts that belong to no trained model")
        room -= entry.file_size  # parts may overlap in a hostile file
        if room < 0:
            raise Unfit("saved a file whose parts are larger than the file")
        parts[entry.filename] = archive.read(entry)
    return parts


def _array(name: str, content: bytes) -> np.ndarray:
    """One array, its header parsed by hand: the dtype is one of three and the shape must fit the bytes."""
    wrong = Unfit(f"saved the array {name}, which is no plain array of floats")
    if content[:8] != _MAGIC or len(content) < 10:
        raise wrong
    (length,) = struct.unpack("<H", content[8:10])
    if length > MAX_HEADER:
        raise wrong
    header = HEADER.fullmatch(content[10 : 10 + length].decode("latin-1"))
    if header is None:
        raise wrong
    descr, extents = header.groups()
    shape = tuple(int(each) for each in extents.split(",") if each.strip())
    body = content[10 + length :]
    if math.prod(shape) * DTYPES[descr].itemsize != len(body):
        raise wrong
    return np.frombuffer(body, DTYPES[descr]).reshape(shape)
