"""Signed editions: what minisign signs is checked here, what is signed here is what minisign would write.

The key pair and the signature of `tests/cases/verify/signed` were made by minisign 0.11, for these tests alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import published
import topics
from brief.cli import main
from brief.contract import signatures
from brief.contract.manifest import NAME, SIGNATURE
from brief.errors import BriefError
from brief.site.verifying import verify
from conftest import CASES
from published import EARLIER, LATER, publish, rewrite

SIGNED = CASES / "verify" / "signed"
KEY = SIGNED / "only-for-tests.key"
PUBLIC = (SIGNED / "only-for-tests.pub").read_text(encoding="utf-8")
CONTENT = (SIGNED / "signed.txt").read_bytes()
SIGNATURE_OF_MINISIGN = (SIGNED / "signed.txt.minisig").read_text(encoding="utf-8")
PASSWORD = "a password"


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A publication of two editions, signed."""
    folder = published.publication(tmp_path)
    signed = sign(folder)
    assert signed.splitlines() == [f"Signed: {SIGNATURE}", f"Signed: editions/{LATER}/{SIGNATURE}"]
    return folder


def sign(folder: Path) -> str:
    ended = CliRunner().invoke(main, ["sign", str(folder), "--key", str(KEY)])
    assert ended.exit_code == 0, ended.output
    return ended.output


def found_in(folder: Path, key: str = PUBLIC) -> list[str]:
    return [str(finding) for finding in verify(folder, key=signatures.public_key(key)).findings]


def no_password() -> str:
    raise AssertionError("nobody is asked")


def test_a_signature_of_minisign_holds_and_ours_is_the_same() -> None:
    key = signatures.public_key(PUBLIC)
    assert signatures.comment_of(CONTENT, SIGNATURE_OF_MINISIGN, key) == f"edition of {LATER}"
    secret = signatures.secret_key(KEY.read_text(encoding="utf-8"), KEY.name, no_password)
    ours = signatures.sign(CONTENT, secret, f"edition of {LATER}")
    assert ours.splitlines()[1:] == SIGNATURE_OF_MINISIGN.splitlines()[1:]
    assert signatures.public_key(PUBLIC.splitlines()[1]) == key and key.name in PUBLIC


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("edition of", "edition  of", "it is not that of this file"),
        ("RUT", "RUS", "made with another key"),
        ("RUT", "RWT", "it is in the old form"),
        ("trusted comment: edition", "trusted comment edition", "it is no signature of minisign"),
        ("RUT", "\x00", "it is no signature of minisign"),
    ],
)
def test_a_signature_that_was_changed_does_not_hold(before: str, after: str, said: str) -> None:
    changed = SIGNATURE_OF_MINISIGN.replace(before, after, 1)
    with pytest.raises(ValueError, match=said):
        signatures.comment_of(CONTENT, changed, signatures.public_key(PUBLIC))


def test_a_signature_is_of_its_file_alone() -> None:
    with pytest.raises(ValueError, match="not that of this file"):
        signatures.comment_of(CONTENT + b"\n", SIGNATURE_OF_MINISIGN, signatures.public_key(PUBLIC))


def test_a_key_with_a_password_is_unlocked_by_it_alone() -> None:
    """Sealed as minisign seals, with limits that cost little."""
    plain = base64.b64decode(KEY.read_text(encoding="utf-8").splitlines()[1])
    salt, limits = b"s" * 32, (32_768).to_bytes(8, "little") + (1 << 24).to_bytes(8, "little")
    checked = plain[54:126] + hashlib.blake2b(b"Ed" + plain[54:126], digest_size=32).digest()
    # With these limits libsodium takes a cost of 2 to the 10, blocks of 8, one lane.
    stream = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=1 << 10, r=8, p=1, dklen=104)
    sealed = bytes(one ^ other for one, other in zip(checked, stream, strict=True))
    text = f"untrusted comment: x\n{base64.b64encode(b'EdScB2' + salt + limits + sealed).decode()}\n"
    unlocked = signatures.secret_key(text, "key", lambda: PASSWORD)
    assert unlocked == signatures.secret_key(KEY.read_text(encoding="utf-8"), KEY.name, no_password)
    with pytest.raises(BriefError, match="the password is not that of the key"):
        signatures.secret_key(text, "key", lambda: "another")


def test_a_key_that_is_damaged_or_asks_for_endless_work_is_told() -> None:
    plain = base64.b64decode(KEY.read_text(encoding="utf-8").splitlines()[1])
    endless = plain[:2] + b"Sc" + plain[4:38] + (1 << 63).to_bytes(8, "little") + (1 << 10).to_bytes(8, "little")
    for content, said in (
        (plain[:70] + bytes([plain[70] ^ 1]) + plain[71:], "two halves do not belong together"),
        (endless + plain[54:], "more work than any that minisign makes"),
    ):
        with pytest.raises(BriefError, match=said):
            signatures.secret_key(f"untrusted comment: x\n{base64.b64encode(content).decode()}\n", "key", lambda: "")


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--key", "", "a text of the command line is empty"),
        ("--key", "R" * 5_000, "no public key of minisign"),
        ("--key", "key-of-bytes", "is not UTF-8"),
        ("--digest", "", "a text of the command line is empty"),
    ],
)
def test_what_is_to_be_checked_is_never_passed_over(
    option: str, given: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key-of-bytes").write_bytes(b"\xff\xfe")
    ended = CliRunner().invoke(main, ["verify", str(tmp_path), option, given])
    assert ended.exit_code == 1 and said in ended.output and isinstance(ended.exception, SystemExit)


@pytest.mark.parametrize("text", ["", "RW", PUBLIC * 2, "untrusted comment: x\nRWQ=\n"])
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(BriefError, match="no public key of minisign"):
        signatures.public_key(text)
    with pytest.raises(BriefError, match="no secret key of minisign"):
        signatures.secret_key(text, "key", no_password)


def test_a_signed_publication_holds_and_says_who_signed_what(public: Path) -> None:
    report = verify(public, key=signatures.public_key(PUBLIC))
    assert report.findings == []
    assert any(f"{NAME} is signed with the key" in line and f"edition of {LATER}" in line for line in report.checked)
    assert not any("rewrote all copies" in line for line in report.unchecked)
    assert any("give the public key" in line for line in verify(public).unchecked)
    ended = CliRunner().invoke(main, ["verify", str(public), "--key", PUBLIC.splitlines()[1]])
    assert ended.exit_code == 0, ended.output


def test_a_forger_without_the_key_is_found(public: Path) -> None:
    page = public / "404.html"
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    rewrite(public)
    assert any(f"{SIGNATURE}: the signature does not hold" in finding for finding in found_in(public))
    (public / SIGNATURE).unlink()
    assert any(f"{SIGNATURE}: there is no signature" in finding for finding in found_in(public))
    other = base64.b64encode(b"Ed" + b"\0" * 40).decode()
    assert any("made with another key" in finding for finding in found_in(public, other))


def test_what_was_changed_is_not_signed(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(published.site(), tmp_path / "site"))
    (folder / "added.html").write_text("<p>Added.</p>", encoding="utf-8")
    ended = CliRunner().invoke(main, ["sign", str(folder), "--key", str(KEY)])
    assert ended.exit_code == 1 and "nothing was signed: brief verify finds" in ended.output
    assert not (folder / SIGNATURE).exists()
    ended = CliRunner().invoke(main, ["sign", str(tmp_path), "--key", str(KEY)])
    assert ended.exit_code == 1 and "make publish DEST=folder" in ended.output


def test_an_edition_that_a_withdrawal_alters_is_signed_anew(public: Path, tmp_path: Path) -> None:
    assert not (public / "editions" / EARLIER / SIGNATURE).exists(), "an edition from before is held by the next one"
    copy = Path(shutil.copytree(published.site(), tmp_path / "site"))
    gone = {"id": "the-gazette-2021-03-01-1", "label": "Comment 1", "pseudonym": "Reader 1"}
    gone["text"] = "I work until six. When should I come?"
    (copy / "withdrawn.json").write_text(json.dumps({"comments": [gone], "edition": "2021-04-01"}), encoding="utf-8")
    (copy / "edition.txt").write_text("2021-04-01\n", encoding="utf-8")
    rewrite(copy, "2021-04-01")
    publish(copy, public)
    assert not (public / "editions" / LATER / SIGNATURE).exists(), "it was that of the manifest before"
    assert f"Signed: editions/{LATER}/{SIGNATURE}" in sign(public)
    assert found_in(public) == []


def test_the_same_edition_gets_the_same_signature(public: Path) -> None:
    before = topics.files_of(public)
    sign(public)
    assert topics.files_of(public) == before
