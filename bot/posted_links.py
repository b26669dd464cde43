"""The answer to a post that is nothing but a link: the article that is among the sources, or a way to suggest it."""

from bot.cards import count, label_words
from bot.sheets import Line, Sheet
from knowledge.models import Article

_FIRST_WORDS = 500


def known_article(article: Article, text: str) -> Sheet:
    """An article that is among the sources."""
    facts = (
        Line("Title", article.title),
        Line("Publisher", article.publisher),
        Line("Published", str(article.published_on or "")),
        Line("Label", label_words(article)),
        Line("Address", article.url),
    )
    return Sheet(
        title="This article is among the sources",
        lines=tuple(line for line in facts if line.text),
        said=text[:_FIRST_WORDS] + (" …" if len(text) > _FIRST_WORDS else ""),
        remark="To check a claim of it, send the words.",
        link=article.url,
    )


def unknown_address(url: str, searched: int | None) -> Sheet:
    """An address that is not; `searched` articles have nothing like the words of its preview."""
    remark = "Nothing is said of it here: send its words to check them."
    if searched is not None:
        articles = count(searched, "article")
        remark = f"Nothing like the words of its preview is in the {articles} searched; this does not make them false."
    return Sheet("This article is not among the sources", (Line("Address", url),), remark=remark, link=url)
