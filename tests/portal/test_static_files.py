"""Static files are collected when they changed, and only then."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from portal import static_files


@pytest.fixture
def sources(tmp_path: Path, settings: LazySettings) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mark.txt").write_text("one")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    return tmp_path / "sources"


def test_collect_unchanged_is_skipped(sources: Path) -> None:
    assert [static_files.collect(), static_files.collect()] == [True, False]


def test_collect_changed_file_is_collected_again(sources: Path, tmp_path: Path) -> None:
    static_files.collect()
    (sources / "mark.txt").write_text("another")

    assert static_files.collect()
    assert (tmp_path / "static" / "mark.txt").read_text() == "another"


def test_collect_removed_result_is_made_again(sources: Path, tmp_path: Path) -> None:
    static_files.collect()
    (tmp_path / "static" / "staticfiles.json").unlink()

    assert static_files.collect()
