"""Passkeys (WebAuthn): keys that a device keeps for its owner and uses after a finger, a face or its code.

The question that a device answers is a word that serves once; whoever answers it with a passkey has proved two things,
the device and its owner, and is asked for no other code.
"""

import importlib
import json
import re
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import letters, once, service
from fediterr.accounts.credentials import Passkey
from fediterr.accounts.models import User
from fediterr.core import clock, errors, site
from fediterr.core.db import session

MOST = 20  # for one user
LABEL = 60  # characters
CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{1,1400}")  # at most 1023 bytes, in base64url
ANSWER = 20_000  # characters; a long one takes 3,000


def _library() -> ModuleType:
    """Read when a passkey first comes: a third of a second and 8 MiB that most processes never need."""
    return importlib.import_module("webauthn")


def of(user: User) -> list[Passkey]:
    return list(session.scalars(sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)))


def get(user: User, identifier: int) -> Passkey:
    """A passkey of this user; NotFound when it is none of theirs."""
    found = session.get(Passkey, identifier)
    if found is None or found.user_id != user.id:
        raise errors.NotFound("There is no such passkey.")
    return found


def remove(passkey: Passkey) -> None:
    session.delete(passkey)
    session.flush()


# --- a new one -----------------------------------------------------------------------------------------------------


def ask_for_new(user: User) -> str:
    """What a browser is asked, to make one: as it reads it, in JSON."""
    library = _library()
    structs = library.helpers.structs
    known = of(user)
    if len(known) >= MOST:
        raise errors.Conflict(f"At most {MOST} passkeys can be kept.")
    asked = library.generate_registration_options(
        rp_id=_domain(), rp_name=site.settings().name,
        user_id=str(user.id).encode(), user_name=user.account.full_handle, user_display_name=user.account.shown_name,
        challenge=once.give(once.PASSKEY, user).encode(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=library.base64url_to_bytes(each.credential)) for each in known
        ],
    )  # fmt: skip
    return str(library.options_to_json(asked))


def add(user: User, answer: str, label: str) -> Passkey:
    """Keep the passkey that a browser has made; Invalid when it is not one, or answers no question of ours."""
    library, given = _library(), _read(answer)
    word = _word(given)
    if once.use(once.PASSKEY, word).user_id != user.id:
        raise _mistaken()
    checked = _verified(
        library.verify_registration_response,
        credential=given,
        expected_challenge=word.encode(),
        expected_rp_id=_domain(),
        expected_origin=site.settings().base_url,
        require_user_verification=True,
    )
    to_text = library.helpers.bytes_to_base64url
    credential = to_text(checked.credential_id)
    if session.scalar(sa.select(Passkey.id).where(Passkey.credential == credential)):
        raise errors.Conflict("This passkey is known already.")
    made = Passkey(
        user_id=user.id,
        credential=credential,
        public_key=to_text(checked.credential_public_key),
        uses=checked.sign_count,
        label=label.strip()[:LABEL],
    )
    session.add(made)
    session.flush()
    letters.told(user, "passkey")
    return made


# --- signing in ----------------------------------------------------------------------------------------------------


def ask_for_one() -> str:
    """What a browser is asked, to sign in with any passkey it has for this server."""
    library = _library()
    asked = library.generate_authentication_options(
        rp_id=_domain(),
        challenge=once.give(once.PASSKEY).encode(),
        user_verification=library.helpers.structs.UserVerificationRequirement.REQUIRED,
    )
    return str(library.options_to_json(asked))


def sign_in(answer: str) -> User:
    """Whose passkey gave this answer; Unauthorized when it is none of ours."""
    library, given = _library(), _read(answer)
    word = _word(given)
    once.use(once.PASSKEY, word)
    named = str(given.get("id", ""))
    known = sa.select(Passkey).where(Passkey.credential == named)
    passkey = session.scalar(known) if CREDENTIAL.fullmatch(named) else None
    if passkey is None:
        raise errors.Unauthorized("This passkey is not known here.")
    checked = _verified(
        library.verify_authentication_response,
        credential=given,
        expected_challenge=word.encode(),
        expected_rp_id=_domain(),
        expected_origin=site.settings().base_url,
        credential_public_key=library.base64url_to_bytes(passkey.public_key),
        credential_current_sign_count=passkey.uses,
        require_user_verification=True,
    )
    user = service.user(passkey.user_id)
    if user is None or not user.may_sign_in:
        raise errors.Forbidden("This account is not open: ask an administrator.")
    passkey.uses, passkey.used_at = checked.new_sign_count, clock.now()
    return user


# --- answers of browsers -------------------------------------------------------------------------------------------


def _mistaken() -> errors.Problem:
    return errors.Invalid("This passkey could not be read: try again.")


def _domain() -> str:
    return urlsplit(site.settings().base_url).hostname or ""


def _read(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer[:ANSWER])
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise _mistaken()
    return given


def _word(given: dict[str, Any]) -> str:
    """The question that was answered, as the answer repeats it."""
    decode = _library().base64url_to_bytes
    try:
        told = json.loads(decode(given["response"]["clientDataJSON"]))
        return str(decode(told["challenge"]).decode("ascii"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _mistaken() from None


def _verified(verify: Any, **given: Any) -> Any:
    try:
        return verify(**given)
    except Exception as error:
        raise _mistaken() from error
