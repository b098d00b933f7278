"""The density grid, groupings and competences come in from files: all of one, or nothing."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fediterr.core import errors
from fediterr.core.db import session
from fediterr.territories import density, directory, imports, tables
from fediterr.territories.bringing import Summary
from fediterr.territories.models import Competence, HeldCompetence, Source, Territory
from tests import territories as cast
from tests import workbooks
from tests.fediverse import Fediverse, Server

SAMPLES = Path(__file__).parents[2].parent / "shared" / "data"
WATER, WASTE = "296500002", "296600000"  # syndicates that nobody knows yet


@pytest.fixture
def brest(fediverse: Fediverse) -> Server:
    server = fediverse["brest.test"]
    cast.plant(server)
    return server


def bring(server: Server, what: str, data: str | bytes, filename: str = "file.csv", **more: Any) -> Summary:
    content = data.encode() if isinstance(data, str) else data
    with server.inside():
        return imports.carry_out(imports.prepare(what, content, filename, **more), content, filename)


def known(server: Server, code: str) -> Territory:
    with server.inside():
        return directory.get(code)


GRID = "CODGEO;LIBGEO;DENS\n96001;Saint-Elme-d’Alvane;6\n96002;L’Étang-aux-Moines;7\n96005;Portelande;1\n"


def test_the_grid_says_it_of_communes_and_of_all_that_is_made_of_them(brest: Server) -> None:
    told = bring(brest, "density", GRID + "01001;Nulle-Part;4\n", "grille_2024.csv")
    assert (told.read, told.vintage, told.unknown) == (4, "2024", ["01001"])
    assert known(brest, "96001").density7 == 6
    alvane = known(brest, cast.ALVANE)
    assert alvane.density_profile == [0, 0, 0, 0, 0, 0.6467, 0.3533]
    assert (alvane.density7, alvane.sources["density"]["vintage"]) == (6, "2024")
    assert alvane.sources["population"] == cast.SOURCES["population"]
    profile = known(brest, cast.DEPARTMENT).density_profile
    assert profile is not None
    assert sum(profile) == pytest.approx(1, abs=0.001)
    assert profile[5] == pytest.approx((11_900 + 14_050) / 586_650, abs=0.001)
    again = bring(brest, "density", GRID + "01001;Nulle-Part;4\n", "grille_2024.csv")
    assert again.changed == 0
    with brest.inside():
        assert density.spread() == 0
        assert session.scalar(sa.select(Source.lines).where(Source.what == "density")) == 4


def test_a_commune_that_was_merged_speaks_for_what_it_became(brest: Server) -> None:
    bring(brest, "density", f"insee,densite\n{cast.MERGED},3\n", vintage="2020")
    assert known(brest, "96001").density7 == 3
    bring(brest, "density", f"insee,densite\n{cast.MERGED},3\n96001,5\n", vintage="2021")
    assert known(brest, "96001").density7 == 5


@pytest.mark.parametrize(
    ("what", "data", "line", "why"),
    [
        ("density", GRID + "96006;Les Salines;8\n", 5, "“8” is not a step of density"),
        ("density", GRID + "9600X;Les Salines;4\n", 5, "is not the INSEE code"),
        ("density", GRID + "96001;Encore;5\n", 5, "two densities"),
        ("groupings", "siren,nom,nature\n12,A,SIVU\n", 2, "is not a SIREN"),
        ("groupings", f"siren,nom,nature\n{WATER},A,SIVU\n123456789,B,SIVU\n", 3, "last digit"),
        ("groupings", f"siren,nom,nature\n{WATER},A,SIVU\n{WATER},B,SIVU\n", 3, "two groupings"),
        ("groupings", f"siren,nom,nature,population\n{WATER},A,SIVU,beaucoup\n", 2, "number of people"),
        ("groupings", f"siren,nom,nature,departement\n{WATER},A,SIVU,Ici\n", 2, "neither a department"),
        ("groupings", "siren,nom,nature\n296001001,A,SIVU\n", 2, "SIREN of a commune"),
        ("competences", "code,intitule\n1030,\n", 2, "no label"),
        ("competences", f"siren,code\n{cast.ALVANE},eau\n", 2, "code of a competence"),
        ("competences", f"siren,4505\n{cast.ALVANE},peut-être\n", 2, "neither yes nor no"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_kept(brest: Server, what: str, data: str, line: int, why: str) -> None:
    with brest.inside(), pytest.raises(tables.WrongLine, match=why) as told:
        imports.prepare(what, data.encode(), "file.csv")
    assert told.value.number == line
    assert known(brest, "96001").density7 == 5
    with brest.inside():
        assert imports.brought() == {}


def test_a_grid_of_fewer_steps_is_not_taken_for_one_of_seven(brest: Server) -> None:
    few = "codgeo,dens\n" + "".join(f"{number:05},{number % 4 + 1}\n" for number in range(1000, 1300))
    with brest.inside(), pytest.raises(errors.Invalid, match="fewer than seven"):
        imports.prepare("density", few.encode(), "grille.csv")


BANATIC = [
    ["Liste des groupements", None, "Situation au 1er janvier 2025"],
    [],
    ["Région", "Département siège", "N° SIREN", "Nom du groupement", "Nature juridique", "Population", "Siren membre"],
    ["96 - Hautes-Rives", "Alvane-et-Sorel", WATER, "SI des Eaux d’Alvane", "SIVU", "12 400", "299600106"],
    ["96 - Hautes-Rives", "Alvane-et-Sorel", WATER, "SI des Eaux d’Alvane", "SIVU", "12 400", cast.BRUMEUX],
    ["96", "96", WASTE, "Syndicat des Déchets", "Syndicat mixte fermé", 95000, "111111118"],
    ["96", "96", cast.ALVANE, "CC d’un autre nom", "CC", 1, None],
    ["96", "96", "296700008", "CC dissoute", "CC", 100, None],
]  # fmt: skip


def test_syndicates_are_made_known_with_their_members_and_what_is_known_is_only_completed(brest: Server) -> None:
    siren = known(brest, "96001").siren
    rows = [[siren if cell == "299600106" else cell for cell in row] for row in BANATIC]
    told = bring(brest, "groupings", workbooks.made(rows), "banatic.xlsx")
    assert (told.read, told.changed, told.vintage) == (4, 2, "2025")
    assert told.unknown == ["296700008 CC dissoute", "111111118"]
    water, alvane = known(brest, WATER), known(brest, cast.ALVANE)
    assert (water.kind, water.department, water.region, water.population) == ("SIVU", "96", "96", 12_400)
    assert (alvane.name, alvane.population) == ("CC des Trois-Rivières-d’Alvane", 18_400)
    with brest.inside():
        members = [each.code for each in directory.members_of(directory.get(WATER))]
    assert members == [cast.BRUMEUX, "96001"]
    assert water.density7 == 6, "as its members’ communes"
    assert bring(brest, "groupings", workbooks.made(rows), "banatic.xlsx").changed == 0
    assert bring(brest, "groupings", f"siren,nom,nature\n{WATER},Eaux d’Alvane,SIVOM\n").changed == 1
    water = known(brest, WATER)
    assert (water.name, water.kind, water.department) == ("Eaux d’Alvane", "SIVOM", "96")


def test_competences_come_as_a_list_as_lines_or_as_columns(brest: Server) -> None:
    assert bring(brest, "competences", "competenceCode,intitule\n1030,Éclairage public\n4505,Eau\n").changed == 2
    long = f"siren;code competence;mode\n{cast.ALVANE};1030;Transférée\n{cast.BRUMEUX};9999;\n111111118;1030;\n"
    told = bring(brest, "competences", long)
    assert (told.read, told.changed, told.unknown) == (3, 2, ["9999", "111111118"])
    held = sa.select(HeldCompetence.code, HeldCompetence.mode)
    with brest.inside():
        alvane, brumeux = directory.get(cast.ALVANE), directory.get(cast.BRUMEUX)
        assert session.execute(held.where(HeldCompetence.territory_id == alvane.id)).all() == [("1030", "transferee")]
        assert session.execute(held.where(HeldCompetence.territory_id == brumeux.id)).all() == []
    wide = [
        ["N° SIREN", "Nom", "1030 Éclairage public", "Eau", "C7005 : Numérique"],
        [int(cast.ALVANE), "CC", "x", "oui", 0],
    ]
    assert bring(brest, "competences", workbooks.made(wide), "wide.xlsx").changed == 2
    with brest.inside():
        found = session.execute(held.where(HeldCompetence.territory_id == alvane.id)).all()
        assert sorted(found) == [("1030", ""), ("4505", "")]
        assert session.get_one(Competence, "7005").label == "Numérique"
    assert bring(brest, "competences", workbooks.made(wide), "wide.xlsx").changed == 0
    with brest.inside(), pytest.raises(errors.Invalid, match="No column"):
        imports.prepare("competences", f"siren,nom\n{cast.ALVANE},CC\n".encode(), "file.csv")


# --- the files that registers publish ------------------------------------------------------------------------------


def sample(name: str) -> Path:
    if not (SAMPLES / name).is_file():
        pytest.skip(f"the sample {name} is not beside the project, in ../shared/data")
    return SAMPLES / name


def test_the_published_files_are_read_without_a_word_against_them(brest: Server) -> None:
    grid = sample("grille_densite_7_niveaux_2024.csv").read_bytes()
    groupings = sample("banatic_groupements.csv").read_bytes()
    labels = sample("banatic_competences_2025.csv").read_bytes()
    with brest.inside():
        prepared = imports.prepare("density", grid, "grille_densite_7_niveaux_2024.csv")
        assert (prepared.summary.read, prepared.summary.vintage) == (34_867, "2024")
        syndicates = imports.prepare("groupings", groupings, "banatic_groupements.csv").summary
        assert (syndicates.read, len(syndicates.left_out), syndicates.left_out[0][0]) == (10_136, 1, 4640)
        assert syndicates.changed + len(syndicates.unknown) == 10_136
    assert bring(brest, "competences", labels, "banatic_competences_2025.csv").changed == 118
