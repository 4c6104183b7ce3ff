"""What a text may hide: every usual way of writing text as other text, undone."""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import quopri
import re
import urllib.parse
from collections.abc import Callable, Iterator

SHORTEST = 16  # a hidden text is at least this long where it is written down
LONGEST_BASE85 = 20_000  # Python decodes it slowly, and a picture in base64 looks like it
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|([0-7]{3}))")
TAG = re.compile(r"<[^<>]{1,2000}>")
LETTERS = re.compile(r"[A-Za-z0-9+/_-]{18,}={0,2}")  # fewer hold no line of code, and 16 are a digest
HEX = re.compile(r"[0-9a-fA-F]{24,}")
BASE32 = re.compile(r"[A-Z2-7]{24,}")
PACKED = re.compile(r"[A-Za-z0-9+/_-]{400,}={0,2}")
CHUNK = re.compile(r"[!-~]{20,}")
NUMBERS = re.compile(r"(?:(?:0[xob])?[0-9a-fA-F]{1,8}[\s,;.:|-]+){11,}(?:0[xob])?[0-9a-fA-F]{1,8}")
UU = re.compile(r"^[\x20-\x60]{5,61}$", re.MULTILINE)

Decoded = tuple[str, str | bytes]


def decodings(text: str) -> Iterator[Decoded]:
    """Every other reading of a text with its name, where the text holds what could be one."""
    # Packed bytes in letters are read as such once; in other readings of the text they would only be noise again.
    without = PACKED.sub(" ", text)
    for name, decode in DECODERS.items():
        readable = without if name in LAYOUT else text
        for found in decode(readable):
            if len(found) >= SHORTEST // 2 and found not in (text, without):
                yield name, found


def _escapes(text: str) -> Iterator[str]:
    if "\\" in text:
        changed = ESCAPE.sub(lambda found: _character(int(found[1] or found[2] or found[3] or "0", 16), found[4]), text)
        yield changed.replace("\\n", "\n").replace("\\t", "\t").replace("\\", "")


def _character(code: int, octal: str | None) -> str:
    return chr(int(octal, 8) if octal else min(code, 0x10FFFF))


def _markup(text: str) -> Iterator[str]:
    if "&" in text or "<" in text:
        yield html.unescape(TAG.sub("", text))


def _percent(text: str) -> Iterator[str]:
    if re.search(r"%[0-9a-fA-F]{2}", text):
        yield urllib.parse.unquote(text)


def _quoted_printable(text: str) -> Iterator[str]:
    if re.search(r"=[0-9A-F]{2}|=\r?\n", text):
        yield quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _utf7(text: str) -> Iterator[str]:
    if re.search(r"\+A[A-Za-z0-9+/]", text):
        yield text.encode("ascii", "replace").decode("utf-7", "replace")


def _runs(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Runs in the text as it is, and as it is without what breaks lines and strings."""
    squeezed = re.sub(r"[\s\"'`,;\\]+", "", text)
    for each in dict.fromkeys((text, squeezed)):
        yield from pattern.findall(each)


def _base64(text: str) -> Iterator[bytes]:
    for run in dict.fromkeys(_runs(text, LETTERS)):
        plain = run.rstrip("=").replace("-", "+").replace("_", "/")
        for skip in range(4):  # where the run begins inside of a longer one
            part = plain[skip:]
            with contextlib.suppress(binascii.Error):
                yield base64.b64decode(part[: len(part) - (len(part) % 4 == 1)] + "===")


def _hex(text: str) -> Iterator[bytes]:
    for run in dict.fromkeys(_runs(text, HEX)):
        for part in (run, run[1:]):
            yield bytes.fromhex(part[: len(part) // 2 * 2])


def _base32(text: str) -> Iterator[bytes]:
    for run in dict.fromkeys(_runs(text, BASE32)):
        for skip in range(8):
            part = run[skip:]
            part = part[: len(part) - (len(part) % 8 in (1, 3, 6))]
            with contextlib.suppress(binascii.Error):
                yield base64.b32decode(part + "=" * (-len(part) % 8))


def _base85(text: str) -> Iterator[bytes]:
    for run in dict.fromkeys(_runs(text, CHUNK)):
        if len(run) > LONGEST_BASE85:
            continue
        for decode in (base64.b85decode, base64.a85decode):
            for part in dict.fromkeys((run, run.removeprefix("<~").removesuffix("~>"))):
                with contextlib.suppress(ValueError):
                    yield decode(part)


def _uuencoded(text: str) -> Iterator[bytes]:
    if "begin " in text:
        found = b""
        for line in UU.findall(text):
            with contextlib.suppress(binascii.Error):
                found += binascii.a2b_uu(line)
        yield found


def _numbers(text: str) -> Iterator[str]:
    """Lists of character codes, in decimal, hexadecimal, octal or binary."""
    for run in NUMBERS.findall(text):
        codes = re.findall(r"[0-9a-fA-FxobXOB]+", run)
        for base in (10, 16, 8, 2):
            with contextlib.suppress(ValueError, OverflowError):
                yield "".join(chr(int(re.sub(r"^0[xob]", "", code), base)) for code in codes)


DECODERS: dict[str, Callable[[str], Iterator[str | bytes]]] = {
    "escapes": _escapes,
    "markup": _markup,
    "percent": _percent,
    "quoted-printable": _quoted_printable,
    "utf-7": _utf7,
    "base64": _base64,
    "hex": _hex,
    "base32": _base32,
    "base85": _base85,
    "uuencode": _uuencoded,
    "character codes": _numbers,
}
LAYOUT = {"escapes", "markup", "percent", "quoted-printable", "utf-7"}  # text that is read as text
# Other codes of text, each with what some letters in a row look like in it.
CODES = {
    "utf-16-le": re.compile(rb"(?:[\x09\x0a\x20-\x7e]\0){8}"),
    "utf-16-be": re.compile(rb"(?:\0[\x09\x0a\x20-\x7e]){8}"),
    "utf-32-le": re.compile(rb"(?:[\x09\x0a\x20-\x7e]\0\0\0){8}"),
    "utf-32-be": re.compile(rb"(?:\0\0\0[\x09\x0a\x20-\x7e]){8}"),
    "cp037": re.compile(rb"[\x25\x40-\x6f\x79-\x89\x91-\xa9\xb0-\xc9\xd0-\xe9\xf0-\xf9]{24}"),
}
PRINTABLE = re.compile(r"[\t\n\r\x20-\x7e\xa0-\U000e007f]{8,}")


def readings(content: bytes) -> Iterator[tuple[str, str]]:
    """Bytes as text in every usual code, without what is noise: short runs between unprintable ones."""
    yield from _printable("", content)
    for code, looks in CODES.items():
        if found := looks.search(content):
            yield from _printable(code, content[found.start() % (4 if "32" in code else 2) :])


def _printable(code: str, content: bytes) -> Iterator[tuple[str, str]]:
    text = content.decode(code or "utf-8", "replace").replace("\N{REPLACEMENT CHARACTER}", "\0")
    if len(kept := "\n".join(PRINTABLE.findall(text))) >= SHORTEST // 2:
        yield code, kept
