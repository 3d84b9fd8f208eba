"""The signatures of an edition and of the editions before it, checked with the public key of the publisher."""

from __future__ import annotations

from collections.abc import Mapping

from brief.contract.manifest import NAME, SIGNATURE
from brief.contract.signatures import PublicKey, comment_of
from brief.errors import BriefError, Fault
from brief.site.verifying.stored import Stored, fault

_NOT_THEIRS = "Who holds the key did not sign this manifest. Ask the publisher."


def is_signed(stored: Stored) -> bool:
    """Whether a signature lies beside the manifest, be it sound or not."""
    return SIGNATURE in stored.names


def faults_of_signatures(
    newest: Stored, editions: Mapping[str, Stored], key: PublicKey
) -> tuple[list[str], list[Fault]]:
    """What was signed, in words, and which signatures are wrong. The newest edition must have one.

    An earlier edition without a signature is held by the next one, which names its digest.
    """
    said, wrong = [], []
    for stored in (newest, *editions.values()):
        if stored is not newest and not is_signed(stored):
            continue
        place = stored.named(SIGNATURE)
        try:
            signature, content = stored.text(SIGNATURE), stored.read(NAME)
            if signature is None or content is None:
                wrong.append(fault(place, "there is no signature of the manifest", _NOT_THEIRS))
                continue
            comment = comment_of(content, signature, key)
            said.append(f"{stored.named(NAME)} is signed with the key {key.name}: “{comment}”")
        except ValueError as error:
            wrong.append(fault(place, f"the signature does not hold: {error}", _NOT_THEIRS))
        except BriefError as error:
            wrong += error.faults
    return said, wrong
