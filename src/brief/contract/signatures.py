"""Signatures of files as minisign writes and reads them: Ed25519 over the BLAKE2b-512 of the file (its form "ED").

The form is described at https://jedisct1.github.io/minisign/. Keys are those of `minisign -G`, with or without a
password. The signing itself is that of the package `cryptography`, which is loaded only when something is signed or
checked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from brief.errors import fail

_ALGORITHM, _PREHASHED, _SCRYPT, _NO_PASSWORD = b"Ed", b"ED", b"Sc", b"\0\0"
_COMMENT, _TRUSTED = "untrusted comment: ", "trusted comment: "
_SECRET_BYTES, _SEALED, _SALT = 158, 104, 32
#: What minisign asks for is a GiB; no key may ask for more.
_MOST_MEMORY = 1 << 30
#: A longer text is no signature, and names no file with a key.
LONGEST = 2_000
_ONE_LINE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


@dataclass(frozen=True)
class PublicKey:
    """A public key: its number, and the key."""

    number: bytes
    key: bytes

    @property
    def name(self) -> str:
        """How minisign names it: the number as a hexadecimal integer."""
        return f"{int.from_bytes(self.number, 'little'):016X}"


@dataclass(frozen=True)
class SecretKey:
    """A secret key: its number, and the seed that the key is made from."""

    number: bytes
    seed: bytes


def public_key(text: str) -> PublicKey:
    """The public key in a text: that of a file of minisign, or its one line alone. Raises `BriefError`."""
    lines = [line for line in text.strip().splitlines() if not line.startswith(_COMMENT)]
    content = _decoded(lines[0].strip()) if len(lines) == 1 else b""
    if len(content) != 42 or content[:2] != _ALGORITHM:
        remedy = "Give the file minisign.pub, or the line in it that begins with RW."
        raise fail("this is no public key of minisign", remedy)
    return PublicKey(content[2:10], content[10:])


def secret_key(text: str, file: str, password: Callable[[], str]) -> SecretKey:
    """The secret key in the text of a file of minisign. `password` is asked where the key has one.

    Raises `BriefError` for a text that is none, and for a wrong password.
    """
    lines = text.strip().splitlines()
    content = _decoded(lines[-1].strip()) if len(lines) == 2 else b""
    if len(content) != _SECRET_BYTES or content[:2] != _ALGORITHM or content[4:6] != b"B2":
        raise fail("this is no secret key of minisign", "Make one with: minisign -G", file)
    sealed = content[-_SEALED:]
    if content[2:4] == _SCRYPT:
        stream = _stream(content[6 : 6 + _SALT], content[38:46], content[46:54], password(), file)
        sealed = bytes(byte ^ other for byte, other in zip(sealed, stream, strict=True))
        checksum = hashlib.blake2b(_ALGORITHM + sealed[:72], digest_size=32).digest()
        if checksum != sealed[72:]:
            raise fail("the password is not that of the key", "Try again.", file)
    elif content[2:4] != _NO_PASSWORD:
        raise fail("the key is locked in a way that is not known", "Make one with: minisign -G", file)
    # A key without a password has no checksum; but each has its public key as well.
    if _library().Ed25519PrivateKey.from_private_bytes(sealed[8:40]).public_key().public_bytes_raw() != sealed[40:72]:
        raise fail("the key is damaged: its two halves do not belong together", "Take a copy that is whole.", file)
    return SecretKey(sealed[:8], sealed[8:40])


def _stream(salt: bytes, operations: bytes, memory: bytes, password: str, file: str) -> bytes:
    """What a password gives to unlock a key with: scrypt, its cost as libsodium reads it from two limits."""
    limit, room, block = max(int.from_bytes(operations, "little"), 32_768), int.from_bytes(memory, "little"), 8
    if room > _MOST_MEMORY:
        raise fail("the key asks for more than a GiB of memory", "Make one with: minisign -G", file)
    few = limit < room // 32
    most = limit // (block * 4) if few else room // (block * 128)
    cost = next((power for power in range(1, 63) if (1 << power) > most // 2), 1)
    parallel = 1 if few else min(limit // 4 // (1 << cost), 0x3FFFFFFF) // block
    most_room = 2 * _MOST_MEMORY - 1
    if (1 << cost) * block * 128 * max(parallel, 1) > most_room:
        raise fail("the key asks for more work than any that minisign makes", "Make one with: minisign -G", file)
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=1 << cost,
        r=block,
        p=max(parallel, 1),
        maxmem=most_room,
        dklen=_SEALED,
    )


def sign(content: bytes, key: SecretKey, comment: str) -> str:
    """The signature of a file, with a comment that is signed as well; the same file gives the same signature."""
    signer = _library().Ed25519PrivateKey.from_private_bytes(key.seed)
    signature = signer.sign(hashlib.blake2b(content).digest())
    whole = signer.sign(signature + comment.encode())
    lines = [f"{_COMMENT}signature of a brief's manifest", _encoded(_PREHASHED + key.number + signature)]
    return "\n".join([*lines, f"{_TRUSTED}{comment}", _encoded(whole)]) + "\n"


def comment_of(content: bytes, signature: str, key: PublicKey) -> str:
    """The comment of a signature that is that of a file by a key. Raises `ValueError` with what is wrong with it."""
    lines = signature.removesuffix("\n").replace("\r\n", "\n").split("\n")
    if len(signature) > LONGEST or len(lines) != 4 or not lines[2].startswith(_TRUSTED):
        raise ValueError("it is no signature of minisign")
    signed, whole, comment = _decoded(lines[1]), _decoded(lines[3]), lines[2].removeprefix(_TRUSTED)
    if len(signed) != 74 or len(whole) != 64 or not _ONE_LINE.fullmatch(comment):
        raise ValueError("it is no signature of minisign")
    if signed[:2] != _PREHASHED:
        raise ValueError("it is in the old form; sign with minisign without -l")
    if signed[2:10] != key.number:
        raise ValueError(f"it was made with another key than {key.name}")
    library = _library()
    try:
        verifier = library.Ed25519PublicKey.from_public_bytes(key.key)
        verifier.verify(signed[10:], hashlib.blake2b(content).digest())
        verifier.verify(whole, signed[10:] + comment.encode())
    except library.InvalidSignature:
        raise ValueError("it is not that of this file") from None
    return comment


class _Library:
    """The parts of `cryptography` that are used."""

    def __init__(self) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

        self.InvalidSignature = InvalidSignature
        self.Ed25519PrivateKey, self.Ed25519PublicKey = Ed25519PrivateKey, Ed25519PublicKey


def _library() -> _Library:
    try:
        return _Library()
    except ImportError:
        raise fail("signatures need the package cryptography", "pip install 'brief[sign]'") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
