"""Zips for tests: as the platforms make them, and as nobody should."""

import io
import json
import stat
import zipfile

NOTEBOOKS = {"01_convolution": "convolution", "03_pooling": "pooling"}


def notebook(mark):
    """A notebook that can be told from others by the name it defines."""
    cell = {"cell_type": "code", "metadata": {}, "source": f"mark = {mark!r}"}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def packed(members, compression=zipfile.ZIP_DEFLATED):
    """Bytes of a zip: pairs of a name or ZipInfo, and bytes. Names may stand twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            info.compress_type = compression
            if info.filename in file.NameToInfo:  # no warning about what is meant
                del file.NameToInfo[info.filename]
            file.writestr(info, content)
    return buffer.getvalue()


def special(name, kind=stat.S_IFLNK):
    """A member that says it is a link or a device."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


def with_flag(content, bit):
    """The same zip with a flag set on every member, in both places where it stands."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            changed[at + offset] |= bit
            at = content.find(signature, at + 4)
    return bytes(changed)


GRADESCOPE_METADATA = b"""---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.edu
  :created_at: 2026-03-01 10:00:00.000000000 Z
  :history:
  - :id: 7
    :submitters:
    - :name: Somebody Else
submission_12:
  :submitters:
  - :name: Ben O'Neil
    :sid:
    :email: ben@example.edu
  - :name: Chen
    :sid: '7'
  :created_at: 2026-03-01 12:00:00.000000000 +01:00
submission_19:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
  :created_at: 2026-03-02 10:00:00 -08:00
"""
