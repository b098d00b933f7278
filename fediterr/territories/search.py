"""Finding territories: as somebody types, among those of a kind, with how many there are of each kind.

What is typed is a number (SIREN, INSEE, department) or words in any order, whole or begun. First come those whose name
it is, then those whose name begins so, then those that have the words, then those that have words like them: in each
class the most populous first.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.territories import directory, facets, index, spelling
from fediterr.territories.facets import Facets, Filters, Kin
from fediterr.territories.models import (
    SYNDICATES,
    Authority,
    Entry,
    HeldCompetence,
    Kinship,
    NameWord,
    Nature,
    Territory,
    WordPiece,
)

SORTS = ("pertinence", "nom", "population")
MOST_WORDS = 6  # that are read of a question
SHORT = 2  # letters that are looked for at the beginning of names alone
FEW = 6  # results that leave room for names like these
NEAR = 12  # words that one mistyped word may stand for
AHEAD = 300  # words that begin as a mistyped one does, compared with it
SIREN, SIRET = 9, 14  # digits
SOME = 6  # digits of a SIREN that are enough to look for those that begin so

VERY, FIRST, WHOLE, BEGUN, LIKE = range(5)  # the classes of what is found

refile, refile_all = index.refile, index.refile_all  # who changes territories calls these

Condition = sa.ColumnElement[bool]
Order = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Found:
    """A part of what answers a question, how much answers it, and how much would with other filters."""

    territories: list[Territory]
    total: int
    facets: Facets
    near: bool = False  # nothing is called as was typed: these are called nearly so


@dataclass(frozen=True)
class Answer:
    """What answers some words: under which condition, in which order."""

    condition: Condition
    order: Order
    near: bool = False

    def is_something(self) -> bool:
        return session.scalar(sa.select(Entry.territory_id).where(self.condition).limit(1)) is not None


_ALIKE = (Kinship.nature, Kinship.band, Kinship.density, Kinship.departments, Kinship.region)
_ALL = Answer(sa.true(), sa.literal(0))


def find(words: str, filters: Filters | None = None, *, sort: str = "", limit: int = 20, offset: int = 0) -> Found:
    """The territories that answer some words, or all, narrowed by filters; and how many other filters would leave."""
    filters, answer = filters or Filters(), _answer(words)
    tallied = facets.tally(_kinships(answer, filters), filters)
    counts = {**tallied.facets, "competence": _competences(answer, filters)}
    chosen = session.scalars(_listed(answer, filters, sort).limit(limit).offset(offset)) if tallied.total else ()
    return Found(_loaded(chosen), tallied.total, counts, near=answer.near)


def suggest(words: str, limit: int = 8) -> list[Territory]:
    """What somebody who has typed so much may be looking for."""
    if not spelling.asked(words):
        return []
    return _loaded(session.scalars(_listed(_answer(words), Filters(), "").limit(limit)))


def by_number(typed: str) -> Territory | None:
    """The territory with that SIREN, the SIREN of that SIRET, or that INSEE code."""
    number = "".join(typed.split()).upper()
    if number.isdecimal() and len(number) in (SIREN, SIRET):
        return directory.by_siren(number[:SIREN])
    wanted = sa.select(Territory).where(Territory.insee_code == number, Territory.ended_on.is_(None))
    return session.scalar(wanted.limit(1)) if len(number) == 5 else None


def each(words: str, filters: Filters, *, sort: str = "", most: int, at_once: int = 500) -> Iterator[Territory]:
    """All that is found, up to `most`, read a few at a time."""
    found = session.scalars(_listed(_answer(words), filters, sort).limit(most)).all()
    for start in range(0, len(found), at_once):
        yield from _loaded(found[start : start + at_once])


def by_department(filters: Filters) -> tuple[Counter[str], Counter[str]]:
    """How many territories pass the filters in each department, and how many of these are on the network."""
    everywhere, present = Counter[str](), Counter[str]()
    for kin in _kinships(_ALL, filters):
        if facets.passes(kin, filters):
            for department in kin.departments.split():
                everywhere[department] += kin.number
                present[department] += kin.number if kin.network else 0
    return everywhere, present


def passing(filters: Filters, among: set[int]) -> tuple[set[int], set[int]]:
    """Those of some territories that pass the filters, and those that are on the network."""
    wanted = sa.select(Entry.territory_id).where(Entry.territory_id.in_(among))
    there = wanted.where(Entry.territory_id.in_(_present()))
    return set(session.scalars(wanted.where(*_conditions(filters)))), set(session.scalars(there))


# --- by words ------------------------------------------------------------------------------------------------------


def _answer(words: str) -> Answer:
    """What has all the words; where that is little, also what has words like them or is written in one."""
    asked = tuple(spelling.asked(words)[:MOST_WORDS])
    if not asked:
        return _ALL
    together = "".join(asked)
    if together.isdecimal() and len(together) >= SOME:
        siren = sa.select(Territory.id).where(Territory.siren.startswith(together[:SIREN]))
        return Answer(Entry.territory_id.in_(siren), sa.literal(0))
    if len(together) <= SHORT and not together[0].isdecimal():
        return _shortly(together, spelling.is_begun(words))
    exact = _exactly(asked, spelling.is_begun(words))
    rank = sa.select(exact.order).where(exact.condition).limit(FEW + 1)
    ranks = session.scalars(rank).all()
    if len(ranks) > FEW or any(each < BEGUN for each in ranks) or together.isdecimal():
        return exact
    alike = _alike(asked, together)
    if not ranks:
        return alike
    return Answer(sa.or_(exact.condition, alike.condition), sa.case((exact.condition, exact.order), else_=alike.order))


def _shortly(letters: str, begun: str) -> Answer:
    """What begins with one letter or two: in the middle of a name these say nothing yet."""
    first = sa.or_(_core_begins(letters), _core_begins(begun)) if begun else _core_begins(letters)
    return Answer(first, sa.case((Entry.core == letters, VERY), else_=FIRST))


def _exactly(asked: tuple[str, ...], begun: str) -> Answer:
    conditions = [_begins(word) for word in asked]
    name = tuple(word for word in asked if word not in spelling.LEGAL) or asked
    whole = " ".join(name)
    first = _core_begins(whole)
    if begun:  # "saint" was not typed yet: it may become "Strasbourg"
        conditions[-1] = sa.or_(conditions[-1], _begins(begun))
        first = sa.or_(first, _core_begins(" ".join((*name[:-1], begun))))
    order = sa.case(
        (sa.or_(Entry.core == whole, Entry.number == whole), VERY),
        (first, FIRST),
        (sa.and_(*map(_has_word, name)), WHOLE),
        else_=BEGUN,
    )
    return Answer(sa.and_(*map(_named, conditions)), order)


def _alike(asked: tuple[str, ...], together: str) -> Answer:
    """What is written in one where the question is not, what is mistyped, or what begins as the question in one."""
    in_one = Answer(_named(NameWord.word == index.TOGETHER + together), sa.literal(LIKE), near=True)
    if in_one.is_something():
        return in_one
    for words in (asked, (together,)) if len(asked) > 1 else (asked,):
        near = [_near(word) for word in words]
        if all(near):
            answer = Answer(sa.and_(*(_named(NameWord.word.in_(each)) for each in near)), _nearest(near), near=True)
            if answer.is_something():
                return answer
    return Answer(_named(_begins(index.TOGETHER + together)), sa.literal(LIKE), near=True)


def _nearest(near: list[dict[str, int]]) -> Order:
    """All the errors together, by the words of the name."""
    order: Order = sa.literal(LIKE)
    for each in near:
        by_errors = [
            (sa.or_(*(_has_word(word) for word, far in each.items() if far == errors)), errors)
            for errors in sorted(set(each.values()))
        ]
        order = order + sa.case(*by_errors, else_=max(each.values()) + 1)
    return order


def _near(typed: str) -> dict[str, int]:
    """Words of names that a word may stand for, the nearest ones, and how many errors away they are."""
    if session.scalar(sa.select(NameWord.word).where(NameWord.word == typed).limit(1)):
        return {typed: 0}
    alike = sa.select(WordPiece.word).where(WordPiece.piece.in_(spelling.pieces(typed)))
    head = typed[: 4 if len(typed) > 5 else 3]
    ahead = sa.select(NameWord.word).where(_begins(head)).distinct().limit(AHEAD)
    known = {*session.scalars(alike), *(session.scalars(ahead) if len(typed) > 3 else ())}
    found = {word: far for word in known if (far := spelling.nearness(typed, word)) is not None}
    found |= {word: 0 for word in known if word.startswith(typed)}
    return dict(sorted(found.items(), key=lambda item: (item[1], len(item[0]), item[0]))[:NEAR])


def _named(condition: Condition) -> Condition:
    """Having a word for which the condition holds."""
    return Entry.territory_id.in_(sa.select(NameWord.territory_id).where(condition))


def _begins(word: str) -> Condition:
    return sa.and_(NameWord.word >= word, NameWord.word < word + "{")  # the next sign after z


def _core_begins(words: str) -> Condition:
    return sa.and_(Entry.core >= words, Entry.core < words + "{")


def _has_word(word: str) -> Condition:
    return (" " + Entry.core + " ").contains(f" {word} ", autoescape=True)


# --- narrowed ------------------------------------------------------------------------------------------------------


def _kinships(answer: Answer, filters: Filters) -> Iterator[Kin]:
    """What answers, as it is alike; what is on the network apart."""
    wanted = answer.condition
    if filters.competence:
        wanted = sa.and_(wanted, Entry.territory_id.in_(_holders(filters.competence)))
    by_kin = sa.select(Entry.kin, sa.func.count()).where(wanted).group_by(Entry.kin)
    present = _counted(by_kin.where(Entry.territory_id.in_(_present()))) if _is_anybody_present() else Counter[int]()
    counted = _counted(by_kin) if answer is not _ALL or filters.competence else None
    for identifier, nature, band, density, departments, region, number in _known_kinships(counted):
        here, found = present[identifier], number if counted is None else counted[identifier]
        kin = Kin(nature, band, density, departments, region, False, found - here)
        if found > here:
            yield kin
        if here:
            yield kin._replace(network=True, number=here)


def _known_kinships(counted: Counter[int] | None) -> Iterable[Any]:
    """The values of these; few are asked for one by one."""
    wanted = sa.select(Kinship.id, *_ALIKE, Kinship.number)
    if counted is not None and len(counted) < 500:
        wanted = wanted.where(Kinship.id.in_(counted))
    return session.execute(wanted)


def _listed(answer: Answer, filters: Filters, sort: str) -> sa.Select[Any]:
    """The ids of what answers and passes the filters; unless asked otherwise, syndicates come after others.

    Who lives in a syndicate is counted in its members, in their departments, in their regions already.
    """
    wanted = sa.select(Entry.territory_id).where(answer.condition, *_conditions(filters))
    by_population = (Entry.population.desc(), Entry.territory_id)
    if sort == "nom":
        return wanted.order_by(Entry.core, *by_population)
    if sort == "population":
        return wanted.order_by(*by_population)
    last = sa.case((Entry.nature.in_(SYNDICATES), 1), else_=0)
    return wanted.order_by(*((last,) if answer is _ALL else (answer.order, last)), *by_population)


def _conditions(filters: Filters) -> Iterator[Condition]:
    if filters.nature:
        yield Entry.nature.in_(facets.NATURES.get(filters.nature, (filters.nature,)))
    if filters.band:
        yield Entry.band == int(filters.band)
    if filters.density:
        yield Entry.density.in_(facets.DENSITIES.get(filters.density) or (int(filters.density),))
    if filters.department:
        yield Entry.departments.contains(f" {filters.department} ", autoescape=True)
    if filters.region:
        yield Entry.region == filters.region
    if filters.network:
        here = Entry.territory_id.in_(_present())
        yield here if filters.network == facets.NETWORK[0] else ~here
    if filters.competence:
        yield Entry.territory_id.in_(_holders(filters.competence))


def _holders(competence: str) -> sa.Select[Any]:
    return sa.select(HeldCompetence.territory_id).where(HeldCompetence.code == competence)


def _present() -> sa.Select[Any]:
    """The territories that an active account of here or elsewhere stands for."""
    wanted = sa.select(Authority.territory_id).join(Account, Account.id == Authority.account_id)
    return wanted.where(Account.suspended_at.is_(None), Authority.territory_id.is_not(None))


def _is_anybody_present() -> bool:
    return session.scalar(_present().limit(1)) is not None


def _competences(answer: Answer, filters: Filters) -> Counter[str]:
    """How many of what is found hold each competence."""
    code: Any = HeldCompetence.code
    others = dataclasses.replace(filters, competence="")
    if answer is not _ALL or others != Filters():
        code = code + ""  # or SQLite takes them in the order of their codes, all of them
    wanted: Any = sa.select(code, sa.func.count()).group_by(code)
    if answer is not _ALL or others != Filters():
        wanted = wanted.join(Entry, Entry.territory_id == HeldCompetence.territory_id)
        wanted = wanted.where(answer.condition, Entry.nature != Nature.COMMUNE, *_conditions(others))
    return _counted(wanted)


def _counted(statement: sa.Executable) -> Counter[Any]:
    return Counter({key: number for key, number in session.execute(statement)})  # noqa: C416 (rows are no pairs)


def _loaded(identifiers: Iterable[int]) -> list[Territory]:
    """These territories, in this order."""
    wanted = list(identifiers)
    found = directory.many(set(wanted))
    return [found[each] for each in wanted if each in found]
