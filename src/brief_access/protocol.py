"""The cryptography of the model, all of it from libraries: key agreement, ratchet, payloads, wraps for escrow.

The agreement follows X3DH (Marlinspike and Perrin 2016), with an Ed25519 key beside the X25519 identity where X3DH
signs with the identity itself; the ratchet is the Double Ratchet (Perrin and Marlinspike 2016) of the package
DoubleRatchet; wraps are HPKE (RFC 9180). A message is encrypted once under a key of its own, and that key goes to each
device through the ratchet. Nothing here is meant to protect anybody's messages.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from brief_access.ratchet import Message, Ratchet

KEY_BYTES = 32
_NONCE_BYTES = 12
_HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_FAILURES = (InvalidTag, InvalidSignature, ValueError)


class CannotRead(Exception):
    """An attempt to decrypt has failed: the key is the wrong one, or something was changed on the way."""


# Keys ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicIdentity:
    """The public halves of an identity: for agreeing on a key, and for signatures."""

    agree: bytes
    sign: bytes


@dataclass(frozen=True)
class Identity:
    """The long-term keys of a device."""

    agree: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    sign: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> PublicIdentity:
        """The public halves."""
        return PublicIdentity(raw(self.agree), self.sign.public_key().public_bytes_raw())


@dataclass
class PreKeys:
    """The private halves of a device's pre-keys: the signed one, and a fresh one for each new partner."""

    signed: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    single: dict[bytes, X25519PrivateKey] = field(default_factory=dict)

    def bundle(self, identity: Identity) -> Bundle:
        """What the directory hands out to the next partner; its one-time key is kept until it is used."""
        once = X25519PrivateKey.generate()
        self.single[raw(once)] = once
        return Bundle(identity.public, raw(self.signed), identity.sign.sign(raw(self.signed)), raw(once))


@dataclass(frozen=True)
class Bundle:
    """What the directory holds of a device, all public: identity, signed pre-key with its signature, one-time key."""

    identity: PublicIdentity
    signed: bytes
    signature: bytes
    once: bytes


@dataclass(frozen=True)
class Opening:
    """What the first message to a device carries, all public: who opens, the ephemeral key, the one-time key used."""

    identity: PublicIdentity
    ephemeral: bytes
    once: bytes


def raw(key: X25519PrivateKey) -> bytes:
    """The public half of a key as bytes."""
    return key.public_key().public_bytes_raw()


def _shared(own: X25519PrivateKey, other: bytes) -> bytes:
    return own.exchange(X25519PublicKey.from_public_bytes(other))


def _secret(*agreed: bytes) -> bytes:
    # The prefix sets these inputs apart from any encoded point (X3DH, section 2.2).
    return HKDF(hashes.SHA256(), KEY_BYTES, b"\0" * 32, b"model agreement").derive(b"\xff" * 32 + b"".join(agreed))


def safety_code(identities: Iterable[PublicIdentity]) -> str:
    """A code of thirty digits over the public identities of a conversation: two people compare it in person."""
    total = hashlib.sha256()
    for identity in sorted(identities, key=lambda identity: identity.agree):
        total.update(identity.agree + identity.sign)
    return f"{int.from_bytes(total.digest(), 'big') % 10**30:030d}"


# Sessions ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wrap:
    """A message's key for a single device: through the ratchet, and with the opening in the first message."""

    sealed: Message
    opening: Opening | None = None

    @property
    def size(self) -> int:
        """Its length in bytes as it is sent."""
        header = len(self.sealed.header.ratchet_pub) + 16
        opening = len(self.opening.ephemeral + self.opening.once) + 64 if self.opening else 0
        return header + len(self.sealed.ciphertext) + opening


class Session:
    """What two devices share: a double ratchet, and their identities as data that both must agree on."""

    def __init__(self, ratchet: Ratchet, between: bytes) -> None:
        self._ratchet, self._between = ratchet, between

    @classmethod
    def start(cls, own: Identity, bundle: Bundle, key: bytes, about: bytes) -> tuple[Session, Wrap]:
        """Agree on a secret with the device that a bundle belongs to, and send it a first key.

        Raises `CannotRead` where the pre-key is not signed by the identity of the bundle.
        """
        from brief_access.ratchet import Ratchet  # only here: who reads what came out needs none of it

        try:
            Ed25519PublicKey.from_public_bytes(bundle.identity.sign).verify(bundle.signature, bundle.signed)
        except InvalidSignature as error:
            raise CannotRead from error
        ephemeral = X25519PrivateKey.generate()
        secret = _secret(
            _shared(own.agree, bundle.signed),
            _shared(ephemeral, bundle.identity.agree),
            _shared(ephemeral, bundle.signed),
            _shared(ephemeral, bundle.once),
        )
        between = own.public.agree + bundle.identity.agree
        ratchet, sealed = Ratchet.start(secret, bundle.signed, key, between + about)
        return cls(ratchet, between), Wrap(sealed, Opening(own.public, raw(ephemeral), bundle.once))

    @classmethod
    def accept(cls, own: Identity, keys: PreKeys, opening: Opening, wrap: Wrap, about: bytes) -> tuple[Session, bytes]:
        """Take up the session that another device has opened. Raises `CannotRead` where it was not opened for us."""
        from brief_access.ratchet import Ratchet

        # Without the one-time key there is nothing better to try than a key of one's own.
        once, agreed = keys.single.get(opening.once), _shared(keys.signed, opening.ephemeral)
        secret = _secret(
            _shared(keys.signed, opening.identity.agree),
            _shared(own.agree, opening.ephemeral),
            agreed,
            _shared(once, opening.ephemeral) if once is not None else agreed,
        )
        between = opening.identity.agree + own.public.agree
        try:
            ratchet, key = Ratchet.accept(secret, keys.signed.private_bytes_raw(), wrap.sealed, between + about)
        except _FAILURES as error:
            raise CannotRead from error
        keys.single.pop(opening.once, None)
        return cls(ratchet, between), key

    def seal(self, key: bytes, about: bytes) -> Wrap:
        """Wrap a key for the other device."""
        return Wrap(self._ratchet.seal(key, self._between + about))

    def open(self, wrap: Wrap, about: bytes) -> bytes:
        """The key in a wrap that the other device has sent. Raises `CannotRead`; the session is then as it was."""
        try:
            return self._ratchet.open(wrap.sealed, self._between + about)
        except _FAILURES as error:
            raise CannotRead from error

    def open_own(self, wrap: Wrap, about: bytes) -> bytes:
        """The key in a wrap that this very side has sent or will send: who has its state has the sending chain too.

        Raises `CannotRead` where the chain is over, or past the message.
        """
        try:
            return self._ratchet.open_own(wrap.sealed, self._between + about)
        except _FAILURES as error:
            raise CannotRead from error

    def copy(self) -> Session:
        """The state as somebody takes it away who copies the device."""
        return Session(self._ratchet.copy(), self._between)


# Payloads and wraps --------------------------------------------------------------------------------------------------


def new_key() -> bytes:
    """A fresh key for one message."""
    return os.urandom(KEY_BYTES)


def seal(text: bytes, key: bytes, about: bytes) -> bytes:
    """Encrypt and authenticate a text, with what it is about."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, text, about)


def unseal(sealed: bytes, key: bytes, about: bytes) -> bytes:
    """The text again. Raises `CannotRead` for another key or a changed byte."""
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
    except _FAILURES as error:
        raise CannotRead from error


def wrap_to(public: X25519PublicKey, secret: bytes, about: bytes) -> bytes:
    """Encrypt something for the holder of a key (HPKE, base mode)."""
    return _HPKE.encrypt(secret, public, info=about)


def unwrap(private: X25519PrivateKey, wrapped: bytes, about: bytes) -> bytes:
    """What was encrypted for the holder of this key. Raises `CannotRead` for any other key."""
    try:
        return _HPKE.decrypt(wrapped, private, info=about)
    except _FAILURES as error:
        raise CannotRead from error


def split(key: bytes) -> tuple[bytes, bytes]:
    """Two shares of a key: each alone is a random string, both together give the key."""
    share = os.urandom(len(key))
    return share, join(share, key)


def join(share: bytes, other: bytes) -> bytes:
    """The key of two shares."""
    return bytes(a ^ b for a, b in zip(share, other, strict=True))
