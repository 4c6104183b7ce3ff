"""How it is hidden: every usual way of writing a text as another text, and of packing it into bytes."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import tarfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable

import numpy as np

Hide = Callable[[str], str]
Pack = Callable[[str], bytes]


def _codes(base: str) -> Hide:
    return lambda text: ", ".join(format(ord(each), base) for each in text)


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _lines(text: str, width: int = 60) -> str:
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def _uuencoded(text: str) -> str:
    data = text.encode()
    lines = [binascii.b2a_uu(data[start : start + 45]).decode() for start in range(0, len(data), 45)]
    return f"begin 644 notes\n{''.join(lines)}`\nend\n"


def _zip(text: str) -> bytes:
    return _zip_of(text.encode())


def _zip_of(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("notes.txt"), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _tar(text: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo("notes.txt")
        entry.size = len(text.encode())
        archive.addfile(entry, io.BytesIO(text.encode()))
    return file.getvalue()


def _array(dtype: str) -> Pack:
    def pack(text: str) -> bytes:
        file = io.BytesIO()
        array = np.array([text]) if dtype == "U" else np.frombuffer(text.encode(), np.uint8).astype(dtype)
        np.save(file, array, allow_pickle=False)
        return file.getvalue()

    return pack


ROT13 = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM"
)
WIDE = {code: code + 0xFEE0 for code in range(33, 127)}
TWINS = str.maketrans("aeopcx", "аеорсх")

# Hidden in a text, layout kept or not.
HIDDEN: dict[str, Hide] = {
    "as it is": lambda text: text,
    "commented out": lambda text: "\n".join(f"# {line}" for line in text.splitlines()),
    "in capitals": str.upper,
    "other quotes and spaces": lambda text: text.replace('"', "'").replace(" = ", "=").replace(", ", " ,  "),
    "all on one line": lambda text: "; ".join(line.strip() for line in text.splitlines()),
    "a letter, a blank": lambda text: " ".join(text),
    "in an HTML comment": lambda text: f"<!-- {text} -->",
    "coloured as HTML": lambda text: "".join(f"<span>{html.escape(each)}</span>" for each in text.split(" ")),
    "HTML entities": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "Python escapes": lambda text: "".join(f"\\x{ord(each):02x}" if each < "\x80" else each for each in text),
    "Unicode escapes": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "octal escapes": lambda text: "".join(f"\\{ord(each):03o}" if each < "\x80" else each for each in text),
    "percent escapes": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "a link": lambda text: f"https://example.org/?q={urllib.parse.quote(text)}",
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"note": text})),
    "pieces joined by +": lambda text: " + ".join(repr(text[start : start + 7]) for start in range(0, len(text), 7)),
    "base64": lambda text: _b64(text.encode()),
    "base64 in lines": lambda text: _lines(_b64(text.encode())),
    "base64 for URLs, unpadded": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 twice": lambda text: _b64(_b64(text.encode()).encode()),
    "a data address": lambda text: f"data:text/plain;base64,{_b64(text.encode())}",
    "base64 of UTF-16": lambda text: _b64(text.encode("utf-16")),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, spaced": lambda text: text.encode().hex(" "),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base85": lambda text: base64.b85encode(text.encode()).decode(),
    "Ascii85": lambda text: base64.a85encode(text.encode(), adobe=True).decode(),
    "uuencode": _uuencoded,
    "UTF-7": lambda text: text.encode("utf-7").decode(),
    "rot13": lambda text: text.translate(ROT13),
    "back to front": lambda text: text[::-1],
    "decimal codes": _codes("d"),
    "hexadecimal codes": _codes("#x"),
    "binary codes": _codes("08b"),
    "zero-width characters between": lambda text: "\u200b".join(text),
    "full-width letters": lambda text: text.translate(WIDE),
    "Cyrillic twins": lambda text: text.translate(TWINS),
    "invisible tag characters": lambda text: "".join(chr(0xE0000 + ord(each)) for each in text if " " <= each <= "~"),
    "gzip, base64": lambda text: _b64(gzip.compress(text.encode(), mtime=0)),
    "zlib, hexadecimal": lambda text: zlib.compress(text.encode()).hex(),
    "bzip2, base85": lambda text: base64.b85encode(bz2.compress(text.encode())).decode(),
    "xz, base64": lambda text: _b64(lzma.compress(text.encode())),
    "a zip in base64": lambda text: _b64(_zip(text)),
    "rot13, then base64": lambda text: _b64(text.translate(ROT13).encode()),
}
# Packed into bytes, for a member of an archive or the end of a file.
PACKED: dict[str, Pack] = {
    "UTF-8": str.encode,
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, big end first": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "EBCDIC": lambda text: text.encode("cp037", "replace"),
    "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode()),
    "a zip": _zip,
    "a zip in a zip": lambda text: _zip_of(_zip(text)),
    "a tar.gz": _tar,
    "an array of bytes": _array("uint8"),
    "an array of int32": _array("int32"),
    "an array of float64": _array("float64"),
    "an array of strings": _array("U"),
}
