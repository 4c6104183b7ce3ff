"""What bytes may hold: members of archives, compressed streams, arrays that are text. Nothing is run or unpickled."""

from __future__ import annotations

import bz2
import contextlib
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

MOST = 64 * 2**20  # of one unpacked part: more is not looked into, and said
STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|BZh[1-9]1AY&SY|\xfd7zXZ\x00")
FEWEST_CODES = 12
GZIP = 31  # zlib's number for a stream with gzip's header
PNG = b"\x89PNG\r\n\x1a\n"


class OpaqueError(Exception):
    """A part that cannot be looked into; the message says why."""


@dataclass(frozen=True)
class Part:
    """Something found inside of other bytes."""

    name: str
    content: bytes
    link: bool = False  # the archive holds a link
    rest: bool = False  # what lies around the members of an archive, and would be taken for the archive


def parts(content: bytes, rest: bool = False) -> Iterator[Part]:
    """All that is packed in some bytes, and what lies between the members of an archive."""
    if rest:
        yield from _streams(content)
    elif content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or zipfile.is_zipfile(io.BytesIO(content)):
        yield from _zip(content)
    elif content[257:262] == b"ustar":
        yield from _tar(content)
    elif content.startswith(b"\x93NUMPY"):
        yield from _array(content)
    elif content.startswith(PNG):
        yield Part("beside its pixels", _without_pixels(content), rest=True)
    else:
        yield from _streams(content)


def _zip(content: bytes) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            between, end = b"", 0
            for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
                if entry.flag_bits & 1 or entry.file_size > MOST:
                    raise OpaqueError(f"{entry.filename} is {'encrypted' if entry.flag_bits & 1 else 'too large'}")
                at = entry.header_offset
                start = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
                start += int.from_bytes(content[at + 28 : at + 30], "little")
                between += content[end:start] + b"\n"
                end = start + entry.compress_size
                yield Part(entry.filename, archive.read(entry), link=(entry.external_attr >> 28) == 0xA)
            yield Part("between its members", between + content[end:], rest=True)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
        RuntimeError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
    ) as problem:
        raise OpaqueError(f"a damaged archive: {problem}") from problem


def _tar(content: bytes) -> Iterator[Part]:
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for entry in archive:
                names = f"{entry.uname} {entry.gname} {entry.linkname} {entry.pax_headers}"
                yield Part(f"{entry.name}, header", names.encode())
                if entry.size > MOST:
                    raise OpaqueError(f"{entry.name} is too large")
                if entry.isfile() and (file := archive.extractfile(entry)):
                    yield Part(entry.name, file.read())
                elif not entry.isdir():
                    yield Part(entry.name, b"", link=True)
    except tarfile.TarError as problem:
        raise OpaqueError(f"a damaged archive: {problem}") from problem


def _array(content: bytes) -> Iterator[Part]:
    """An array whose numbers are character codes; strings of an array are found as text in its bytes."""
    try:
        file = io.BytesIO(content)
        array = np.lib.format.read_array(file, allow_pickle=False)
        if rest := file.read():
            yield Part("after the array", rest)
    except (ValueError, EOFError) as problem:
        raise OpaqueError("an array that NumPy does not read without pickle") from problem
    yield Part("bytes", content, rest=True)
    if array.dtype.kind in "iufb" and array.size >= FEWEST_CODES:
        with np.errstate(all="ignore"):
            codes = array.ravel()
            if array.dtype.kind == "f":
                codes = codes[np.isfinite(codes) & (codes == np.round(codes))]
            codes = codes[(codes >= 9) & (codes < 0x110000)].astype(np.int64)
        if len(codes) > 0.9 * array.size:
            yield Part("numbers as characters", "".join(map(chr, codes)).encode("utf-8", "replace"))
            if codes.max() < 256:
                yield Part("numbers as bytes", codes.astype(np.uint8).tobytes())
        if array.dtype.kind == "b" or (
            array.dtype.kind in "iu" and array.size and array.max() <= 1 and array.min() >= 0
        ):
            for order in ("big", "little"):
                yield Part("bits", np.packbits(array.astype(bool).ravel(), bitorder=order).tobytes())


def _without_pixels(content: bytes) -> bytes:
    """All chunks of a picture but the pixels, and what follows its end."""
    at, kept = len(PNG), b""
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at + 4 : at + 8]
        if chunk != b"IDAT":
            kept += content[at : at + 8 + size] + b"\n"
        at += 12 + size
        if chunk == b"IEND":
            break
    return kept + content[at:]


def _streams(content: bytes) -> Iterator[Part]:
    """Compressed streams, wherever they begin: a gzip file, the metadata of a picture, an object of git."""
    for found in STREAM.finditer(content):
        with contextlib.suppress(OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
            inner = _inflate(content[found.start() :])
            if len(inner) >= 8:
                yield Part(f"compressed at byte {found.start()}", inner)


def _inflate(content: bytes) -> bytes:
    if content[:1] == b"\x78":
        return _bounded(zlib.decompressobj().decompress(content, MOST))
    if content[:2] == b"\x1f\x8b":
        return _bounded(zlib.decompressobj(GZIP).decompress(content, MOST))
    if content[:3] == b"BZh":
        return _bounded(bz2.BZ2Decompressor().decompress(content, MOST))
    return _bounded(lzma.LZMADecompressor().decompress(content, MOST))


def _bounded(content: bytes) -> bytes:
    if len(content) >= MOST:
        raise OpaqueError("a compressed stream that is too large")
    return content
