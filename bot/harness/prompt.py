"""The console's prompt on a terminal: history, editing, and completion from the commands that are registered."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.patch_stdout import patch_stdout

from bot.harness.completion import suggestions
from bot.harness.console import Chat

_CONSOLE_WORDS = (
    ":as member",
    ":as moderator",
    ":go server",
    ":go direct",
    ":go elsewhere",
    ":speak de",
    ":post ",
    ":help",
    ":quit",
)


class Prompt:
    """Lines that somebody types."""

    def __init__(self, chat: Chat) -> None:
        self._session: PromptSession[str] = PromptSession(complete_while_typing=True)
        self._completer = CommandCompleter(chat)

    async def line(self, prompt: str) -> str:
        """The next line; Ctrl-C throws away what stands there. Raises `EOFError` for Ctrl-D."""
        completer = self._completer if prompt.endswith("> ") else None
        while True:
            try:
                with patch_stdout(raw=True):  # what arrives meanwhile is drawn above the prompt
                    return await self._session.prompt_async(prompt, completer=completer)
            except KeyboardInterrupt:
                continue


class CommandCompleter(Completer):
    """What can follow: console words after ":", commands and their options after "/"."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Nothing: completion asks the bot and is done asynchronously."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """The completions of the text before the cursor."""
        text = document.text_before_cursor
        if text.startswith(":"):
            for word in _CONSOLE_WORDS:
                if word.startswith(text):
                    yield Completion(word, -len(text))
        elif text.startswith("/"):
            async for completion in self._of_command(text[1:], complete_event):
                yield completion

    async def _of_command(self, text: str, event: CompleteEvent) -> AsyncIterator[Completion]:
        async for one in suggestions(self._chat.me, text):
            if one.wants_file:
                typed = text[len(text) - one.replaces :]
                for path in PathCompleter(expanduser=True).get_completions(Document(typed), event):
                    yield path
            else:
                yield Completion(one.text, -one.replaces, display=one.label, display_meta=one.about)
