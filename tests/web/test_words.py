"""Every word of the pages is said in French and in English, and is one of our words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import extract, pofile
from babel.messages.mofile import read_mo
from babel.support import Translations
from jinja2 import Environment, nodes

import fediterr
from fediterr.core.checks import series
from fediterr.web import findings, problems
from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in

PACKAGE = Path(fediterr.__file__).parent
WEB = PACKAGE / "web"
ENGLISH = WEB / "translations" / "en" / "LC_MESSAGES"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
MAPPING = [("**.py", "python"), ("templates/**.html", "jinja2")]
RENEW = "see fediterr/web/translations/babel.cfg"
TRANSLATING = {"_", "gettext", "ngettext", "lazy_gettext"}
# Problems of the web itself, raised by way of a name.
SAID_OTHERWISE = {"There is no such page.", "Too many sign-ins were tried: wait a few minutes."}
SAID_OTHERWISE |= {"This page is for moderators.", "This page is for administrators."}
SAID_OTHERWISE |= {"There is no room left for files here: try again later."}
SAID_OTHERWISE |= {"You have already imposed stricter limits on {}.", "This account is not open: ask an administrator."}
SAID_OTHERWISE |= {"This is too much at once: go back, and send fewer files, or smaller ones."}
DRAWING = re.compile(r"[MmLlAaZzHhVvCcQqSsTt0-9 .,-]+")


def said_in_the_pages() -> set[str]:
    found = extract.extract_from_dir(WEB, MAPPING, keywords=extract.DEFAULT_KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_the_english_catalogue_is_complete() -> None:
    with (ENGLISH / "messages.po").open("rb") as file:
        catalogue = pofile.read_po(file, locale="en")
    known: dict[str, Any] = {m.id[0] if isinstance(m.id, tuple) else m.id: m for m in catalogue if m.id}
    asked = said_in_the_pages()
    assert asked - set(known) == set(), RENEW
    assert set(known) - asked == set(), RENEW
    for french, message in known.items():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), f"not translated: {french}"
        assert not message.fuzzy, f"to be checked: {french}"
        assert not list(message.check(catalogue)), f"other placeholders: {french}"


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with (ENGLISH / "messages.po").open("rb") as file:
        written = {message.id: message.string for message in pofile.read_po(file, locale="en") if message.id}
    with (ENGLISH / "messages.mo").open("rb") as file:
        read = [message for message in read_mo(file) if message.id]
    compiled = {_whole(message.id): _whole(message.string) for message in read}
    assert compiled == written, RENEW
    assert Translations.load(WEB / "translations", ["en"]).gettext("À propos") == "About"


def _whole(words: Any) -> Any:
    return tuple(words) if isinstance(words, list | tuple) else words


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_no_template_holds_words_that_cannot_be_translated(template: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(template.read_text())
    plain = "".join(piece.data for piece in tree.find_all(nodes.TemplateData))
    between = re.sub(r"<[^>]*>", " ", re.sub(r"<!doctype html>", "", plain))
    between = re.sub(r"[\w-]+=\"[^\"]*\"?|&\w+;", " ", between)
    words = set(re.findall(r"[^\W\d_]{3,}", between)) - {"fediterr"} - set(_markup_words(plain))
    assert not words, f"not marked for translation: {words}"
    spoken = re.findall(r'(?:aria-label|alt|placeholder|title)="([^"]*[^\W\d_][^"]*)"', plain)
    assert not spoken, f"not marked for translation: {spoken}"
    assert not list(_loose(tree)), "words in an expression, not marked for translation"


def _markup_words(plain: str) -> Iterator[str]:
    """Names of tags and attributes, which pieces of a template cut apart by expressions leave alone."""
    for piece in re.findall(r"<[^>]*|[\w-]+=\"[^\"]*", plain):
        yield from re.findall(r"[^\W\d_]{3,}", piece)
    yield from ("checked", "selected", "required", "open", "readonly")


def _loose(tree: nodes.Template) -> Iterator[str]:
    """Texts inside expressions that look like words and are given to no translation."""
    marked = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING
        for const in call.find_all(nodes.Const)
    }
    for const in tree.find_all(nodes.Const):
        text = const.value
        if not isinstance(text, str) or id(const) in marked or DRAWING.fullmatch(text):
            continue
        if re.search(r"[^\W\d_] [^\W\d_]|[^\x00-\x7f]", text):
            yield text


@pytest.mark.parametrize("module", sorted(WEB.rglob("*.py")), ids=lambda path: path.relative_to(WEB).as_posix())
def test_no_module_holds_french_that_cannot_be_translated(module: Path) -> None:
    if module.name in ("problems.py", "findings.py"):
        return
    tree = ast.parse(module.read_text())
    marked = {
        id(word)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call.func) in TRANSLATING
        for word in ast.walk(call)
    }
    told = {id(word.value) for word in ast.walk(tree) if isinstance(word, ast.Expr)}  # docstrings
    loose = [
        word.value
        for word in ast.walk(tree)
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and id(word) not in marked | told
        if re.search(r"[^\x00-\x7f]", word.value)
    ]
    assert set(loose) <= {"Français", "·"}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# What these say is seen on pages; the rest by applications.
SHOWN = ("accounts", "territories", "social", "moderation", "web")


def raised(*rooms: str) -> Iterator[str]:
    """Each sentence that may be shown from these rooms, with {} for what is filled in."""
    modules = [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]
    for module in (*modules, PACKAGE / "core" / "films.py", PACKAGE / "core" / "pictures.py"):
        for call in ast.walk(ast.parse(module.read_text())):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
                continue
            if getattr(call.func.value, "id", "") != "errors":
                continue
            if isinstance(call.args[0], ast.JoinedStr | ast.Constant):
                yield _pattern(call.args[0])


def _pattern(words: ast.expr) -> str:
    if isinstance(words, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in words.values)
    assert isinstance(words, ast.Constant)
    return str(words.value)


def test_every_problem_is_told_in_french() -> None:
    sentences = set(raised(*SHOWN))
    assert len(sentences) > 40
    assert sentences - set(problems.IN_FRENCH) == set(), "say these in French in fediterr/web/problems.py"
    said = sentences | set(raised("core", "mastodon")) | SAID_OTHERWISE
    assert set(problems.IN_FRENCH) - said == set(), "nobody says these any more"
    for english, (french, _) in problems.IN_FRENCH.items():
        assert english.count("{}") == french.count("{}"), english


def found_by_checks() -> Iterator[str]:
    """Each sentence of the checks of a server, with {} for what is filled in."""
    for module in sorted((PACKAGE / "core" / "checks").glob("*.py")):
        for call in ast.walk(ast.parse(module.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding":
                yield from (_pattern(words) for words in call.args)


def test_every_finding_of_the_checks_is_told_in_french() -> None:
    sentences = set(found_by_checks())
    assert sentences == set(findings.IN_FRENCH), "say these in French in fediterr/web/findings.py"
    for english, french in findings.IN_FRENCH.items():
        assert english.count("{}") == french.count("{}"), english
    assert set(findings.TITLES) == {name for row in series.ROWS for name in row}


def test_we_speak_our_own_words(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice", role="admin")
    alice.asks("Bonjour", "Oui", "Non")
    foreign = re.compile(r"\b(toots?|tooter|instances?|boosts?|boosté|follow|timeline)\b", re.IGNORECASE)
    for browser in (Browser(server), signed_in(alice)):
        for path in ("/", "/public", "/@alice", "/about", "/connexion", "/publier", "/notifications", "/recherche"):
            assert not foreign.findall(browser.open(path).words), path


def test_no_french_is_left_on_english_pages(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice", role="admin")
    french = re.compile(r"\b(le|la|les|un|une|des|vous|votre|et|ou|pour|sur|avec|est)\b|[éèàçêôûî]", re.IGNORECASE)
    paths = (
        "/",
        "/public",
        "/@alice",
        "/about",
        "/publier",
        "/notifications",
        "/recherche",
        "/reglages/profil",
        "/reglages/applications",
        "/reglages/securite",
        "/reglages/securite/mot-de-passe",
        "/reglages/securite/adresse",
        "/reglages/securite/double-authentification",
        "/reglages/securite/cles",
        "/mot-de-passe-oublie",
        "/connexion",
        "/administration",
        "/administration/identite",
        "/administration/verifications",
        "/administration/roles",
        "/administration/annonces",
        "/administration/regles",
        "/administration/emojis",
        "/administration/premiers-pas",
        "/administration/territoires",
        "/x",
    )
    for browser in (Browser(server, "en"), signed_in(alice, "en")):
        for path in paths:
            page = browser.open(path)
            said = page.words.replace("Français", "").replace(server.settings.description, "")
            assert page.language == "en"
            assert not french.findall(said.replace(server.settings.name, "")), said
