"""Those who manage an authority take its archive along, on its own page."""

import io
import json
import zipfile

from tests.fediverse import Fediverse, Person
from tests.web.browser import signed_in
from tests.web.test_acting import GROUPING, four, journal


def test_a_manager_takes_the_archive_of_an_authority_and_nobody_else_does(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    four(brest)
    Person(brest, GROUPING).says("Le marché reprend")
    fediverse.settle()
    mona, wanda = signed_in(Person(brest, "mona")), signed_in(Person(brest, "wanda"))
    settings, archive = f"/@{GROUPING}/autorite", f"/@{GROUPING}/autorite/archive"
    page = mona.open(settings)
    assert "Partir sur un serveur à elle" in page.words
    form = next(each for each in page.forms if each.action.endswith("/archive"))
    mona.post(form.action, form.values)
    fediverse.settle()
    assert "L’archive est prête" in mona.open(settings).words
    got = mona.client.get(archive, base_url="https://brest.test", buffered=True)
    with zipfile.ZipFile(io.BytesIO(got.data)) as file:
        taken = json.loads(file.read("authority.json"))
    assert taken["territory"]["name"] == "CC des Trois-Rivières-d’Alvane"
    assert {each["handle"]: each["office"] for each in taken["agents"]}["mona@brest.test"] == "manage"
    assert "export" in [each["action"] for each in taken["journal"]]
    assert ("mona", "export", "") in journal(brest, GROUPING)
    assert wanda.client.get(archive, base_url="https://brest.test").status_code == 403
