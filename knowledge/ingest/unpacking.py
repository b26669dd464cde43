"""Bounded bytes from files, packed or not: no input makes it hold more than a few MiB or read for ever."""

import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

UNPACKED_LIMIT = 4 * 1024**3
"""Bytes out of one packed file: thirty times our corpus of 27,452 articles (130 MB)."""

RATIO_LIMIT = 100
RATIO_FREE = 16 * 1024**2
"""Beyond 16 MiB a packed file may not unfold to more than 100 times its size. The corpus does 3.4 times;
gzip bombs do 1000 and xz bombs 7000."""

XZ_MEMORY_LIMIT = 128 * 1024**2
"""Bytes. `xz -9` needs 65 MiB to unpack; a hostile header can ask for 1.5 GiB."""

_CHUNK = 256 * 1024
_GZIP = zlib.MAX_WBITS | 16


class UnpackingError(Exception):
    """A packed file that is damaged, cut off or a bomb; the message says which."""


class Counted(io.RawIOBase):
    """A file that counts the bytes read from it, for progress and for the ratio of a packed one."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read some bytes; 0 at the end."""
        count = self._file.readinto(buffer) or 0
        self.count += count
        return count

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """The bytes inside a packed file. Raises `UnpackingError` where they cannot or may not be had."""

    def __init__(self, packed: Counted, unpack: Callable[[BinaryIO], Iterator[bytes]]) -> None:
        self._packed = packed
        self._chunks = unpack(io.BufferedReader(packed, _CHUNK))
        self._rest = memoryview(b"")
        self._count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Unpack some bytes; 0 at the end."""
        if not self._rest:
            self._rest = memoryview(self._next())
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        """Close the packed file as well."""
        self._packed.close()
        super().close()

    def _next(self) -> bytes:
        try:
            chunk = next(self._chunks, b"")
        except EOFError as error:
            raise UnpackingError("is cut off") from error
        except (zlib.error, lzma.LZMAError) as error:
            raise UnpackingError(f"is damaged or packed otherwise ({error})") from error
        self._count += len(chunk)
        if self._count > min(UNPACKED_LIMIT, RATIO_FREE + RATIO_LIMIT * self._packed.count):
            raise UnpackingError(f"unpacks to more than {self._count // 1024**2:,} MiB, which is too much")
        return chunk


def _gunzip(packed: BinaryIO) -> Iterator[bytes]:
    data = packed.read(_CHUNK)
    while data:
        member = zlib.decompressobj(_GZIP)
        while not member.eof:
            data = data or packed.read(_CHUNK)
            chunk = member.decompress(data, _CHUNK)
            if not (data or chunk):
                raise EOFError
            data = member.unconsumed_tail
            if chunk:
                yield chunk
        data = member.unused_data.lstrip(b"\0") or packed.read(_CHUNK).lstrip(b"\0")


def _unxz(packed: BinaryIO) -> Iterator[bytes]:
    data = packed.read(_CHUNK)
    while data:
        stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY_LIMIT)
        while not stream.eof:
            if stream.needs_input and not (data := data or packed.read(_CHUNK)):
                raise EOFError
            if chunk := stream.decompress(data, _CHUNK):
                yield chunk
            data = b""
        data = stream.unused_data.lstrip(b"\0") or packed.read(_CHUNK).lstrip(b"\0")


PACKINGS = MappingProxyType({".gz": _gunzip, ".xz": _unxz})


def unpacked(file: Counted, suffix: str) -> io.BufferedReader:
    """The content of a file whose name ends in `suffix`: unpacked for `.gz` and `.xz`, as it is for others."""
    if unpack := PACKINGS.get(suffix):
        return io.BufferedReader(_Unpacked(file, unpack), _CHUNK)
    return io.BufferedReader(file, _CHUNK)


def bounded_lines(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The lines of a stream, with their ends; None for a line of more than `limit` bytes, which is skipped."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
        yield None
