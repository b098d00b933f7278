"""Settings that administrators choose on the pages."""

import dataclasses

import pytest

from fediterr.core import choices, db, errors, site
from tests.fediverse import Fediverse


def test_a_choice_takes_the_place_of_a_default_after_the_commit(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    with server.inside():
        choices.put(server.settings, {"name": "Réseau du Val d’Exemple", "federation_mode": "allowlist"})
    with server.app.app_context():
        assert site.settings().name == "Réseau du Val d’Exemple"
        assert site.settings().federation_mode == "allowlist"
    assert "Réseau du Val d’Exemple" in server.get("/", "text/html").text


def test_what_the_operator_fixes_is_not_chosen(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    fixed = dataclasses.replace(server.settings, fixed=frozenset({"name"}))
    with server.inside():
        choices.put(fixed, {"name": fixed.name})  # as it is already
        with pytest.raises(errors.Conflict):
            choices.put(fixed, {"name": "Autre"})


def test_a_choice_that_makes_no_sense_is_refused(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    with server.inside():
        with pytest.raises(errors.Invalid):
            choices.put(server.settings, {"federation_mode": "perhaps"})
        with pytest.raises(ValueError, match="not chosen"):
            choices.put(server.settings, {"base_url": "https://autre.example"})


def test_a_choice_of_a_unit_of_work_that_failed_is_none(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    with server.inside():
        choices.put(server.settings, {"name": "Autre"})
        db.end()
    with server.app.app_context():
        assert site.settings().name == server.settings.name
