"""Everything that is kept of members, in one list of stores: told, forgotten and let run out through here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from knowledge.feedback import Feedback
from knowledge.library import Library
from knowledge.members import MemberKey, Stores
from knowledge.models import now
from knowledge.traces import Log, Suggestions
from knowledge.watches import Watches


def member_stores(library: Library, key: MemberKey, clock: Callable[[], datetime] = now) -> Stores:
    """Every store that holds something about members; a new one has a line here."""
    return {
        "feedback": Feedback(library, key, clock),
        "suggestions": Suggestions(library),
        "watches": Watches(library, clock),
        "log": Log(library),
    }


def told(stores: Stores, member: str) -> dict[str, list[dict[str, Any]]]:
    """Everything that is kept about a member, by the names of the stores."""
    return {name: store.of_member(member) for name, store in stores.items()}


def forget(stores: Stores, member: str) -> int:
    """Delete whatever can be deleted about a member; returns how many records that were."""
    return sum(store.forget(member) for store in stores.values())


def expire(stores: Stores, now: datetime) -> int:
    """Delete whatever was kept long enough; returns how many records that were."""
    return sum(store.expire(now) for store in stores.values())
