"""Keys are read from strangers: which are taken, and that refusing the others is cheap."""

import base64
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from fediterr.core import errors, keys

PEM, SPKI = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo


def der_integer(number: int) -> bytes:
    raw = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + der_length(len(raw)) + raw


def der_length(length: int) -> bytes:
    if length < 128:
        return bytes([length])
    raw = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(raw)]) + raw


def rsa_pem(modulus: int, exponent: int) -> str:
    """A PKCS#1 public key made by hand, so that no library stands between us and a silly one."""
    content = der_integer(modulus) + der_integer(exponent)
    body = base64.encodebytes(b"\x30" + der_length(len(content)) + content).decode()
    return f"-----BEGIN RSA PUBLIC KEY-----\n{body}-----END RSA PUBLIC KEY-----\n"


def test_a_new_rsa_key_has_2048_bits_and_its_public_half_can_be_read():
    private = keys.generate_rsa()
    public = keys.load_public(keys.public_pem(private))
    assert private.startswith("-----BEGIN PRIVATE KEY-----")
    assert isinstance(public, rsa.RSAPublicKey)
    assert (public.key_size, public.public_numbers().e) == (2048, 65537)
    assert public == keys.load_private(private).public_key()


def test_a_new_ed25519_key_has_a_public_half_that_can_be_read():
    private = keys.generate_ed25519()
    public = keys.load_public(keys.public_pem(private))
    assert isinstance(public, ed25519.Ed25519PublicKey)
    assert public == keys.load_private(private).public_key()


def test_two_keys_are_never_the_same():
    assert keys.generate_ed25519() != keys.generate_ed25519()


def test_a_key_is_read_once_and_remembered():
    private = keys.generate_ed25519()
    public = keys.public_pem(private)
    assert keys.load_public(public) is keys.load_public(public)
    assert keys.load_private(private) is keys.load_private(private)


def test_a_public_key_in_the_old_pkcs1_form_is_taken():
    modulus = keys.load_private(keys.generate_rsa()).public_key().public_numbers().n
    assert keys.load_public(rsa_pem(modulus, 65537)).public_numbers().n == modulus


@pytest.mark.parametrize("bits", [512, 1024, 2047, 4097, 16384])
def test_an_rsa_key_too_weak_or_too_costly_is_refused(bits):
    with pytest.raises(errors.Invalid, match="key"):
        keys.load_public(rsa_pem(2 ** (bits - 1) + 1, 65537))


@pytest.mark.parametrize("exponent", [1, 2, 4, 65536, 2**33 + 1, 2**2000 + 1])
def test_an_rsa_key_with_an_unsafe_exponent_is_refused(exponent):
    with pytest.raises(errors.Invalid, match="key"):
        keys.load_public(rsa_pem(2**2047 + 1, exponent))


@pytest.mark.parametrize("bits", [2048, 4096])
def test_the_smallest_and_the_largest_rsa_keys_are_taken(bits):
    assert keys.load_public(rsa_pem(2 ** (bits - 1) + 1, 3)).key_size == bits


def test_keys_of_other_kinds_are_refused():
    for other in (dsa.generate_private_key(1024), ec.generate_private_key(ec.SECP256R1())):
        with pytest.raises(errors.Invalid, match="RSA or Ed25519"):
            keys.load_public(other.public_key().public_bytes(PEM, SPKI).decode())


def test_a_private_key_shown_as_a_public_one_is_refused_and_not_repeated():
    private = keys.generate_ed25519()
    with pytest.raises(errors.Invalid) as refusal:
        keys.load_public(private)
    assert private.splitlines()[1] not in repr(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    "thing", [None, 7, {}, [], b"-----BEGIN", "", "not a key", "é", "\ud800", "-----BEGIN PUBLIC KEY-----"]
)
def test_what_is_no_key_at_all_is_refused(thing):
    for load in (keys.load_public, keys.load_private):
        with pytest.raises(errors.Invalid):
            load(thing)


def test_refusing_huge_keys_costs_next_to_nothing():
    good = keys.public_pem(keys.generate_ed25519())
    started = time.process_time()
    for huge in (good * 10_000, "-----BEGIN PUBLIC KEY-----\n" + "A" * 1_000_000, rsa_pem(2**60_000 + 1, 65537)):
        with pytest.raises(errors.Invalid):
            keys.load_public(huge)
    assert time.process_time() - started < 0.5


def test_a_multikey_is_the_one_of_the_published_example():
    """W3C vc-di-eddsa, the key of its test vectors."""
    secret = keys.decode_base58("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").removeprefix(b"\x80\x26")
    public = ed25519.Ed25519PrivateKey.from_private_bytes(secret).public_key()
    assert keys.to_multibase(public) == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert keys.from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2") == public


def test_a_multikey_may_be_made_from_a_pem_but_not_from_an_rsa_key():
    pem = keys.public_pem(keys.generate_ed25519())
    assert keys.from_multibase(keys.to_multibase(pem)) == keys.load_public(pem)
    with pytest.raises(errors.Invalid):
        keys.to_multibase(keys.public_pem(keys.generate_rsa()))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "z",
        "6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ0",
        "z" + "1" * 129,
        "z" + "6" * 1_000_000,
        "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
    ],
)
def test_what_is_no_multikey_is_refused(text):
    with pytest.raises(errors.Invalid):
        keys.from_multibase(text)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_multikey_of_another_length_is_refused(length):
    with pytest.raises(errors.Invalid, match="not an Ed25519"):
        keys.from_multibase("z" + keys.encode_base58(b"\xed\x01" + b"k" * length))


def test_base58_longer_than_a_signature_is_refused_unread():
    assert keys.decode_base58("1" * 128) == b"\0" * 128
    with pytest.raises(errors.Invalid, match="too long"):
        keys.decode_base58("1" * 129)


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"", ""), (b"\0", "1"), (b"Hello World!", "2NEpo7TZRRrLZSi2U"), (b"\0\0\x28\x7f\xb4\xcd", "11233QC4")],
)
def test_base58_is_that_of_its_draft(raw, text):
    """draft-msporny-base58, section 5."""
    assert (keys.encode_base58(raw), keys.decode_base58(text)) == (text, raw)


@given(st.binary(max_size=80))
@settings(max_examples=100, deadline=None, database=None, derandomize=True)
def test_base58_gives_back_what_it_was_given(raw):
    assert keys.decode_base58(keys.encode_base58(raw)) == raw
