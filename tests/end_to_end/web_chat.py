"""The page of `receipts console --web`, driven in a browser as somebody would."""

from dataclasses import dataclass

from tests.end_to_end.browser import Page

LAST = "#log > .message:last-child"


@dataclass(frozen=True, slots=True)
class WebChat:
    """The page, open in a tab."""

    tab: Page
    url: str

    async def open(
        self,
        *,
        role: str = "member",
        place: str = "server",
        locale: str = "en-US",
        width: int = 1280,
        scheme: str = "dark",
    ) -> None:
        """Open the page as somebody who speaks some language, somewhere."""
        await self.tab.dress(width=width, height=800 if width > 600 else 844, scheme=scheme)
        await self.tab.open(f"{self.url}#{role}/{place}/{locale}")
        await self.tab.until("document.documentElement.dataset.ready === 'yes'")

    async def say(self, line: str) -> None:
        """Type a message, or a whole command, and send it."""
        await self.tab.evaluate("document.getElementById('line').focus()")
        await self.tab.type(line)
        await self.tab.key("Escape")
        await self.tab.until("document.getElementById('suggestions').hidden")
        await self.tab.click("#composer button[type=submit]")
        await self.tab.until("document.getElementById('line').value === ''")

    async def command(self, line: str) -> None:
        """Type a command, and wait for what it shows."""
        await self.say(line)
        await self.tab.until(f"document.querySelector('{LAST} .container') !== null")

    async def check(self, claim: str) -> None:
        """Type `/check`, and wait for the card."""
        before = await self.cards()
        await self.say(f"/check claim: {claim}")
        await self.tab.until(f"document.querySelectorAll('.container').length > {before}")

    async def press(self, label: str) -> None:
        """Press the last button of that label."""
        buttons = "[...document.querySelectorAll('.container button')]"
        found = f"{buttons}.filter(button => button.innerText === {label!r}).at(-1)"
        await self.tab.until(f"{found} !== undefined")
        await self.tab.evaluate(f"{found}.id = 'pressed'")
        await self.tab.click("#pressed")
        await self.tab.evaluate("document.getElementById('pressed')?.removeAttribute('id')")

    async def cards(self) -> int:
        """How many cards are on the screen."""
        return int(await self.tab.evaluate("document.querySelectorAll('.container').length"))

    async def text(self, selector: str = "#log") -> str:
        """What an element says."""
        return str(await self.tab.evaluate(f"document.querySelector({selector!r}).innerText"))

    async def focus(self) -> str:
        """What has the focus: its label or its text."""
        found = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        return str(await self.tab.evaluate(found))
