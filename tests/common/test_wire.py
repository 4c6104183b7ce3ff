"""The wire: every value comes back as it was, and no bytes whatever do more than raise WireError."""

from __future__ import annotations

import math
import random
import struct
import time
import tracemalloc
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from common import wire

MIB = 1024 * 1024


def round_trip(value: Any) -> Any:
    buffer = wire.FrameBuffer()
    buffer.feed(wire.pack(7, value))
    number, result = buffer.message()
    assert number == 7
    return result


def same(left: Any, right: Any) -> bool:
    """Equal in type, in structure and in every byte of a float or an array."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return (left.dtype.str, left.shape, left.tobytes()) == (right.dtype.str, right.shape, right.tobytes())
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right)
    if isinstance(left, (tuple, list)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return len(left) == len(right) and all(map(same, left.items(), right.items()))
    return bool(left == right)


dtypes = st.sampled_from(sorted(wire.DTYPES)).map(np.dtype)
shapes = hnp.array_shapes(min_dims=0, max_dims=6, min_side=0, max_side=4)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    """Arrays of any bytes: NaNs of every payload, infinities, denormals, both byte orders."""
    dtype, shape = draw(dtypes), draw(shapes)
    size = math.prod(shape) * dtype.itemsize
    data = draw(st.binary(min_size=size, max_size=size))
    if dtype.kind == "b":
        data = bytes(byte & 1 for byte in data)
    return np.frombuffer(data, dtype).reshape(shape)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
scalars = st.none() | st.booleans() | st.integers(-(2**300), 2**300) | st.floats() | texts
keys = st.integers() | texts | st.tuples(st.integers(), texts)
values = st.recursive(
    scalars | arrays(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_every_value_comes_back_as_it_was(value: Any) -> None:
    assert same(round_trip(value), value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2), st.integers(0, 100))
def test_any_bytes_give_a_value_or_a_wire_error(data: bytes, framed: int, body: int) -> None:
    feed_hostile(
        wire.PREAMBLE.pack(wire.MAGIC, max(0, len(data) - body), min(body, len(data))) + data if framed else data
    )


@settings(max_examples=150, deadline=None)
@given(values, st.randoms(use_true_random=False))
def test_a_mutated_frame_gives_a_value_or_a_wire_error(value: Any, chance: random.Random) -> None:
    feed_hostile(mutate(wire.pack(1, value), chance))


def feed_hostile(data: bytes) -> None:
    """Read as the grader does. Anything but a value or WireError fails the test."""
    buffer = wire.FrameBuffer()
    try:
        buffer.feed(data)
        buffer.message()
    except wire.WireError:
        return


def mutate(frame: bytes, chance: random.Random) -> bytes:
    data = bytearray(frame)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data)) if data else 0
        what = chance.randrange(4)
        if what == 0 and data:
            data[at] = chance.randrange(256)
        elif what == 1:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 9)))
        elif what == 2:
            del data[at : at + chance.randint(1, 9)]
        else:
            data[at:at] = data[at : at + chance.randint(1, 20)]
    return bytes(data)


@pytest.mark.slow
def test_hundred_thousand_hostile_frames_within_time_and_memory() -> None:
    chance = random.Random(0)
    seeds = [
        wire.pack(1, value)
        for value in (
            ("value", np.arange(24, dtype=">f4").reshape(2, 3, 4), (0,)),
            ("raised", ("ValueError", "no", 1, 2)),
            ("loaded", (None, ("SyntaxError", "x", 0, 1))),
            {"a": [1, 2.5, (None, True)], (1, "b"): np.zeros((0, 3), "c16"), 2**70: "text"},
        )
    ]
    longest = 0.0
    tracemalloc.start()
    try:
        for round_ in range(100_000):
            if round_ % 3:
                frame = mutate(chance.choice(seeds), chance)
            else:
                noise = chance.randbytes(chance.randrange(120))
                header = chance.randrange(len(noise) + 1)
                frame = wire.PREAMBLE.pack(wire.MAGIC, header, len(noise) - header) + noise
            started = time.thread_time()
            feed_hostile(frame)
            longest = max(longest, time.thread_time() - started)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * MIB and longest < 1


def hostile_frame(tree: Any, body: bytes = b"", number: Any = 1) -> bytes:
    header = msgpack.packb([number, tree], use_bin_type=True)
    return wire.PREAMBLE.pack(wire.MAGIC, len(header), len(body)) + header + body


def nested(depth: int) -> Any:
    tree: Any = 0
    for _ in range(depth):
        tree = ["l", tree]
    return tree


HOSTILE = {
    "object dtype": hostile_frame(["a", "|O", 1], bytes(8)),
    "structured dtype": hostile_frame(["a", "V8", 1], bytes(8)),
    "a dtype by its long name": hostile_frame(["a", "float64", 1], bytes(8)),
    "datetime": hostile_frame(["a", "<M8[s]", 1], bytes(8)),
    "unhashable dtype": hostile_frame(["a", ["l"], 1], bytes(8)),
    "shape larger than bytes": hostile_frame(["a", "<f8", 2**30, 2**30], bytes(8)),
    "shape smaller than bytes": hostile_frame(["a", "<f8", 1], bytes(16)),
    "absurd empty shape": hostile_frame(["a", "<f8", 0, 2**62, 2**62]),
    "negative side": hostile_frame(["a", "<f8", -1], bytes(8)),
    "side that is a float": hostile_frame(["a", "<f8", 1.0], bytes(8)),
    "side that is true": hostile_frame(["a", "<f8", True], bytes(8)),
    "too many dimensions": hostile_frame(["a", "<f8", *[1] * 17], bytes(8)),
    "truth value 2": hostile_frame(["a", "|b1", 1], b"\2"),
    "msgpack map": hostile_frame({"a": 1}),
    "empty msgpack map": hostile_frame({}),
    "msgpack extension": hostile_frame(msgpack.ExtType(5, b"x")),
    "msgpack time": hostile_frame(msgpack.Timestamp(1, 1)),
    "raw bytes": hostile_frame(b"abc"),
    "empty list": hostile_frame([]),
    "unknown tag": hostile_frame(["z", 1]),
    "tag that is a list": hostile_frame([["t"], 1]),
    "odd dict": hostile_frame(["d", 1]),
    "key twice": hostile_frame(["d", 1, 2, 1, 3]),
    "key twice in disguise": hostile_frame(["d", 1, 2, True, 3]),
    "list as key": hostile_frame(["d", ["l"], 1]),
    "array as key": hostile_frame(["d", ["a", "<f8"], 1], bytes(8)),
    "array inside a tuple as key": hostile_frame(["d", ["t", ["a", "<f8"]], 1], bytes(8)),
    "huge integer": hostile_frame(["i", bytes(513)]),
    "integer of text": hostile_frame(["i", "12"]),
    "complex of text": hostile_frame(["c", "1", "2"]),
    "invalid Unicode": wire.PREAMBLE.pack(wire.MAGIC, 5, 0) + b"\x92\x01\xa2\xff\xff",
    "text too long": hostile_frame("x" * 70_000),
    "too many nodes": hostile_frame(["l", *[0] * 30_000]),
    "too deep": hostile_frame(nested(20)),
    "number that is text": hostile_frame(None, number="1"),
    "number that is true": hostile_frame(None, number=True),
    "no message": wire.PREAMBLE.pack(wire.MAGIC, 1, 0) + b"\x01",
    "body without arrays": hostile_frame(None, b"x"),
    "bytes after the frame": hostile_frame(None) + b"x",
    "frame cut short": hostile_frame(["a", "<f8", 2], bytes(16))[:-1],
    "wrong magic": b"EVIL" + hostile_frame(None)[4:],
    "announces 2 GiB of header": wire.PREAMBLE.pack(wire.MAGIC, 2**31, 0),
    "announces an exbibyte of body": wire.PREAMBLE.pack(wire.MAGIC, 10, 2**60),
}


@pytest.mark.parametrize("frame", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_breaks_a_rule_is_refused(frame: bytes) -> None:
    buffer = wire.FrameBuffer()
    with pytest.raises(wire.WireError):
        buffer.feed(frame)
        buffer.message()


def test_depth_is_capped_at_the_same_place_on_both_sides() -> None:
    assert round_trip([[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]])
    with pytest.raises(wire.WireError, match="deep"):
        wire.pack(1, [[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]])
    for depth in (17, 400, 5000):
        with pytest.raises(wire.WireError):
            buffer = wire.FrameBuffer()
            buffer.feed(hostile_frame_of_lists(depth))
            buffer.message()


def hostile_frame_of_lists(depth: int) -> bytes:
    header = b"\x92\x01" + b"\x92\xa1l" * depth + b"\x00"
    return wire.PREAMBLE.pack(wire.MAGIC, len(header), 0) + header


def test_a_header_of_empty_lists_stays_within_its_memory() -> None:
    header = b"\x92\x01\xdc\x61\x00" + b"\x90" * 0x6100
    tracemalloc.start()
    feed_hostile(wire.PREAMBLE.pack(wire.MAGIC, len(header), 0) + header)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MIB


def test_memory_follows_what_arrived_not_what_was_announced() -> None:
    tracemalloc.start()
    buffer = wire.FrameBuffer()
    buffer.feed(wire.PREAMBLE.pack(wire.MAGIC, 100, 60 * MIB) + b"x" * 1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not buffer.complete and peak < MIB


def test_colliding_dict_keys_cost_bounded_time() -> None:
    prime = 2**61 - 1  # integers that differ by a multiple of it have the same hash
    tree: list[Any] = ["d"]
    for index in range(wire.MAX_DICT):
        tree += [["i", (index * prime).to_bytes(16, "little", signed=True)], None]
    started = time.perf_counter()
    feed_hostile(hostile_frame(tree))
    assert time.perf_counter() - started < 5


class Liar(np.ndarray[Any, Any]):
    def __eq__(self, other: object) -> Any:
        raise AssertionError("an overridden method was called")

    __array__ = tobytes = view = __reduce__ = __getattribute__ = __eq__  # type: ignore[assignment]


class Number(int):
    def __int__(self) -> int:
        raise AssertionError("an overridden method was called")

    __index__ = __add__ = __int__  # type: ignore[assignment]


class Text(str):
    def __str__(self) -> str:
        raise AssertionError("an overridden method was called")

    __len__ = encode = __str__  # type: ignore[assignment]


class Row(list[Any]):
    def __iter__(self) -> Any:
        raise AssertionError("an overridden method was called")


def test_subclasses_travel_as_their_base_without_a_call_of_their_own() -> None:
    value = [np.arange(3.0).view(Liar), Number(5), Text("ab"), Row([1, 2])]
    result = round_trip(value)
    assert [type(each) for each in result] == [np.ndarray, int, str, list]
    assert result[0].tolist() == [0, 1, 2] and result[1:] == [5, "ab", [1, 2]]


@pytest.mark.parametrize("kind", ["f2", "f4", "i1", "u8", "c8", "b1"])
def test_numpy_scalars_keep_their_dtype(kind: str) -> None:
    result = round_trip(np.dtype(kind).type(1))
    assert isinstance(result, np.ndarray) and result.shape == () and result.dtype == kind


def test_masked_arrays_travel_as_their_data() -> None:
    result = round_trip(np.ma.masked_array(np.float32([1, 2]), [True, False]))
    assert type(result) is np.ndarray and result.dtype == np.float32 and result.tolist() == [1, 2]


def test_orders_and_strides_do_not_matter_and_arrays_are_writable() -> None:
    value = np.arange(12.0).reshape(3, 4)
    result = round_trip([np.asfortranarray(value), value[::-1, ::2]])
    assert np.array_equal(result[0], value) and np.array_equal(result[1], value[::-1, ::2])
    result[0][0, 0] = 5


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((x for x in ()), "a generator"),
        ({1, 2}, "a set"),
        (object(), "a object"),
        (b"raw", "a bytes"),
        (len, "a builtin_function_or_method"),
        (np.array([None]), "dtype object"),
        (np.zeros(2, "i4,f4"), "dtype"),
        (np.array(["text"]), "dtype <U4"),
        (np.longdouble(1), "dtype"),
        (np.zeros((1,) * 17), "17 dimensions"),
        ({object(): 1}, "key of type object"),
        (1 << 5000, "bits"),
        ("\ud800", "Unicode"),
        ("x" * 70_000, "text of more than"),
        (list(range(30_000)), "more than 25000"),
        (dict.fromkeys(range(5000)), "4096 entries"),
        (np.zeros(65 * MIB, "u1"), "64 MiB"),
    ],
)
def test_what_cannot_travel_is_named_in_words(value: Any, words: str) -> None:
    with pytest.raises(wire.WireError, match=words):
        wire.pack(1, value)


def test_a_list_that_holds_itself_is_too_deep() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(wire.WireError, match="deep"):
        wire.pack(1, loop)
