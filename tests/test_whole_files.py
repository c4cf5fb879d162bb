"""Files that are there whole or not at all."""

import gzip
import os
import stat
from pathlib import Path

import pytest

from cetsgraph.whole_files import whole_file


@pytest.mark.parametrize("before", [None, b"before"])
def test_what_is_interrupted_leaves_what_was_there(before: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
        file.write(b"half")
        file.flush()
        raise KeyboardInterrupt
    assert [found.read_bytes() for found in tmp_path.iterdir()] == ([] if before is None else [before])


def test_the_name_or_the_caller_says_whether_it_is_compressed(tmp_path: Path) -> None:
    for name, compressed in (("a.json.gz", None), ("a.bak", True)):
        with whole_file(tmp_path / name, compressed=compressed) as file:
            file.write(b"{}")
        assert gzip.decompress((tmp_path / name).read_bytes()) == b"{}"


@pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")
def test_a_link_keeps_leading_to_the_file_and_the_file_keeps_its_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    path.write_bytes(b"")
    path.chmod(0o640)
    link.symlink_to(path)
    with whole_file(link) as file:
        file.write(b"{}")
    assert link.is_symlink() and path.read_bytes() == b"{}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_cannot_be_written_is_called_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(OSError) as refused, whole_file(tmp_path / "none" / "a.json"):
        pass
    assert refused.value.filename == os.fspath(tmp_path / "none" / "a.json")
