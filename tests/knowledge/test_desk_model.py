"""Any sequence of what moderators do, held against a model in a few lines."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from knowledge import index
from knowledge.desk import Desk
from knowledge.errors import AlreadyDecided, ArticleNotFound, QuotaExceeded
from knowledge.library import Library
from knowledge.writer import Addition
from tests.conftest import make_article

URL = "https://example.org"
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "remove_publisher", "undo", "edit", "quota", "move"]),
        st.integers(0, 4),
        st.integers(0, 2),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS)
def test_articles_are_where_a_simple_model_has_them(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int, int]]
) -> None:
    path: Path = tmp_path_factory.mktemp("model") / "library.db"
    with Library.open(f"sqlite:///{path}") as library, pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "TAIL_LENGTH", 6)
        patch.setattr("knowledge.desk._INDEXED_AT_ONCE", 1)
        desk = Desk(library, "discord:1", "me")
        held: dict[str, str] = {}
        removed: list[dict[str, str] | None] = []
        numbers: list[int] = []
        quota: int | None = None
        for deed, number, kind in deeds:
            url, publisher = f"{URL}/{number}", f"P{kind}"
            if deed == "add":
                article = make_article(f"Kettle number{number} sings.", url=url, publisher=publisher)
                if url not in held and quota is not None and len(held) >= quota:
                    with pytest.raises(QuotaExceeded):
                        desk.add(article)
                else:
                    added = desk.add(article).addition
                    assert added is (Addition.UNCHANGED if url in held else Addition.ADDED)
                    held.setdefault(url, publisher)
            elif deed == "edit" and url in held:
                assert desk.edit(url, publisher=publisher).publisher == publisher
                held[url] = publisher
            elif deed == "move" and url in held and f"{URL}/{kind}/moved" not in held:
                desk.edit(url, url=f"{URL}/{kind}/moved")
                held[f"{URL}/{kind}/moved"] = held.pop(url)
            elif deed == "quota":
                quota = kind + 1
                desk.change_settings(quota=quota)
            elif deed in ("remove", "remove_publisher"):
                gone = {u: p for u, p in held.items() if (p == publisher if deed != "remove" else u == url)}
                call = desk.remove if deed == "remove" else desk.remove_publisher
                if not gone:
                    with pytest.raises(ArticleNotFound):
                        call(url if deed == "remove" else publisher)
                    continue
                numbers.append(call(url if deed == "remove" else publisher).id)
                removed.append(gone)
                held = {u: p for u, p in held.items() if u not in gone}
            elif deed == "undo" and removed:
                place = number % len(removed)
                back = removed[place]
                if back is None:
                    with pytest.raises(AlreadyDecided):
                        desk.undo(numbers[place])
                else:
                    fresh = {u: p for u, p in back.items() if u not in held}
                    assert desk.undo(numbers[place]).articles == len(fresh)
                    held |= fresh
                    removed[place] = None
        stored = desk.browse(limit=99)
        assert {article.url: article.publisher for article in stored.items} == held
        assert stored.total == library.stats("discord:1").articles == len(held)
        assert list(library.verify("discord:1")) == []
