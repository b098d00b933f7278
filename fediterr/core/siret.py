"""The numbers of French organisations: SIREN (nine digits) and SIRET (SIREN and five digits of one establishment)."""

import re

SIRET_LENGTH = 14
SIREN_LENGTH = 9
LA_POSTE = "356000000"  # so many establishments that its SIRET go by another rule


def normal(value: str) -> str:
    """The digits, without the spaces that people put between them."""
    return re.sub(r"\s", "", value)


def is_siret(value: str) -> bool:
    if not (value.isascii() and value.isdigit() and len(value) == SIRET_LENGTH):
        return False
    if siren_of(value) == LA_POSTE and sum(map(int, value)) % 5 == 0:
        return True
    return _luhn(value) and is_siren(siren_of(value))


def is_siren(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) == SIREN_LENGTH and _luhn(value)


def siren_of(siret: str) -> str:
    return siret[:SIREN_LENGTH]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0 and digits.strip("0") != ""
