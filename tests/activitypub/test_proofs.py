"""Proofs inside documents: those of the specifications are found again, and nothing passes that was changed."""

import copy
import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fediterr.activitypub import proofs
from fediterr.core import errors, keys

CREATED = "2023-02-24T23:36:38Z"
# The key of the examples of W3C vc-di-eddsa and of FEP-8b32, as PKCS#8.
PKCS8 = "MC4CAQAwBQYDK2VwBCIEIMlu+eoQxeQUxHFyOv+d5yw1+ltw+ul+iDLsrH0uK47W"
PRIVATE = f"-----BEGIN PRIVATE KEY-----\n{PKCS8}\n-----END PRIVATE KEY-----\n"
MULTIKEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
METHOD = "https://server.example/users/alice#ed25519-key"
CREATE = {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
    "type": "Create",
    "actor": "https://server.example/users/alice",
    "object": {"type": "Note", "content": "Hello world"},
}
FEP_8B32_PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "verificationMethod": METHOD,
    "proofPurpose": "assertionMethod",
    "proofValue": "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2",
    "created": CREATED,
}
W3C_CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
W3C_CREDENTIAL = {
    "@context": W3C_CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": CREATED,
        "verificationMethod": f"did:key:{MULTIKEY}#{MULTIKEY}",
        "proofPurpose": "assertionMethod",
        "@context": W3C_CONTEXT,
        "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
    },
}


@pytest.fixture
def public():
    return keys.from_multibase(MULTIKEY)


def proven(document=CREATE):
    return copy.deepcopy({**document, "proof": FEP_8B32_PROOF})


def test_the_proof_of_the_w3c_example_is_made_again_to_the_letter():
    """With the context of the document in the proof, as VC-DI-EDDSA 3.3.1 wants it."""
    wanted = W3C_CREDENTIAL["proof"]
    made = proofs.add(
        W3C_CREDENTIAL,
        private_pem=PRIVATE,
        verification_method=wanted["verificationMethod"],
        created=wanted["created"],
    )
    assert made == W3C_CREDENTIAL


def test_a_linked_data_signature_made_after_the_proof_is_passed_over(public):
    proofs.verify({**proven(), "signature": {"type": "RsaSignature2017", "signatureValue": "AAAA"}}, public)


def test_the_proof_of_the_fep_is_believed(public):
    proofs.verify(proven(), public)
    assert proofs.verification_method(proven()) == METHOD


def test_the_proof_of_the_w3c_example_which_has_its_own_context_is_believed(public):
    proofs.verify(W3C_CREDENTIAL, public)


def test_contexts_appended_since_are_set_aside_but_not_others(public):
    longer = {**W3C_CREDENTIAL, "@context": [*W3C_CONTEXT, "https://nantes.test/ns"]}
    proofs.verify(longer, public)
    for context in (W3C_CONTEXT[:1], W3C_CONTEXT[::-1], None, "https://nantes.test/ns"):
        with pytest.raises(errors.Unauthorized):
            proofs.verify({**W3C_CREDENTIAL, "@context": context}, public)


def test_a_proof_in_a_list_of_one_is_believed_and_a_list_of_two_is_not(public):
    document = proven()
    proofs.verify({**document, "proof": [document["proof"]]}, public)
    for several in ([], [document["proof"]] * 2):
        assert proofs.verification_method({**document, "proof": several}) is None
        with pytest.raises(errors.Unauthorized):
            proofs.verify({**document, "proof": several}, public)


def test_a_new_proof_takes_the_place_of_the_old_one(public):
    document = {**proven(), "actor": "https://server.example/users/bob"}
    again = proofs.add(document, private_pem=PRIVATE, verification_method=METHOD, created=CREATED)
    proofs.verify(again, public)
    assert again["proof"]["proofValue"] != document["proof"]["proofValue"]


def test_the_order_of_names_and_the_spaces_do_not_matter(public):
    backwards = json.loads(json.dumps(dict(reversed(proven().items())), indent=3))
    proofs.verify(backwards, public)


def change_content(document):
    document["object"]["content"] = "Bonjour"


def add_something(document):
    document["bcc"] = "https://server.example/users/carol"


def drop_actor(document):
    del document["actor"]


def change_context(document):
    document["@context"].append("https://nantes.test/ns")


def set_proof(**changes):
    def change(document):
        document["proof"] |= changes

    return change


def drop_from_proof(name):
    def change(document):
        del document["proof"][name]

    return change


@pytest.mark.parametrize(
    "change",
    [
        change_content,
        add_something,
        drop_actor,
        change_context,
        set_proof(created="2023-02-24T23:36:39Z"),
        set_proof(created=7),
        set_proof(verificationMethod="https://server.example/users/bob#ed25519-key"),
        set_proof(verificationMethod=["https://server.example/users/alice#ed25519-key"]),
        set_proof(verificationMethod=""),
        set_proof(proofPurpose="authentication"),
        set_proof(cryptosuite="eddsa-rdfc-2022"),
        set_proof(type="RsaSignature2017"),
        set_proof(domain="brest.test"),
        set_proof(expires="2099-01-01T00:00:00Z"),
        set_proof(proofValue=None),
        set_proof(proofValue=""),
        set_proof(proofValue="z"),
        set_proof(proofValue="z0"),
        set_proof(proofValue="z" + "2" * 100_000),
        set_proof(proofValue=FEP_8B32_PROOF["proofValue"].removeprefix("z")),
        set_proof(proofValue=FEP_8B32_PROOF["proofValue"][:-1]),
        drop_from_proof("created"),
        drop_from_proof("proofValue"),
        drop_from_proof("verificationMethod"),
        lambda document: document.pop("proof"),
        lambda document: document.update(proof="z3sX"),
        lambda document: document.update(extra=2**60),
        lambda document: document.update(extra=float("nan")),
        lambda document: document.update(extra="\ud800"),
    ],
)
def test_a_changed_document_or_proof_is_not_believed(change, public):
    document = proven()
    change(document)
    with pytest.raises(errors.Unauthorized):
        proofs.verify(document, public)


@pytest.mark.parametrize(
    "changes",
    [
        {"proofPurpose": "authentication"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"type": "Ed25519Signature2020"},
        {"expires": "2099-01-01T00:00:00Z"},
        {"created": None},
        {"verificationMethod": 7},
    ],
)
def test_a_proof_truly_signed_but_of_a_kind_we_do_not_know_is_not_believed(changes, public):
    config = {name: value for name, value in FEP_8B32_PROOF.items() if name != "proofValue"} | changes
    signature = keys.load_private(PRIVATE).sign(proofs._hashes(CREATE, config))
    signed = {**CREATE, "proof": {**config, "proofValue": "z" + keys.encode_base58(signature)}}
    with pytest.raises(errors.Unauthorized, match=r"no proof we can check|must have a date"):
        proofs.verify(signed, public)


def test_the_proof_of_another_key_is_not_believed():
    other = keys.load_public(keys.public_pem(keys.generate_ed25519()))
    with pytest.raises(errors.Unauthorized, match="does not match"):
        proofs.verify(proven(), other)


def test_a_document_nested_without_end_is_refused_and_costs_no_recursion(public):
    deep: dict = {}
    for _ in range(5000):
        deep = {"object": deep}
    with pytest.raises(errors.Unauthorized, match="deeply"):
        proofs.verify({**deep, "proof": FEP_8B32_PROOF}, public)


def test_a_proof_is_not_made_with_an_rsa_key():
    with pytest.raises(errors.Invalid, match="Ed25519"):
        proofs.add(CREATE, private_pem=keys.generate_rsa(), verification_method=METHOD, created=CREATED)


def test_json_is_written_as_in_the_examples_of_the_rfc():
    """RFC 8785, sections 3.2.2 and 3.2.3."""
    given = r"""{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"""
    written = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + r"""'B\"\\\\\"/"}"""
    )
    assert proofs.canonical(json.loads(given)).decode() == written


def test_names_are_sorted_as_javascript_sorts_them():
    """RFC 8785, section 3.2.3: by UTF-16 units, so that an emoji comes before U+FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    written = json.loads(proofs.canonical(dict.fromkeys(names, 1)))
    assert list(written) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_in_the_appendix_of_the_rfc(bits, text):
    """RFC 8785, appendix B."""
    assert proofs.canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == text


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), 2**53 + 1, -(2**53) - 1, "\udfff", {"\ud800": 1}, {1: 2}, b"x", {1}],
)
def test_what_json_cannot_carry_faithfully_is_refused(value):
    with pytest.raises(errors.Invalid):
        proofs.canonical([value])


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(json_values)
@settings(max_examples=150, deadline=None, database=None, derandomize=True)
def test_what_is_written_reads_back_the_same_and_is_written_the_same_again(value):
    written = proofs.canonical(value)
    again = json.loads(written, parse_int=float)  # as JavaScript, which has no other numbers
    assert again == value
    assert proofs.canonical(again) == written
