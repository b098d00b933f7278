"""Columns that many tables have: whose it is, and of which post."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column


def account_id(*, nullable: bool = False, index: bool = False) -> Any:
    return mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=nullable, index=index)


def post_id(*, nullable: bool = False, index: bool = False, forget: str = "CASCADE") -> Any:
    return mapped_column(sa.ForeignKey("posts.id", ondelete=forget), nullable=nullable, index=index)
