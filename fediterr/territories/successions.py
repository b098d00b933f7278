"""What becomes of territories: mergers, new codes, splits; and how what hung on the old one leads on to the new."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.core import db
from fediterr.core.db import session
from fediterr.territories.models import Authority, GroupingMember, Succession, Territory

LONGEST = 20  # successions in a row that are followed: a circle in the data ends there


class Reason(StrEnum):
    """Why a territory has another code, or none."""

    MERGER = "merger"
    RENAME = "rename"
    SPLIT = "split"
    DISSOLUTION = "dissolution"


def record(rows: Iterable[Mapping[str, Any]]) -> int:
    """Keep these successions; a day that was not known is learnt. How many were new."""
    given = {(row["code"], row["successor"]): dict(row) for row in rows if row["code"] != row["successor"]}
    known = {(each.code, each.successor): each for each in session.scalars(sa.select(Succession))}
    new = [row for pair, row in given.items() if pair not in known]
    for pair, row in given.items():
        if pair in known and row["happened_on"] and known[pair].happened_on is None:
            known[pair].happened_on = row["happened_on"]
            ended = sa.update(Territory).where(Territory.code == row["code"], Territory.ended_on.is_not(None))
            session.execute(ended.values(ended_on=row["happened_on"]))
    session.flush()
    return db.insert_once(Succession, new) if new else 0


def end(codes: Iterable[str], day: date) -> int:
    """Say of these territories that they are no more: since the day of their succession, if one is known."""
    wanted = list(codes)
    for code in wanted:
        of_it = session.scalars(sa.select(Succession).where(Succession.code == code)).all()
        days = [each.happened_on for each in of_it if each.happened_on]
        ended_on = max(days, default=day)
        for each in of_it:
            each.happened_on = each.happened_on or ended_on
        session.execute(sa.update(Territory).where(Territory.code == code).values(ended_on=ended_on))
    session.flush()
    return len(wanted)


def infer(former: Mapping[str, set[str]], current: Iterable[tuple[str, str]], day: date) -> list[dict[str, Any]]:
    """What became of groupings, by where their members are now: all in one, or in several."""
    now = {member: grouping for grouping, member in current}
    rows = []
    for code, members in former.items():
        found = Counter(now[member] for member in members if member in now)
        reason = Reason.MERGER if len(found) == 1 else Reason.SPLIT
        rows += [
            {"code": code, "successor": successor, "reason": reason, "happened_on": day} for successor in sorted(found)
        ]
    return rows


def living(code: str) -> set[str]:
    """The codes of the territories of today that a code leads to, over as many steps as it takes."""
    found: set[str] = set()
    seen, ahead = {code}, {code}
    for _ in range(LONGEST):
        following = set(session.scalars(sa.select(Succession.successor).where(Succession.code.in_(ahead)))) - seen
        alive = sa.select(Territory.code).where(Territory.code.in_(following), Territory.ended_on.is_(None))
        found |= set(session.scalars(alive))
        seen |= following
        ahead = following - found
        if not ahead:
            break
    return found


def pass_on_memberships() -> None:
    """Let what took the place of a member be one instead, in the groupings of today."""
    member, grouping = aliased(Territory), aliased(Territory)
    wanted = sa.select(GroupingMember, member.code).join(member, member.id == GroupingMember.member_id)
    wanted = wanted.join(grouping, grouping.id == GroupingMember.grouping_id)
    wanted = wanted.where(member.ended_on.is_not(None), grouping.ended_on.is_(None))
    for former, code in session.execute(wanted).all():
        heirs = session.scalars(sa.select(Territory.id).where(Territory.code.in_(living(code)))).all()
        rows = [{"grouping_id": former.grouping_id, "member_id": each} for each in heirs]
        if rows:
            db.insert_once(GroupingMember, rows)
            session.delete(former)
    session.flush()


def relink() -> int:
    """Let the accounts that stand for a territory that is no more stand for the one that took its place.

    Where there are several, or none, nobody can know: they keep the old one until somebody says.
    """
    moved = 0
    ended = sa.select(Authority).join(Territory, Authority.territory_id == Territory.id)
    for authority in session.scalars(ended.where(Territory.ended_on.is_not(None))).unique().all():
        assert authority.territory is not None
        successors = living(authority.territory.code)
        if len(successors) == 1:
            authority.territory = session.scalars(sa.select(Territory).where(Territory.code.in_(successors))).one()
            moved += 1
    session.flush()
    return moved
