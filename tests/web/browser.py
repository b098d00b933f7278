"""A browser without scripts: opens pages, fills in their forms as they stand, follows where it is led."""

import re
from html.parser import HTMLParser
from typing import Any

from fediterr.core import text
from tests.fediverse import Person, Server

PASSWORD = "correct horse battery"


class Page(HTMLParser):
    """What was answered: status, words, links, forms."""

    def __init__(self, answer: Any, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.path = answer.status_code, answer.headers, path
        self.html = answer.get_data(as_text=True)
        self.forms: list[Form] = []
        self.links: list[dict[str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.language = ""
        self._area: str | None = None
        self.feed(self.html)

    @property
    def words(self) -> str:
        return " ".join(text.plain(self.html.partition("<body>")[2]).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append((tag, named))
        form = self.forms[-1] if self.forms else None
        if tag == "html":
            self.language = named.get("lang", "")
        elif tag in ("a", "link"):
            self.links.append({"tag": tag, **named})
        elif tag == "form":
            self.forms.append(Form(named.get("action") or self.path.partition("?")[0], named.get("method", "get")))
        elif form and tag == "input" and named.get("name") and named.get("type") not in ("checkbox", "radio"):
            form.values[named["name"]] = named.get("value", "")
        elif form and tag == "input" and "checked" in named:
            form.values[named["name"]] = named["value"]
        elif form and tag == "textarea" and named.get("name"):
            self._area = named["name"]
            form.values[self._area] = ""
        elif form and tag == "select":
            form.choosing = named["name"]
        elif form and tag == "option" and form.choosing and (form.choosing not in form.values or "selected" in named):
            form.values[form.choosing] = named["value"]
        elif form and tag == "button":
            form.buttons.append(named)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.forms[-1].values[self._area] = self.forms[-1].values[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].values[self._area] += data

    def form(self, action: str) -> "Form":
        """The form or button that leads to an address which ends so."""
        for form in self.forms:
            if form.action.endswith(action):
                return form
            for button in form.buttons:
                if button.get("formaction", "").endswith(action):
                    return Form(button["formaction"], form.method, dict(form.values), [button])
        raise AssertionError(f"no form leads to {action} on {self.path}: {[form.action for form in self.forms]}")

    def link(self, **wanted: str) -> str:
        """The address of the first link with these attributes."""
        return next(link["href"] for link in self.links if wanted.items() <= link.items())


class Form:
    def __init__(
        self, action: str, method: str, values: dict[str, str] | None = None, buttons: list[Any] | None = None
    ) -> None:
        self.action, self.method = action, method
        self.values = values or {}
        self.buttons = buttons or []
        self.choosing = ""


class Browser:
    def __init__(self, server: Server, language: str = "fr") -> None:
        self.server, self.language = server, language
        self.client = server.app.test_client()

    def open(self, path: str, *, follow: bool = True, **headers: str) -> Page:
        return self._go("GET", path, follow=follow, headers=headers)

    def post(self, path: str, values: dict[str, Any], *, follow: bool = True) -> Page:
        return self._go("POST", path, follow=follow, data=values)

    def send(self, page: Page, action: str, **typed: Any) -> Page:
        """Fill in a form of a page and send it by its first button."""
        form = page.form(action)
        pressed = {b["name"]: b.get("value", "") for b in form.buttons[:1] if b.get("name")}
        given = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.post(form.action, {**form.values, **pressed, **given})

    def _go(self, method: str, path: str, *, follow: bool, headers: dict[str, str] | None = None, **more: Any) -> Page:
        base = self.server.settings.base_url
        named = {"Accept": "text/html", "Accept-Language": self.language}
        named |= {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        answer = self.client.open(path, method=method, base_url=base, headers=named, **more)
        if follow and answer.status_code in (302, 303):
            onward = answer.headers["Location"].removeprefix(base)
            return self._go("GET", onward.partition("#")[0], follow=True, headers=headers)
        return Page(answer, path)


def signed_in(person: Person, language: str = "fr") -> Browser:
    """The browser of somebody who just signed in."""
    browser = Browser(person.server, language)
    page = browser.send(browser.open("/connexion"), "/connexion", email=person.name, password=PASSWORD)
    assert page.status == 200, page.words
    assert "/deconnexion" in page.html
    return browser


def path_of(uri: str, person: Person) -> str:
    """Where a post of somebody of here is shown."""
    found = re.search(r"/posts/(\d+)$", uri)
    assert found
    return f"/@{person.name}/{found[1]}"
