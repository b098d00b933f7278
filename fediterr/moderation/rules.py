"""The rules that people here agree to."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, ids, text
from fediterr.core.db import session
from fediterr.moderation import complaints, journal
from fediterr.moderation.models import Rule

LENGTH = 300
HINT = 2000


def listed() -> list[Rule]:
    """The rules that hold, in their order."""
    return list(session.scalars(sa.select(Rule).where(Rule.withdrawn_at.is_(None)).order_by(Rule.position, Rule.id)))


def in_language(rule: Rule, language: str) -> tuple[str, str]:
    """What a rule asks for and what is meant by it, in that language if it was said in it."""
    said = rule.translations.get(language) or {"text": rule.text, "hint": rule.hint}
    return said["text"], said["hint"]


def many(identifiers: set[int]) -> dict[int, Rule]:
    """These rules by their id, those that were withdrawn too."""
    found = session.scalars(sa.select(Rule).where(Rule.id.in_(identifiers))) if identifiers else ()
    return {rule.id: rule for rule in found}


def add(words: str, hint: str = "", *, actor: Account | None = None) -> Rule:
    """A new rule, after the others."""
    last = session.scalar(sa.select(sa.func.max(Rule.position)).where(Rule.withdrawn_at.is_(None))) or 0
    rule = Rule(id=ids.new(), position=last + 1, text=_checked("Text", words, LENGTH), hint=hint[:HINT])
    session.add(rule)
    journal.write_down(actor, "add_rule", str(rule.id), rule.text)
    return rule


def change(rule: Rule, words: str, hint: str = "", *, actor: Account | None = None) -> None:
    """Say a rule otherwise."""
    before, rule.text, rule.hint = (rule.text, rule.hint), _checked("Text", words, LENGTH), hint[:HINT]
    if before != (rule.text, rule.hint):
        journal.write_down(actor, "change_rule", str(rule.id), rule.text)


def translate(rule: Rule, language: str, words: str, hint: str = "", *, actor: Account | None = None) -> None:
    """What a rule reads like in another language; empty words take the translation away."""
    tag = text.language_tag(language)
    if tag is None:
        raise complaints.malformed("Language")
    others = {name: said for name, said in rule.translations.items() if name != tag}
    if words.strip():
        others[tag] = {"text": _checked("Text", words, LENGTH), "hint": hint[:HINT]}
    if others != rule.translations:
        rule.translations = others
        journal.write_down(actor, "translate_rule", str(rule.id), rule.text)


def move(rule: Rule, position: int, *, actor: Account | None = None) -> None:
    """Put a rule at a place among the others, counted from one."""
    others = [each for each in listed() if each.id != rule.id]
    others.insert(max(0, position - 1), rule)
    for place, each in enumerate(others, 1):
        each.position = place
    journal.write_down(actor, "move_rule", str(rule.id), rule.text)


def withdraw(rule: Rule, *, actor: Account | None = None) -> None:
    """A rule holds no longer; reports that name it still say which it was."""
    rule.withdrawn_at = clock.now()
    journal.write_down(actor, "withdraw_rule", str(rule.id), rule.text)


def at(place: int) -> Rule:
    """The rule at that place, counted from one."""
    everyone = listed()
    if not 1 <= place <= len(everyone):
        raise errors.NotFound("There is no such rule.")
    return everyone[place - 1]


def _checked(what: str, words: str, most: int) -> str:
    if not words.strip():
        raise complaints.blank(what)
    if len(words.strip()) > most:
        raise complaints.too_long(what, most)
    return words.strip()
