"""Errors → words for the person who asked: what is wrong, and what to do next."""

from typing import NamedTuple

from bot.errors import DateError, NotAllowedError
from bot.sheets import mention
from knowledge.errors import (
    AlreadyDecided,
    ArticleNotFound,
    ClaimError,
    ClaimProblem,
    CollectionDisabled,
    DraftGone,
    FeedNotFound,
    IngestError,
    InvalidDomain,
    KnowledgeError,
    LibraryError,
    NoFeed,
    PublisherBlocked,
    QuotaExceeded,
    RemovalGone,
    SuggestionGone,
    TooManyFeeds,
    TooManySuggestions,
    TooManyWatches,
    UrlTaken,
)


class Words(NamedTuple):
    """What is wrong, and what to do next."""

    headline: str
    remark: str


def is_expected(error: BaseException) -> bool:
    """Whether an error is an answer and no failure of ours, so that it belongs into no log."""
    return isinstance(error, NotAllowedError | DateError | KnowledgeError) and not isinstance(error, LibraryError)


def words_for(error: BaseException, reference: str) -> Words:
    """The words for an error; `reference` is what the log calls an unexpected one."""
    match error:
        case ClaimError():
            return _claim_words(error)
        case NotAllowedError(is_in_server=True):
            return Words("only moderators of this server may do that", "They are those who may manage messages here.")
        case NotAllowedError():
            return Words("that works only in a server that the bot is a member of", "Ask there.")
        case DateError():
            return Words("that is no date", "Write it as 2031-05-01.")
        case ArticleNotFound():
            return Words("there is no such article here", "/source list shows what there is.")
        case CollectionDisabled():
            return Words("the articles of this server are switched off", "Ask whoever runs the bot.")
        case QuotaExceeded():
            return Words(f"this server has its {error.limit:,} articles", "Remove some, or ask whoever runs the bot.")
        case PublisherBlocked():
            return Words(
                f"articles of {error.domain} are not wanted here", "/source allow and /source block decide it."
            )
        case InvalidDomain():
            return Words("that is no domain", "Write it as example.org.")
        case UrlTaken():
            return Words("another article has that address", "/source show finds it.")
        case TooManySuggestions():
            return Words(f"{error.limit} of your suggestions are waiting already", "Moderators decide on them first.")
        case TooManyWatches():
            return Words(f"you wait for {error.limit} claims already", "Stop under one of them makes room.")
        case AlreadyDecided():
            return Words("somebody was first", f"It was decided by {mention(error.actor)}.")
        case DraftGone():
            return Words("this preview is no longer there", "A preview waits for a day. Use /source add again.")
        case RemovalGone():
            return Words("that can no longer be undone", "Removals can be undone for 24 hours.")
        case SuggestionGone():
            return Words("there is no such suggestion", "/source queue shows what waits.")
        case TooManyFeeds():
            return Words(f"this server follows {error.limit:,} feeds already", "/feed remove makes room.")
        case FeedNotFound():
            return Words("there is no such feed here", "/feed list shows what there is.")
        case NoFeed():
            return Words("that is no feed to follow", f"It {error.reason}.")
        case IngestError():
            return Words("that did not become an article", f"It {error.reason}." if error.reason else "Try another.")
    return Words("something went wrong on this side, sorry", f"If it happens again, report reference {reference}.")


def _claim_words(error: ClaimError) -> Words:
    match error.problem:
        case ClaimProblem.EMPTY:
            return Words("there are no words to check", "Give me a quote or a claim in a sentence.")
        case ClaimProblem.TOO_SHORT:
            return Words("that is too short to look for", f"Give me at least {error.limit} words.")
        case ClaimProblem.TOO_LONG:
            return Words(
                "that is too long to check at once", f"The limit is {error.limit:,} characters; send the quote alone."
            )
