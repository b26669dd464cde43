"""The answer to a post that is nothing but a link: the article that is among the sources, or a way to suggest it."""

from bot.sheets import Line, Sheet
from knowledge.models import Article, Label

_FIRST_WORDS = 500

# What a label means, in the moderators' name and not in ours.
_LABELS = {
    Label.SATIRE: "satire, say the moderators",
    Label.OPINION: "opinion, say the moderators",
    Label.RETRACTED: "retracted by its publisher, say the moderators",
    Label.CORRECTED: "corrected since, say the moderators",
}


def known_article(article: Article, text: str) -> Sheet:
    """An article that is among the sources."""
    facts = (
        Line("Title", article.title),
        Line("Publisher", article.publisher),
        Line("Published", str(article.published_on or "")),
        Line("Label", _LABELS.get(article.label, "")),
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
        remark = f"Nothing like the words of its preview is in the {searched:,} articles searched; this does not make "
        remark += "them false."
    return Sheet("This article is not among the sources", (Line("Address", url),), remark=remark, link=url)
