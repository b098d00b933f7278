"""Territories as the public registers know them, and the accounts that stand for them on the network."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model


class Nature(StrEnum):
    """What a territory is in law, by the codes of BANATIC for groupings."""

    COMMUNE = "COM"
    CC = "CC"
    CA = "CA"
    CU = "CU"
    METROPOLE = "METRO"
    LYON = "MET69"
    EPT = "EPT"
    SIVU = "SIVU"
    SIVOM = "SIVOM"
    CLOSED_MIXED = "SMF"
    OPEN_MIXED = "SMO"
    PETR = "PETR"
    METROPOLITAN_POLE = "POLEM"
    DEPARTMENT = "DEP"
    REGION = "REG"
    SINGLE = "CTU"
    OTHER = "OTHER"


EPCI = (Nature.CC, Nature.CA, Nature.CU, Nature.METROPOLE, Nature.LYON)  # with taxes of their own
SYNDICATES = (Nature.SIVU, Nature.SIVOM, Nature.CLOSED_MIXED, Nature.OPEN_MIXED, Nature.PETR, Nature.METROPOLITAN_POLE)


class Territory(Identified, Model):
    """A local authority or a grouping of some, as the packaged registers and the imported files know it.

    `code` names it in addresses, for good: the INSEE code of a commune (`29019`), `D29`, `R53`, or the SIREN of a
    grouping. One that was merged or dissolved stays, with the day of its end; its successions lead on.
    """

    __tablename__ = "territories"
    __table_args__ = (
        sa.Index("ix_territories_kind_population", "kind", sa.text("population DESC")),
        sa.Index("ix_territories_department", "department", "kind"),
        sa.Index("ix_territories_region", "region", "kind"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # a Nature
    siren: Mapped[str | None] = mapped_column(unique=True)
    insee_code: Mapped[str | None] = mapped_column(index=True)  # of a commune, a department, a region
    name: Mapped[str]
    sought: Mapped[str] = mapped_column(default="")  # the name as it is searched for: folded, a space before each word
    tax_regime: Mapped[str | None]  # FPU, FA, FPZ, SF
    population: Mapped[int | None]  # "municipale"
    population_total: Mapped[int | None]
    population_year: Mapped[int | None]
    density7: Mapped[int | None]  # 1 (large urban centres) to 7 (very dispersed rural); of a grouping: where most live
    density_profile: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # 7 shares of the population
    department: Mapped[str | None]  # where most of its people live
    departments: Mapped[list[Any]] = mapped_column(default=list)  # codes of all it lies in
    region: Mapped[str | None]
    area_km2: Mapped[float | None]
    latitude: Mapped[float | None]  # of its centre
    longitude: Mapped[float | None]
    zones: Mapped[list[Any]] = mapped_column(default=list)  # montagne, littoral, outre-mer…
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {what: {source, vintage}}
    ended_on: Mapped[date | None]

    def __repr__(self) -> str:
        return f"<Territory {self.code} {self.name}>"


class GroupingMember(Model):
    """A territory is a member of a grouping."""

    __tablename__ = "territory_memberships"

    grouping_id: Mapped[int] = mapped_column(sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Outline(Model):
    """The simplified boundary of a territory: the data of an SVG path, and the box that holds it.

    Units are hundreds of metres in Lambert-93 (overseas: in a plane of the territory's own), x to the east, y to the
    south, so that outlines of one part of the country lie beside each other as they are.
    """

    __tablename__ = "territory_outlines"

    territory_id: Mapped[int] = mapped_column(
        sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    path: Mapped[str]
    left: Mapped[int]
    top: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]


class Competence(Model):
    """Something that groupings do for their members, by its BANATIC code."""

    __tablename__ = "competences"

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]


class HeldCompetence(Model):
    """A grouping holds a competence."""

    __tablename__ = "held_competences"

    territory_id: Mapped[int] = mapped_column(sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(
        sa.ForeignKey("competences.code", ondelete="CASCADE"), primary_key=True, index=True
    )
    mode: Mapped[str] = mapped_column(default="")  # exercee, transferee, partagee; empty: nothing is said


class Succession(Model):
    """What became of a territory that is no more, or that bears another code."""

    __tablename__ = "territory_successions"

    code: Mapped[str] = mapped_column(primary_key=True)  # of what was
    successor: Mapped[str] = mapped_column(primary_key=True, index=True)  # the code of what is
    reason: Mapped[str]  # merger, rename, split, dissolution
    happened_on: Mapped[date | None]


class Twin(Model):
    """A comparable territory, the most alike first, and why."""

    __tablename__ = "territory_twins"

    territory_id: Mapped[int] = mapped_column(sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    rank: Mapped[int]
    score: Mapped[float]  # 0 to 1
    reasons: Mapped[list[Any]] = mapped_column(default=list)  # [{criterion, score, …what the words need}]


class Source(Model):
    """What was brought in last from outside of the package, or computed: of what year, when, from which file."""

    __tablename__ = "territory_sources"

    what: Mapped[str] = mapped_column(primary_key=True)  # density, groupings, competences, twins
    source: Mapped[str]
    vintage: Mapped[str] = mapped_column(default="")
    filename: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")  # of what was read
    lines: Mapped[int] = mapped_column(default=0)
    brought_at: Mapped[datetime] = mapped_column(default=clock.now)


# --- on the network ------------------------------------------------------------------------------------------------


class Authority(Model):
    """An account (an Organization of here or elsewhere) that stands for an authority, and what it says it is."""

    __tablename__ = "authorities"

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    territory_id: Mapped[int | None] = mapped_column(sa.ForeignKey("territories.id", ondelete="SET NULL"), index=True)
    siren: Mapped[str | None] = mapped_column(index=True)  # as it says
    insee_code: Mapped[str | None]
    kind: Mapped[str | None]
    density7: Mapped[int | None]
    website: Mapped[str | None]
    colour: Mapped[str | None]  # of its pages here: #rrggbb
    verified_by: Mapped[str | None]  # domain, siret, operator
    verified_link: Mapped[str | None]  # where anybody may see it: the page that points back with rel=me
    verified_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # when that page was last looked at

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    territory: Mapped[Territory | None] = relationship(lazy="joined")


class Employment(Model):
    """For whom an agent says that they work: an account of here or of elsewhere."""

    __tablename__ = "employments"

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    employer_uri: Mapped[str]  # the actor that they name
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    confirmed: Mapped[bool] = mapped_column(default=False)  # the authority has them among its agents
    since: Mapped[datetime] = mapped_column(default=clock.now)


# --- filed to be found ---------------------------------------------------------------------------------------------

_Plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # ordered by letter, so that beginnings are found


class Entry(Model):
    """What a search needs of a territory, close together: thousands are read at once."""

    __tablename__ = "territory_entries"
    __table_args__ = (
        sa.Index("ix_territory_entries_population", sa.text("population DESC"), "territory_id"),
        sa.Index("ix_territory_entries_core", "core"),
    )

    territory_id: Mapped[int] = mapped_column(
        sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    core: Mapped[str] = mapped_column(_Plain)  # the name without accents, articles or legal form
    number: Mapped[str]  # the INSEE code, if it has one
    nature: Mapped[str]
    band: Mapped[int]  # of population, see `facets`
    density: Mapped[int]  # 0: not known
    departments: Mapped[str]  # a space before and after each
    region: Mapped[str]
    population: Mapped[int]  # 0: not known
    kin: Mapped[int]  # the Kinship it belongs to


class NameWord(Model):
    """A territory has a word in its name, or is called so otherwise."""

    __tablename__ = "territory_words"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy reads it so)

    word: Mapped[str] = mapped_column(_Plain, primary_key=True)
    territory_id: Mapped[int] = mapped_column(
        sa.ForeignKey("territories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )


class WordPiece(Model):
    """A piece of a word of some name: who mistypes the word still types the piece."""

    __tablename__ = "territory_word_pieces"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    piece: Mapped[str] = mapped_column(_Plain, primary_key=True)
    word: Mapped[str] = mapped_column(_Plain, primary_key=True)


class Kinship(Model):
    """How many territories are alike in all that a list is narrowed by: counted once, when they are filed."""

    __tablename__ = "territory_kinships"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the same for the same values
    nature: Mapped[str]
    band: Mapped[int]
    density: Mapped[int]
    departments: Mapped[str]
    region: Mapped[str]
    number: Mapped[int]
