"""A town that has something to show on every page: two people, what they said, what happened to them."""

import io
import json
import subprocess
import sys
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from tests import chromium
from tests.processes import Member, Serve, until

PASSWORD = "a long secret"


class Town:
    def __init__(self, server: Serve) -> None:
        self.server, self.origin = server, server.origin
        self.places: dict[str, str] = {}  # what paths of pages name: ids and the like
        self._states: dict[str, Any] = {}

    def furnish(self) -> None:
        """Alice administers, Bob is a member; Carol waits to be let in."""
        self.alice = self.server.member("alice", role="admin")
        self.bob = self.server.member("bob")
        names = {"alice": "Alice, directrice générale des services", "bob": "Bob, responsable informatique"}
        for member in (self.alice, self.bob):
            member.api("PATCH", "v1/accounts/update_credentials", data={"display_name": names[member.name]})
        self.bob.follow(self.alice.handle)
        self.alice.follow(self.bob.handle)
        shown = self.alice.says(
            "Notre carte des armoires d’éclairage est ouverte : 96 armoires, leur état. #OpenData",
            media_ids=[self._picture(self.alice)],
            language="fr",
        )
        self.alice.says("What did you learn?", language="en", visibility="unlisted")
        asked = self.bob.says(
            "Qui a déjà acheté des capteurs ?", poll={"options": ["Nous", "Pas encore"], "expires_in": 86400}
        )
        answer = self.bob.says("Merci, nous partons de la vôtre.", in_reply_to_id=shown["id"])
        self.bob.says("Texte replié", spoiler_text="Sujet sensible")
        self.bob.says(f"{self.alice.handle} un mot pour vous seulement", visibility="direct")
        self.bob.api("POST", f"v1/statuses/{shown['id']}/favourite")
        self.bob.api("POST", f"v1/statuses/{shown['id']}/reblog")
        self.alice.api("POST", f"v1/statuses/{asked['id']}/bookmark")
        self.bob.says("À lire absolument.", quoted_status_id=shown["id"])
        subprocess.run([sys.executable, "-m", "tests.territories"], env=self.server.environment, check=True)
        self._govern()
        self._arrange()
        self._gather()
        until(lambda: len(self.alice.api("GET", "v1/notifications")) >= 3)
        self.places |= {"post": str(shown["id"]), "answer": str(answer["id"]), "poll": str(asked["id"])}

    def _arrange(self) -> None:
        """How Alice reads: a list, a filter, a hashtag, a server kept away, and Denis who waits to be heard."""
        alice, denis = self.alice, self.server.member("denis")
        bob = alice.api("GET", "v1/accounts/lookup", params={"acct": "bob"})["id"]
        near = alice.api("POST", "v1/lists", data={"title": "Communes voisines"})["id"]
        alice.api("POST", f"v1/lists/{near}/accounts", data={"account_ids[]": bob})
        spared = {"title": "Ballon", "context[]": ["home", "public"], "keywords_attributes[0][keyword]": "replié"}
        kept = alice.api("POST", "v2/filters", data=spared)["id"]
        alice.api("POST", "v1/tags/eclairage/follow")
        alice.api("POST", "v1/domain_blocks", data={"domain": "bruit.example"})
        alice.api("PUT", "v2/notifications/policy", data={"for_not_following": "filter"})
        denis.says(f"{alice.handle} puis-je vous poser une question ?")
        until(lambda: alice.api("GET", "v1/conversations") and alice.api("GET", "v1/notifications/requests"))
        self.places |= {
            "list": near, "filter": kept, "bob": bob,
            "conversation": alice.api("GET", "v1/conversations")[0]["id"],
            "asked": alice.api("GET", "v1/notifications/requests")[0]["id"],
        }  # fmt: skip

    def _gather(self) -> None:
        """Communities: one with threads, whose members Alice lets in, and a private one."""
        told = subprocess.run(
            [sys.executable, "-m", "tests.circles"],
            env=self.server.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        self.places |= json.loads(told.stdout.splitlines()[-1])

    def _govern(self) -> None:
        """Rules, an emoji, an authority, an announcement: what administrators see to."""
        picture = self.server.directory / "blason.png"
        Image.new("RGB", (48, 48), "#0e5a4b").save(picture, "PNG")
        self.server.run("rules", "add", "On parle de projets, pas de personnes.", "--hint", "Même quand on se trompe.")
        self.server.run("rules", "add", "On cite ses sources.")
        self.server.run("emoji", "add", "blason", str(picture), "--category", "Ville")
        self.server.run("authorities", "open", "ville", "--display-name", "Ville de Brest")
        self.server.run("authorities", "speak", "bob", "ville", "--office", "manage")
        self.server.run("announcements", "publish", "Coupure jeudi de 18 h à 19 h : le serveur change de disque.")

    def _picture(self, member: Member) -> str:
        sent = member.api("POST", "v1/media", files={"file": ("carte.png", _picture())},
                          data={"description": "Carte de la commune, un point vert par armoire"})  # fmt: skip
        return str(sent["id"])

    def keep_a_draft(self, browser: Browser) -> None:
        """Alice begins to write, with a picture, and keeps it for later."""
        with chromium.visiting(browser, storage_state=self.state(browser, "alice")) as page:
            page.goto(f"{self.origin}/publier")
            page.get_by_label("Votre message").fill("Compte rendu de l’atelier, à relire")
            page.get_by_label("Ajouter des fichiers").set_input_files(
                {"name": "atelier.png", "mimeType": "image/png", "buffer": _picture()}
            )
            page.get_by_role("button", name="Joindre ces fichiers").click()
            page.wait_for_url("**/publier?brouillon=*")
            self.places["draft"] = page.url.partition("brouillon=")[2].partition("#")[0]

    def keep_order(self, browser: Browser) -> None:
        """Alice reports Bob, who is warned twice and contests it once; some servers have a rule."""
        scopes = ("admin:read", "admin:write", "read", "write")
        moderator = Member(
            self.server, "alice", self.server.run("tokens", "create", "alice", "--scopes", " ".join(scopes))
        )
        said = {"account_id": self.bob.id, "status_ids": [self.places["answer"]], "category": "violation"}
        made = moderator.api("POST", "v1/reports", json={**said, "comment": "Ce ton n’aide personne."})
        for words in ("Restons courtois.", "Je vous le redis."):
            moderator.api("POST", f"v1/admin/accounts/{self.bob.id}/action", json={"type": "none", "text": words})
        until(lambda: len(self._warnings()) == 2)
        last, first = self._warnings()
        with chromium.visiting(browser, storage_state=self.state(browser, "bob")) as page:
            page.goto(f"{self.origin}/decisions/{first}")
            page.get_by_label("Pourquoi cette décision devrait être revue").fill("C’était une plaisanterie.")
            page.get_by_role("button", name="Contester la décision").click()
        with chromium.visiting(browser, storage_state=self.state(browser, "alice")) as page:
            page.goto(f"{self.origin}/moderation/contestations")
            appeal = page.locator("main section a").first.get_attribute("href") or ""
        self.server.run("domains", "block", "pub.example", "--severity", "silence", "--reason", "Démarchage")
        self.server.run("domains", "allow", "voisins.example", "--reason", "Nos voisins")
        rule = moderator.api("GET", "v1/admin/domain_blocks")[0]
        admitted = moderator.api("GET", "v1/admin/domain_allows")[0]
        moderator.api("POST", "v1/admin/email_domain_blocks", json={"domain": "jetable.example"})
        network = {"ip": "192.0.2.0/24", "severity": "sign_up_block", "comment": "Robots"}
        moderator.api("POST", "v1/admin/ip_blocks", json=network)
        self.places |= {"report": made["id"], "member": self.bob.id, "decision": first, "warning": last}
        self.places |= {"appeal": appeal.rpartition("/")[2], "rule": rule["id"], "admitted": admitted["id"]}

    def _warnings(self) -> list[str]:
        """What moderators wrote to Bob, last first."""
        told = self.bob.api("GET", "v1/notifications", params={"types[]": "moderation_warning"})
        return [each["moderation_warning"]["id"] for each in told]

    def path(self, template: str) -> str:
        return template.format(**self.places)

    def sign_in(self, page: Page, name: str) -> None:
        page.goto(f"{self.origin}/connexion")
        chromium.sign_in(page, name, PASSWORD)
        page.wait_for_url(f"{self.origin}/")

    def state(self, browser: Browser, name: str) -> Any:
        """What the browser of somebody who is signed in remembers; nobody's is empty."""
        if name and name not in self._states:
            with chromium.visiting(browser) as page:
                self.sign_in(page, name)
                self._states[name] = page.context.storage_state()
        return self._states.get(name)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), "#0e5a4b").save(file, "PNG")
    return file.getvalue()
