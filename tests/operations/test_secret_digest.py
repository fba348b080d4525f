"""The digest under which secrets are stored."""

from cases.operations.secret_digest import digest_secret


def test_the_digest_is_the_sha_256_of_the_text() -> None:
    assert digest_secret("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_text_that_is_not_valid_unicode_has_one_too() -> None:
    assert digest_secret("a\udc80") == digest_secret("a?")
