"""Time stamps by RFC 3161 (可信时间戳): a service confirms, by its own signature, that data existed at a moment.

The service sees a hash and nothing else. The response is kept as it came: `openssl ts -verify -in` takes it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

#: Bytes of a response that are read: with the service's certificates they have some thousands.
MAX_BYTES = 64 * 1024
REQUEST_TYPE = "application/timestamp-query"
_SHA256 = "2.16.840.1.101.3.4.2.1"


class InvalidTimeStamp(ValueError):
    """Why a response confirms nothing, in a few English words."""


@dataclass(frozen=True)
class StampRequest:
    """What is sent to the service; the response must repeat the nonce."""

    data: bytes
    nonce: int


@dataclass(frozen=True)
class TimeStamp:
    """What a response says: the moment (aware), and by the name in its certificate, whose.

    `is_checked`: its signature was checked, up to one of the certificates that are trusted here. Otherwise it is only
    known that the stamp is for this data.
    """

    at: datetime
    authority: str
    is_checked: bool


def read_certificates(pem: bytes) -> list[Certificate]:
    """The certificates of services that are trusted, none for an empty text; ValueError for what is no certificate."""
    return load_pem_x509_certificates(pem) if pem else []


def request_for(data: bytes) -> StampRequest:
    """The request to confirm these bytes (their SHA-256 is sent), with the service's certificate in the response."""
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    assert request.nonce is not None
    return StampRequest(request.as_bytes(), request.nonce)


def read_stamp(
    response: bytes, data: bytes, *, trusted: Sequence[Certificate] = (), nonce: int | None = None
) -> TimeStamp:
    """What a response says about these bytes; raises InvalidTimeStamp.

    With `trusted` the signature is checked up to one of these certificates, with `nonce` also that it is the response
    to that request.
    """
    if len(response) > MAX_BYTES:
        raise InvalidTimeStamp("the response is too long")
    try:
        stamp = decode_timestamp_response(response)
        if stamp.status != PKIStatus.GRANTED:
            raise InvalidTimeStamp(" ".join(["the service refused", *stamp.status_string]))
        info = stamp.tst_info
        imprint = info.message_imprint
        digest = hashlib.sha256(data).digest()
        if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != digest:
            raise InvalidTimeStamp("it is for other data")
        if nonce is not None and info.nonce != nonce:
            raise InvalidTimeStamp("it is the response to another request")
        if trusted:
            VerifierBuilder(roots=list(trusted)).build().verify(stamp, digest)
        moment = info.gen_time
        return TimeStamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC), _authority(stamp), bool(trusted))
    except InvalidTimeStamp:
        raise
    except VerificationError as error:
        raise InvalidTimeStamp(f"its signature is not valid: {error}") from error
    except Exception as error:  # a stranger's bytes: whatever the libraries make of them
        raise InvalidTimeStamp("the response cannot be read") from error


def _authority(stamp: TimeStampResponse) -> str:
    """The name in the certificate of who signed it; empty when it brought none. Two certificates that both claim to be
    the signer's are refused: only one of them was checked."""
    signers = {(signer.issuer, signer.serial_number) for signer in stamp.signed_data.signer_infos}
    certificates = [load_der_x509_certificate(der) for der in set(stamp.signed_data.certificates)]
    names = [
        certificate.subject.rfc4514_string()
        for certificate in certificates
        if (certificate.issuer, certificate.serial_number) in signers
    ]
    if len(names) > 1:
        raise InvalidTimeStamp("it has two certificates of its signer")
    return names[0] if names else ""
