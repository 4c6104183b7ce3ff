"""The wire between the grader and a student's process: length-capped frames of msgpack and raw array bytes.

The format is specified in docs/wire.md. Nothing that arrives is looked up, imported or called: a frame is plain values
or a `WireError`, and no more memory is taken than the caps allow.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

from common.cases.case import Value

MAGIC = b"CNN1"
PREAMBLE = struct.Struct("<4sIQ")  # magic, bytes of the header, bytes of the body
KINDS = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
DTYPES: dict[str, np.dtype[Any]] = {
    dtype.str: dtype for kind in KINDS for dtype in (np.dtype("<" + kind), np.dtype(">" + kind))
}
MAX_RANK = 16
MAX_EXTENT = 2**40  # of the product of all non-zero dimensions: an empty array may not claim an absurd shape
MAX_INT_BYTES = 512
MAX_DICT = 4096  # keys chosen to collide cost quadratic time; this keeps the worst case under a second


class WireError(Exception):
    """A frame or a value that breaks a rule of the wire."""


@dataclass(frozen=True)
class Caps:
    """How much one frame may hold. Checked before memory is taken."""

    header: int = 256 * 1024
    body: int = 64 * 1024 * 1024
    nodes: int = 25_000
    depth: int = 16
    text: int = 64 * 1024


REPLY = Caps()
REQUEST = Caps(header=32 * 1024 * 1024, body=1024 * 1024 * 1024, nodes=1_000_000, text=16 * 1024 * 1024)


# Encoding


@dataclass
class _Packing:
    caps: Caps
    chunks: list[bytes]
    nodes: int = 0
    size: int = 0


def pack(number: int, value: Value, caps: Caps = REPLY) -> bytes:
    """One whole frame that carries `value` under `number`; WireError names in words what cannot travel."""
    packing = _Packing(caps, [])
    tree = _encode(value, packing, depth=0)
    header = msgpack.packb([number, tree], use_bin_type=True)
    if len(header) > caps.header:
        raise WireError("too many values in lists, tuples or dicts; return a NumPy array")
    return b"".join([PREAMBLE.pack(MAGIC, len(header), packing.size), header, *packing.chunks])


def _encode(value: Any, packing: _Packing, depth: int) -> Any:
    """The msgpack tree of a value. Subclasses are read by the methods of their base, never by their own."""
    packing.nodes += 1
    if packing.nodes > packing.caps.nodes:
        raise WireError(f"more than {packing.caps.nodes} values in lists, tuples or dicts; return a NumPy array")
    kind = type(value)
    if value is None or kind is bool:
        return value
    if issubclass(kind, np.ndarray):
        return _encode_array(np.ndarray.view(value, np.ndarray), packing)
    if issubclass(kind, np.generic) and not issubclass(kind, np.flexible):
        return _encode_array(np.asarray(value), packing)
    if issubclass(kind, str):
        return _encode_text(str.__str__(value), packing.caps)
    if issubclass(kind, int):
        return _encode_int(int.__int__(value))
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, complex):
        return ["c", complex.real.__get__(value), complex.imag.__get__(value)]
    if issubclass(kind, (tuple, list, dict)):
        return _encode_container(value, packing, depth)
    raise WireError(f"a {kind.__name__[:100]}; return a NumPy array")


def _encode_container(value: Any, packing: _Packing, depth: int) -> list[Any]:
    if depth >= packing.caps.depth:
        raise WireError(f"lists, tuples or dicts nested more than {packing.caps.depth} deep; return a NumPy array")
    if issubclass(type(value), tuple):
        return ["t", *(_encode(item, packing, depth + 1) for item in tuple.__iter__(value))]
    if issubclass(type(value), list):
        return ["l", *(_encode(item, packing, depth + 1) for item in list.__iter__(value))]
    if dict.__len__(value) > MAX_DICT:
        raise WireError(f"a dict of more than {MAX_DICT} entries; return a NumPy array")
    node: list[Any] = ["d"]
    for key, item in dict.items(value):
        _check_key(key)
        node += [_encode(key, packing, depth + 1), _encode(item, packing, depth + 1)]
    return node


def _encode_array(array: np.ndarray[Any, Any], packing: _Packing) -> list[Any]:
    if array.dtype.str not in DTYPES:
        raise WireError(f"an array of dtype {str(array.dtype)[:100]}; return an array of numbers")
    if array.ndim > MAX_RANK:
        raise WireError(f"an array of {array.ndim} dimensions; at most {MAX_RANK} are read")
    packing.size += array.nbytes
    if packing.size > packing.caps.body:
        raise WireError(f"arrays of more than {packing.caps.body // 2**20} MiB; check the shape of what you return")
    packing.chunks.append(array.tobytes())
    return ["a", array.dtype.str, *array.shape]


def _encode_text(text: str, caps: Caps) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise WireError("text that is no valid Unicode") from None
    if size > caps.text:
        raise WireError(f"text of more than {caps.text // 1024} KiB")
    return text


def _encode_int(number: int) -> Any:
    if -(2**63) <= number < 2**64:
        return number
    size = number.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        raise WireError(f"a whole number of more than {MAX_INT_BYTES * 8} bits")
    return ["i", number.to_bytes(size, "little", signed=True)]


def _check_key(key: Any) -> None:
    parts = key if type(key) is tuple else (key,)
    if not all(part is None or type(part) in (bool, int, float, str) for part in parts):
        raise WireError(f"a dict with a key of type {type(key).__name__[:100]}; use text or numbers as keys")


# Decoding


@dataclass
class _Unpacking:
    caps: Caps
    body: memoryview
    nodes: int = 0
    offset: int = 0


def sizes(preamble: bytes, caps: Caps = REPLY) -> tuple[int, int]:
    """The lengths of header and body that a preamble announces, within the caps."""
    if len(preamble) != PREAMBLE.size:
        raise WireError("a preamble of the wrong length")
    magic, header, body = PREAMBLE.unpack(preamble)
    if magic != MAGIC:
        raise WireError("bytes that are no frame")
    if header > caps.header or body > caps.body:
        raise WireError("a frame larger than allowed")
    return header, body


def unpack(header: bytes, body: bytes | memoryview, caps: Caps = REPLY) -> tuple[int, Value]:
    """The number and the value of a frame. Any bytes give a value or WireError."""
    try:
        message = msgpack.unpackb(
            header,
            raw=False,
            strict_map_key=True,
            max_str_len=caps.text,
            max_bin_len=MAX_INT_BYTES,
            max_array_len=min(caps.nodes, caps.header) + 1,
            max_map_len=0,
            max_ext_len=0,
        )
    except Exception as error:  # msgpack has a dozen ways to say so, some of them bare ValueErrors
        raise WireError(f"a header that is no msgpack ({type(error).__name__})") from None
    if type(message) is not list or len(message) != 2 or type(message[0]) is not int:
        raise WireError("a header that is no numbered message")
    unpacking = _Unpacking(caps, memoryview(body))
    value = _decode(message[1], unpacking, depth=0)
    if unpacking.offset != len(body):
        raise WireError("a body longer than its arrays")
    return message[0], value


def _decode(node: Any, unpacking: _Unpacking, depth: int) -> Value:
    unpacking.nodes += 1
    if unpacking.nodes > unpacking.caps.nodes:
        raise WireError("too many values")
    if node is None or type(node) in (bool, int, float, str):
        return node
    if type(node) is not list or not node:
        raise WireError(f"a node of type {type(node).__name__}")
    tag, items = node[0], node[1:]
    if tag in ("t", "l", "d"):
        if depth >= unpacking.caps.depth:
            raise WireError("values nested too deep")
        if tag == "d":
            return _decode_dict(items, unpacking, depth)
        values = [_decode(item, unpacking, depth + 1) for item in items]
        return tuple(values) if tag == "t" else values
    if tag == "a":
        return _decode_array(items, unpacking)
    if tag == "i" and len(items) == 1 and type(items[0]) is bytes:
        return int.from_bytes(items[0], "little", signed=True)
    if tag == "c" and len(items) == 2 and all(type(part) is float for part in items):
        return complex(*items)
    raise WireError("a node of unknown kind")


def _decode_dict(items: list[Any], unpacking: _Unpacking, depth: int) -> dict[Any, Value]:
    if len(items) % 2 or len(items) > 2 * MAX_DICT:
        raise WireError("a dict of the wrong length")
    result: dict[Any, Value] = {}
    for key_node, item in zip(items[::2], items[1::2], strict=True):
        key = _decode(key_node, unpacking, depth + 1)
        _check_key(key)
        if key in result:
            raise WireError("a dict with a key twice")
        result[key] = _decode(item, unpacking, depth + 1)
    return result


def _decode_array(items: list[Any], unpacking: _Unpacking) -> np.ndarray[Any, Any]:
    dtype = DTYPES.get(items[0]) if items and type(items[0]) is str else None
    shape = tuple(items[1:])
    if dtype is None:
        raise WireError("an array of a dtype that is not allowed")
    if len(shape) > MAX_RANK or not all(type(extent) is int and extent >= 0 for extent in shape):
        raise WireError("an array with an impossible shape")
    if math.prod(max(extent, 1) for extent in shape) > MAX_EXTENT:
        raise WireError("an array with an absurd shape")
    size = math.prod(shape) * dtype.itemsize
    data = unpacking.body[unpacking.offset : unpacking.offset + size]
    if len(data) != size:
        raise WireError("an array whose shape does not fit its bytes")
    unpacking.offset += size
    if dtype.kind == "b" and np.frombuffer(data, np.uint8).max(initial=0) > 1:
        raise WireError("a truth value that is neither true nor false")
    return np.frombuffer(data, dtype).reshape(shape).copy()


# Reading a stream


class FrameBuffer:
    """Collects the bytes of exactly one frame. Memory grows with what arrived, never with what was announced."""

    def __init__(self, caps: Caps = REPLY) -> None:
        """A buffer for one frame within `caps`."""
        self.caps = caps
        self._data = bytearray()
        self._header: int | None = None
        self._end: int | None = None

    @property
    def complete(self) -> bool:
        """Whether the whole frame has arrived."""
        return self._end is not None and len(self._data) == self._end

    @property
    def wanted(self) -> int:
        """How many more bytes belong to this frame as far as is known."""
        return (PREAMBLE.size if self._end is None else self._end) - len(self._data)

    def feed(self, chunk: bytes) -> None:
        """Add bytes; WireError as soon as they break a cap or run past the frame."""
        self._data += chunk
        if self._end is None and len(self._data) >= PREAMBLE.size:
            header, body = sizes(bytes(self._data[: PREAMBLE.size]), self.caps)
            self._header, self._end = header, PREAMBLE.size + header + body
        if self._end is not None and len(self._data) > self._end:
            raise WireError("bytes beyond the frame")

    def message(self) -> tuple[int, Value]:
        """The number and the value of the complete frame."""
        if not self.complete or self._header is None:
            raise WireError("a frame that is cut short")
        view = memoryview(self._data)
        start = PREAMBLE.size + self._header
        return unpack(bytes(view[PREAMBLE.size : start]), view[start:], self.caps)


def read_message(read: Callable[[int], bytes], caps: Caps) -> tuple[int, Value] | None:
    """The next message of a blocking stream, or None where the stream ends between frames."""
    buffer = FrameBuffer(caps)
    started = False
    while not buffer.complete:
        chunk = read(min(buffer.wanted, 1024 * 1024))
        if not chunk:
            if started:
                raise WireError("a frame that is cut short")
            return None
        started = True
        buffer.feed(chunk)
    return buffer.message()


def same_bytes(left: Iterable[Value], right: Iterable[Value]) -> bool:
    """Whether two values travel as the same bytes; NaN equals the same NaN, 0.0 is not -0.0."""
    return pack(0, tuple(left), REQUEST) == pack(0, tuple(right), REQUEST)
