"""Errors → words for the person who asked: what is wrong, and what to do next."""

import math
from typing import NamedTuple

from bot.catalogue import noted, plural, say
from bot.cooldowns import MEMBER, SERVER
from bot.errors import (
    AskedTooOftenError,
    BusyError,
    DateError,
    Media,
    NotAllowedError,
    NothingToReadError,
    OwnAnswerError,
)
from bot.sheets import mention
from knowledge.errors import (
    AlreadyDecided,
    ArticleNotFound,
    ClaimError,
    ClaimProblem,
    CollectionDisabled,
    DisputeGone,
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
    return isinstance(error, _OURS) and not isinstance(error, LibraryError)


_OURS = (NotAllowedError, DateError, BusyError, AskedTooOftenError, NothingToReadError, OwnAnswerError, KnowledgeError)


def words_for(error: BaseException, reference: str) -> Words:
    """The words for an error; `reference` is what the log calls an unexpected one."""
    match error:
        case ClaimError():
            return _claim_words(error)
        case NotAllowedError(is_in_server=True):
            return Words(
                say("only moderators of this server may do that"), say("They are those who may manage messages here.")
            )
        case NotAllowedError():
            return Words(say("that works only in a server that the bot is a member of"), say("Ask there."))
        case DateError():
            return Words(say("that is no date"), say("Write it as 2031-05-01."))
        case BusyError():
            return Words(say("the library is busy"), say("Please try again in a minute."))
        case AskedTooOftenError():
            return _wait_words(error)
        case NothingToReadError():
            return Words(say(_ONLY[error.media]), say("/check takes what they say, typed."))
        case OwnAnswerError():
            return Words(say("this is one of my own answers"), say("Check the message that it answers."))
        case ArticleNotFound():
            return Words(say("there is no such article here"), say("/source list shows what there is."))
        case CollectionDisabled():
            return Words(say("the articles of this server are switched off"), say("Ask whoever runs the bot."))
        case QuotaExceeded():
            return Words(
                say("this server has its {limit} articles", limit=error.limit),
                say("Remove some, or ask whoever runs the bot."),
            )
        case PublisherBlocked():
            return Words(
                say("articles of {domain} are not wanted here", domain=error.domain),
                say("/source allow and /source block decide it."),
            )
        case InvalidDomain():
            return Words(say("that is no domain"), say("Write it as example.org."))
        case UrlTaken():
            return Words(say("another article has that address"), say("/source show finds it."))
        case TooManySuggestions():
            return Words(
                say("{limit} of your suggestions are waiting already", limit=error.limit),
                say("Moderators decide on them first."),
            )
        case TooManyWatches():
            return Words(
                say("you wait for {limit} claims already", limit=error.limit), say("Stop under one of them makes room.")
            )
        case AlreadyDecided():
            return Words(say("somebody was first"), say("It was decided by {member}.", member=mention(error.actor)))
        case DraftGone():
            return Words(
                say("this preview is no longer there"), say("A preview waits for a day. Use /source add again.")
            )
        case RemovalGone():
            return Words(say("that can no longer be undone"), say("Removals can be undone for 24 hours."))
        case SuggestionGone():
            return Words(say("there is no such suggestion"), say("/source queue shows what waits."))
        case DisputeGone():
            return Words(say("there is no such disputed answer"), say("/receipts disputed shows what there is."))
        case TooManyFeeds():
            return Words(
                say("this server follows {limit} feeds already", limit=error.limit), say("/feed remove makes room.")
            )
        case FeedNotFound():
            return Words(say("there is no such feed here"), say("/feed list shows what there is."))
        case NoFeed():
            return Words(say("that is no feed to follow"), say("It {reason}.", reason=error.reason))
        case IngestError():
            return Words(
                say("that did not become an article"),
                say("It {reason}.", reason=error.reason) if error.reason else say("Try another."),
            )
    return Words(
        say("something went wrong on this side, sorry"),
        say("If it happens again, report reference {reference}.", reference=reference),
    )


_ONLY = {
    Media.PICTURES: noted("there are only pictures; I read words"),
    Media.FILES: noted("there are only files; I read words"),
}
_ASKED = {
    MEMBER.whose: noted("you asked more than {n} times in a minute"),
    SERVER.whose: noted("this server asked more than {n} times in a minute"),
}


def _wait_words(error: AskedTooOftenError) -> Words:
    seconds = math.ceil(error.wait)
    return Words(
        say(_ASKED[error.whose], n=error.a_minute),
        plural("Ask again in {n} second.", "Ask again in {n} seconds.", seconds),
    )


def _claim_words(error: ClaimError) -> Words:
    match error.problem:
        case ClaimProblem.EMPTY:
            return Words(say("there are no words to check"), say("Give me a quote or a claim in a sentence."))
        case ClaimProblem.TOO_SHORT:
            return Words(
                say("that is too short to look for"), say("Give me at least {limit} words.", limit=error.limit)
            )
        case ClaimProblem.TOO_LONG:
            return Words(
                say("that is too long to check at once"),
                say("The limit is {limit} characters; send the quote alone.", limit=error.limit),
            )
