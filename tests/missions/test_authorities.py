"""Authorities: opened for a territory, verified, coloured; and the agents who say that they work there."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Office
from fediterr.core import errors
from fediterr.moderation import acts, offices
from fediterr.territories import authorities, directory, employments
from tests import territories as cast
from tests.fediverse import Fediverse
from tests.missions.test_offices import user_of


def test_four_authorities_on_one_server_have_each_their_name_their_lines_and_their_colour(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    paul = nantes.register("paul")
    cast.plant(brest)
    colours = {cast.ALVANE: "#0E5A4B", "96001": "#8a4b08", "96002": "", cast.DEPARTMENT: "#ffff00"}
    with brest.inside():
        for code, colour in colours.items():
            opened = authorities.open(directory.get(code))
            authorities.change(opened, website=f"www.{code}.example/?page=1", colour=colour)
        with pytest.raises(errors.Conflict):
            authorities.open(directory.get(cast.ALVANE), "autre")
        with pytest.raises(errors.Invalid):
            authorities.change(opened, website="", colour="rouge")
        names = [each.name for each in speakers.authorities()]
        assert names == ["cc-trois-rivieres-alvane", "departement-alvane-sorel", "etang-moines", "saint-elme-alvane"]
        first = accounts.local("cc-trois-rivieres-alvane")
        lines = {each["name"]: each["source"] for each in first.fields}
        assert lines == {
            "SIREN": cast.ALVANE,
            "Population": "18\u202f400 habitants (2023)",
            "Site": f"https://www.{cast.ALVANE}.example/",
        }
        assert authorities.of_here(directory.get("96001")) is accounts.local("saint-elme-alvane")
        assert [authorities.has_colour(each) for each in ("#0e5a4b", "#123456")] == [True, False]
    paul.follow("cc-trois-rivieres-alvane@brest.test")
    fediverse.settle()
    with nantes.inside():
        heard = accounts.by_handle("cc-trois-rivieres-alvane@brest.test")
        assert heard is not None
        assert {"name": "SIREN", "value": cast.ALVANE, "verified_at": None}.items() <= heard.fields[0].items()


def test_an_agent_says_for_whom_they_work_and_the_authority_confirms_it_as_long_as_it_is_so(
    fediverse: Fediverse,
) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    maria = brest.register("maria")
    nantes.register("mairie")
    cast.plant(brest)
    with maria.acting() as me:
        town = authorities.open(directory.get("96001"))
        with pytest.raises(errors.Forbidden):
            employments.say(me, town)
        offices.let_speak(None, user_of("maria"), town, Office.READ)
        assert employments.say(me, town).confirmed
        assert employments.agents_of(town) == [me]
    with maria.acting() as me:
        offices.end_speaking(None, user_of("maria"), accounts.local("saint-elme-alvane"))
        said = employments.of(me)
        assert said is not None
        assert not said.confirmed
        assert [line.action for line in acts.listed(accounts.local("saint-elme-alvane"), acts.paging.Page())] == [
            "end_speaking", "let_speak:read",
        ]  # fmt: skip
        employments.unsay(me)
        assert employments.of(me) is None


def test_the_operator_ties_an_account_to_its_territory_and_answers_for_it(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    with brest.inside():
        town = offices.open_authority(None, "ville", "Ville")
        offices.tie(None, town, directory.get("96001"))
        found = authorities.of(town)
        assert found is not None
        assert (found.verified_by, found.siren) == ("operator", directory.get("96001").siren)
        with pytest.raises(errors.Conflict):
            offices.tie(None, offices.open_authority(None, "autre", "Autre"), directory.get("96001"))
