"""The Double Ratchet of the package DoubleRatchet, as the sessions of the model use it.

A module of its own, since the package takes long to load and outcomes that are kept are read without it.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from doubleratchet import (
    AuthenticationFailedException,
    DecryptionFailedException,
    DoSProtectionException,
    DoubleRatchet,
    DuplicateMessageException,
    Header,
)
from doubleratchet import EncryptedMessage as Message
from doubleratchet.recommended import (
    HashFunction,
    aead_aes_hmac,
    diffie_hellman_ratchet_curve25519,
    kdf_hkdf,
    kdf_separate_hmacs,
)

__all__ = ["Message", "Ratchet"]

_FAILURES = (
    AuthenticationFailedException,
    DecryptionFailedException,
    DoSProtectionException,
    DuplicateMessageException,
)
Result = TypeVar("Result")


class _Aead(aead_aes_hmac.AEAD):
    @staticmethod
    def _get_hash_function() -> HashFunction:
        return HashFunction.SHA_256

    @staticmethod
    def _get_info() -> bytes:
        return b"model message key"


class _RootKdf(kdf_hkdf.KDF):
    @staticmethod
    def _get_hash_function() -> HashFunction:
        return HashFunction.SHA_256

    @staticmethod
    def _get_info() -> bytes:
        return b"model root chain"


class _ChainKdf(kdf_separate_hmacs.KDF):
    @staticmethod
    def _get_hash_function() -> HashFunction:
        return HashFunction.SHA_256


class _State(DoubleRatchet):
    @staticmethod
    def _build_associated_data(associated_data: bytes, header: Header) -> bytes:
        lengths = (header.previous_sending_chain_length, header.sending_chain_length)
        fixed = header.ratchet_pub + b"".join(number.to_bytes(8, "big") for number in lengths)
        return len(associated_data).to_bytes(8, "big") + associated_data + fixed


_DiffieHellman = diffie_hellman_ratchet_curve25519.DiffieHellmanRatchet
_HOW: dict[str, Any] = {
    "diffie_hellman_ratchet_class": _DiffieHellman,
    "root_chain_kdf": _RootKdf,
    "message_chain_kdf": _ChainKdf,
    "message_chain_constant": b"\x01\x02",
    "dos_protection_threshold": 1_000,
    "max_num_skipped_message_keys": 1_000,
    "aead": _Aead,
}
_CHAINS = {name: _HOW[name] for name in ("root_chain_kdf", "message_chain_kdf", "message_chain_constant")}


def _done(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """The result of a coroutine that waits for nothing, as all of the ratchet's: so it runs inside any event loop."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    raise RuntimeError("the ratchet waits for something")  # pragma: no cover


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        raise ValueError("the ratchet does not take it") from error


class Ratchet:
    """One side of a double ratchet. What it cannot open raises `ValueError`, and leaves it as it was."""

    def __init__(self, state: DoubleRatchet) -> None:
        self._state = state

    @classmethod
    def start(cls, secret: bytes, public: bytes, content: bytes, about: bytes) -> tuple[Ratchet, Message]:
        """Begin with a shared secret and the other side's public key, and seal a first content."""
        state, message = _done(
            _State.encrypt_initial_message(
                **_HOW, shared_secret=secret, recipient_ratchet_pub=public, message=content, associated_data=about
            )
        )
        return cls(state), message

    @classmethod
    def accept(cls, secret: bytes, private: bytes, message: Message, about: bytes) -> tuple[Ratchet, bytes]:
        """Begin where the other side has begun, with its first message."""
        with _failing():
            state, content = _done(
                _State.decrypt_initial_message(
                    **_HOW, shared_secret=secret, own_ratchet_priv=private, message=message, associated_data=about
                )
            )
        return cls(state), content

    def seal(self, content: bytes, about: bytes) -> Message:
        """A content for the other side."""
        return _done(self._state.encrypt_message(content, about))

    def open(self, message: Message, about: bytes) -> bytes:
        """What the other side has sealed."""
        with _failing():
            return _done(self._state.decrypt_message(message, about))

    def open_own(self, message: Message, about: bytes) -> bytes:
        """What this side has sealed or will seal, as long as the chain goes on that it is on."""
        chain = _DiffieHellman.from_model(
            self._state.model.diffie_hellman_ratchet, **_CHAINS, dos_protection_threshold=1_000
        )
        wanted = message.header
        while True:
            key, header = _done(chain.next_encryption_key())
            if header.ratchet_pub != wanted.ratchet_pub or header.sending_chain_length > wanted.sending_chain_length:
                raise ValueError("the chain is over, or past the message")
            if header == wanted:
                break
        with _failing():
            return _done(_Aead.decrypt(message.ciphertext, key, _State._build_associated_data(about, header)))

    def copy(self) -> Ratchet:
        """The state once more."""
        return Ratchet(_State.from_model(self._state.model, **_HOW))
