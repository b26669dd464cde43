"""The gateway compresses as a client asks it to."""

import zlib

import aiohttp
import discord
import pytest

from bot.harness import LoopbackDiscord, Member
from tests.harness.specimen import specimen_on


class _Zlib:
    """What discord.py has of its own only where there is no `zstandard`."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()

    def decompress(self, data: bytes, /) -> str | None:
        """The text of a message, whose end is that of a flush."""
        assert data.endswith(b"\x00\x00\xff\xff")
        return self._stream.decompress(data).decode()


async def _log_in_and_answer(emulator: LoopbackDiscord, compression: str) -> None:
    async with specimen_on(emulator):
        assert emulator.gateway.compressions == {compression}
        ada = Member(emulator, "Ada")
        shown = await ada.slash("buttons")
        assert (await ada.press(shown, "Update")).text == "updated"
        await emulator.gateway.close()
        await emulator.gateway.until_ready()
        assert (await ada.slash("library count")).text == "3 articles"
        assert emulator.gateway.resumes == 1


async def test_a_client_lives_on_zlib(empty_discord: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.utils, "_ActiveDecompressionContext", _Zlib)

    await _log_in_and_answer(empty_discord, "zlib-stream")


async def test_a_client_lives_on_zstandard(empty_discord: LoopbackDiscord) -> None:
    pytest.importorskip("zstandard")  # discord.py asks for it where it is there

    await _log_in_and_answer(empty_discord, "zstd-stream")


async def test_an_unknown_compression_is_refused(empty_discord: LoopbackDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        with empty_discord.expecting("unknown compression 'lzma'"), pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(empty_discord.gateway.url + "?v=10&encoding=json&compress=lzma")
