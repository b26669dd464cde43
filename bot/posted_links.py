"""The answer to a post that is nothing but a link: the article that is among the sources, or a way to suggest it."""

from bot.cards import label_words
from bot.catalogue import plural, say
from bot.sheets import Line, Sheet
from knowledge.models import Article

_FIRST_WORDS = 500


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
        said=text[:_FIRST_WORDS] + (" …" if len(text) > _FIRST_WORDS else ""),
        remark=say("To check a claim of it, send the words."),
        link=article.url,
    )


def unknown_address(url: str, searched: int | None) -> Sheet:
    """An address that is not; `searched` articles have nothing like the words of its preview."""
    remark = say("Nothing is said of it here: send its words to check them.")
    if searched is not None:
        remark = plural(
            "Nothing like the words of its preview is in the {n} article searched; this does not make them false.",
            "Nothing like the words of its preview is in the {n} articles searched; this does not make them false.",
            searched,
        )
    return Sheet(say("This article is not among the sources"), (Line(say("Address"), url),), remark=remark, link=url)
