"""Administrators complete the directory of territories on its page: a file is looked at, then taken over or let go."""

import io
from datetime import timedelta

import pytest

from fediterr.core import clock, errors, storage
from fediterr.core.db import session
from fediterr.territories import directory, imports
from fediterr.territories.models import Authority
from tests import territories as cast
from tests import workbooks
from tests.fediverse import Fediverse
from tests.web.browser import signed_in

PAGE = "/administration/territoires"
GRID = [["Grille"], ["CODGEO", "DENS"], ["96001", 7], ["96002", 7], ["01001", 4]]


def sent(content: bytes, name: str = "grille_2024.xlsx") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_a_file_is_looked_at_and_taken_over_or_let_go(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    browser = signed_in(brest.register("ines", role="admin"))
    page = browser.open(PAGE)
    assert "L’annuaire est vide" in page.words
    assert "chargez-le d’abord" in browser.send(page, PAGE, what="density", file=sent(workbooks.made(GRID))).words
    cast.plant(brest)
    page = browser.open(PAGE)
    assert "Communauté de communes 2 0" in page.words
    preview = browser.send(page, PAGE, what="density", file=sent(workbooks.made(GRID)))
    assert preview.status == 200, preview.words
    assert "Grille de densité · grille_2024.xlsx · millésime 2024" in preview.words
    assert "Lus 3" in preview.words
    assert "Inconnus ici 1" in preview.words
    assert "01001" in preview.words
    with brest.inside():
        assert directory.get("96001").density7 == 5, "nothing is done yet"
    browser.send(preview, "/renoncer")
    assert browser.send(preview, "/appliquer").status == 404, "the file was let go"
    preview = browser.send(page, PAGE, what="density", file=sent(workbooks.made(GRID)))
    page = browser.send(preview, "/appliquer")
    assert "C’est fait." in page.words
    assert "grille_2024.xlsx 2024 3" in page.words
    with brest.inside():
        assert directory.get("96001").density7 == 7
    fediverse.settle()
    assert "4 intercommunalités sont comparées entre elles." in browser.open(PAGE).words
    assert "recalculées dans un instant" in browser.send(page, "/comparer").words
    assert "a apporté des données sur les territoires : density 2024" in browser.open("/moderation/journal").words
    again = browser.send(page, PAGE, what="density", file=sent(workbooks.made(GRID)))
    assert "Tout est déjà ainsi." in again.words


def test_a_wrong_file_is_refused_with_its_line(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    browser = signed_in(brest.register("ines", role="admin"))
    page = browser.open(PAGE)
    wrong = browser.send(page, PAGE, what="density", file=sent(b"codgeo,dens\n96001,9\n", "a.csv"))
    assert (wrong.status, "Ligne 2 : « 9 » n’est pas un niveau de densité" in wrong.words) == (400, True)
    assert "Il n’y a pas de fichier" in browser.send(page, PAGE, what="density").words
    year = browser.send(page, PAGE, what="density", vintage="24", file=sent(b"codgeo,dens\n96001,6\n", "a.csv"))
    assert "Le millésime est une année" in year.words
    assert browser.send(page, PAGE, what="nothing", file=sent(b"x", "a.csv")).status == 400
    assert signed_in(brest.register("tom", role="moderator")).open(PAGE).status == 403


def test_it_counts_who_is_on_the_network_and_forgets_files_that_nobody_took(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    alice = brest.register("alice", role="admin")
    with alice.acting() as me:
        session.add(Authority(account_id=me.id, territory_id=directory.get(cast.ALVANE).id))
    assert "Communauté de communes 2 1" in signed_in(alice).open(PAGE).words
    with brest.inside():
        name = imports.lay_by(b"siren\n")
        imports.sweep(storage.SHELVES)
        assert imports.laid_by(name) == b"siren\n"
        clock.shift(timedelta(hours=25))
        imports.sweep(storage.SHELVES)
        with pytest.raises(errors.NotFound):
            imports.laid_by(name)
