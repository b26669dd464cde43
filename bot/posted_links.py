"""The answer to a post that is nothing but a link: the article that is among the sources, or a way to suggest it."""

from bot.cards import label_words
from bot.catalogue import plural, say
from bot.escaping import clean
from bot.sheets import Line, Sheet
from knowledge.models import Article

_FIRST_WORDS = 240
"""Characters: with them the answer fits a phone's screen."""


def known_article(article: Article, text: str) -> Sheet:
    """An article that is among the sources."""
    facts = (
        Line(say("Title"), article.title),
        Line(say("Publisher"), article.publisher),
        Line(say("Published"), str(article.published_on or "")),
        Line(say("Label"), label_words(article)),
        Line(say("Address"), article.url),
    )
    return Sheet(
        title=say("This article is among the sources"),
        lines=tuple(line for line in facts if line.text),
        said=_beginning(clean(text)),
        remark=say("To check a claim of it, send the words."),
        link=article.url,
    )


def _beginning(text: str) -> str:
    """The first words of a text, none of them cut where there are blanks between them."""
    return text if len(text) <= _FIRST_WORDS else f"{text[:_FIRST_WORDS].rsplit(' ', 1)[0]} …"


def unknown_address(url: str, searched: int | None) -> Sheet:
    """An address that is not; `searched` articles have nothing like the words of its preview."""
    remark = say("Nothing is said of it here: send its words to check them.")
    if searched is not None:
        remark = plural(
            "Nothing like the words of its preview is in the {n} article searched; this does not make them false.",
            "Nothing like the words of its preview is in the {n} articles searched; this does not make them false.",
            searched,
        )
    title = say("This article is not among the sources")
    return Sheet(title, (Line(say("Address"), url),), remark=remark, link=url)
