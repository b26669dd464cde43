"""The key under which members are kept: made once, for its owner alone, and in no copy of the library."""

import hashlib
import hmac
import stat
from pathlib import Path

import pytest

from knowledge.backups import back_up
from knowledge.errors import LibraryError
from knowledge.library import Library
from knowledge.members import MemberKey


def test_the_key_is_made_once_and_is_its_owners_alone(library: Library, tmp_path: Path) -> None:
    first = MemberKey.beside(library.url).hash("discord:5")
    file = tmp_path / "library.db.key"

    assert MemberKey.beside(library.url).hash("discord:5") == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first == hmac.new(file.read_bytes(), b"discord:5", hashlib.sha256).hexdigest()


def test_other_members_and_other_keys_give_other_hashes() -> None:
    one, other = MemberKey.new(), MemberKey.new()

    assert len({one.hash("discord:5"), one.hash("discord:6"), other.hash("discord:5")}) == 3


def test_a_backup_has_no_key_in_it(library: Library, tmp_path: Path) -> None:
    MemberKey.beside(library.url)
    key = (tmp_path / "library.db.key").read_bytes()

    back_up(library, tmp_path / "backup.db")

    assert key not in (tmp_path / "backup.db").read_bytes()
    assert not (tmp_path / "backup.db.key").exists()


def test_a_file_that_holds_no_key_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "library.db.key").write_bytes(b"short")

    with pytest.raises(LibraryError, match="holds no key"):
        MemberKey.beside(library.url)


@pytest.mark.parametrize("url", ["postgresql://me:secret@localhost/x", "sqlite://", "nonsense"])
def test_where_no_file_can_be_beside_the_library_the_environment_is_named(url: str) -> None:
    with pytest.raises(LibraryError, match="RECEIPTS_KEY") as failure:
        MemberKey.beside(url)
    assert "secret" not in str(failure.value)
