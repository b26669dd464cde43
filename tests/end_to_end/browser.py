"""A headless Chromium that tests drive by its DevTools protocol, https://chromedevtools.github.io/devtools-protocol/."""

import asyncio
import base64
import itertools
import shutil
import struct
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--window-size=800,600", "--remote-debugging-port=0", "about:blank",
)  # fmt: skip
_PATIENCE = 60.0
"""Seconds that a start or a page may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the page, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Page:
    """One tab."""

    socket: aiohttp.ClientWebSocketResponse
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """The result of a command; what else the browser says meanwhile is passed over."""
        number = next(self.numbers)
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            message = await asyncio.wait_for(self.socket.receive_json(), _PATIENCE)
            if message.get("id") == number:
                assert "error" not in message, message
                return dict(message["result"])

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited where it is a promise."""
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    async def open(self, url: str) -> None:
        """Go to an address and wait until the page is loaded, scrolled and painted."""
        await self.call("Page.navigate", url="about:blank")
        await self.call("Page.navigate", url=url)
        await self.evaluate(
            "new Promise(done => { const settled = () => requestAnimationFrame(() => setTimeout(done, 300));"
            " document.readyState === 'complete' ? settled() : addEventListener('load', settled) })"
        )

    async def box(self, selector: str) -> Box:
        """Where an element stands on the page."""
        found = await self.evaluate(
            f"(r => [r.x + scrollX, r.y + scrollY, r.width, r.height])"
            f"(document.querySelector({selector!r}).getBoundingClientRect())"
        )
        return Box(*found)

    async def colours(self, box: Box) -> set[tuple[int, int, int]]:
        """The colours that a rectangle of the page shows."""
        clip = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "scale": 1}
        shot = await self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return pixels(base64.b64decode(shot["data"]))

    async def dress(self, *, width: int, height: int = 800, scheme: str = "dark", scale: float = 1) -> None:
        """Have a window of this size, for somebody who prefers dark or light pages."""
        is_phone = width < 600
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        await self.call("Emulation.setTouchEmulationEnabled", enabled=is_phone)
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    async def picture(self, selector: str | None = None, *, margin: float = 0) -> bytes:
        """What the window shows, or one element of it with a margin above and below, as a PNG."""
        clip: dict[str, object] = {}
        if selector is not None:
            box = await self.box(selector)
            place = {"x": box.x, "y": box.y - margin, "width": box.width, "height": box.height + 2 * margin}
            clip = {"clip": {**place, "scale": 1}}
        shot = await self.call("Page.captureScreenshot", format="png", **clip)
        return base64.b64decode(shot["data"])

    async def until(self, expression: str) -> Any:
        """The value of an expression, once it is true."""
        late = time.monotonic() + _PATIENCE
        while not (value := await self.evaluate(expression)):
            assert time.monotonic() < late, f"never: {expression}"
            await asyncio.sleep(0.03)
        return value

    async def click(self, selector: str, *, button: str = "left") -> None:
        """Click into the middle of an element, once it is there."""
        await self.until(f"document.querySelector({selector!r}) !== null")
        await self.evaluate(f"document.querySelector({selector!r}).scrollIntoView({{block: 'nearest'}})")
        box = await self.box(selector)
        place = {"x": box.x + box.width / 2, "y": box.y + box.height / 2, "button": button, "clickCount": 1}
        await self.call("Input.dispatchMouseEvent", type="mousePressed", **place)
        await self.call("Input.dispatchMouseEvent", type="mouseReleased", **place)

    async def type(self, text: str) -> None:
        """Type a text where the focus is."""
        await self.call("Input.insertText", text=text)

    async def key(self, name: str, *, shift: bool = False) -> None:
        """Press a key, by the name that JavaScript has for it."""
        text = {"Enter": "\r", " ": " "}.get(name)
        number = _KEY_NUMBERS.get(name, 0)
        pressed = {"key": name, "code": _CODES.get(name, name), "windowsVirtualKeyCode": number, "modifiers": 8 * shift}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **pressed, **({"text": text} if text else {}))
        await self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)


_KEY_NUMBERS = {
    "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
    "ArrowRight": 39, "ArrowDown": 40, "F10": 121,
}  # fmt: skip
_CODES = {" ": "Space"}


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Page]:
    """A tab of a new Chromium with an empty profile."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, f"--user-data-dir={profile}", *_FLAGS,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = await asyncio.to_thread(_port, profile / "DevToolsActivePort")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                tab = next(one for one in await answer.json() if one["type"] == "page")
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        process.kill()
        await process.wait()


def _port(file: Path) -> int:
    """The port that a starting browser writes down."""
    late = time.monotonic() + _PATIENCE
    while time.monotonic() < late:
        if file.exists() and "\n" in (lines := file.read_text()):
            return int(lines.split("\n")[0])
        time.sleep(0.05)
    raise TimeoutError(f"Chromium did not start within {_PATIENCE:.0f} s")


def pixels(png: bytes) -> set[tuple[int, int, int]]:
    """The colours of a PNG of 8-bit RGB or RGBA without interlacing. (https://www.w3.org/TR/png/, section 9)"""
    position, header, packed = 8, b"", b""
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        kind, body = png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        header, packed = (body, packed) if kind == b"IHDR" else (header, packed + body if kind == b"IDAT" else packed)
        position += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    assert (depth, colour) in ((8, 2), (8, 6)), "neither RGB nor RGBA"
    size = 3 if colour == 2 else 4
    raw, stride = zlib.decompress(packed), width * size
    above, found = bytes(stride), set[tuple[int, int, int]]()
    for row in range(height):
        start = row * (stride + 1)
        above = _unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above, size)
        found |= set(zip(above[0::size], above[1::size], above[2::size], strict=True))
    return found


def _unfiltered(kind: int, line: bytes, above: bytes, size: int) -> bytes:
    """A line of a PNG before its filter was applied."""
    row = bytearray(line)
    for place in range(len(row)):
        left = row[place - size] if place >= size else 0
        corner = above[place - size] if place >= size else 0
        guesses = (0, left, above[place], (left + above[place]) // 2, _paeth(left, above[place], corner))
        row[place] = (row[place] + guesses[kind]) & 255
    return bytes(row)


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda one: abs(estimate - one))
