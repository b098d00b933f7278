"""Communities for a town to show: one with threads, one who asks to come in, and a private one.

`python -m tests.circles` plants them in the town of the environment, and says which thread and member to look at.
"""

import json
import sys

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.app import create_app
from fediterr.core import db, jobs, settings
from fediterr.social import communities, posts, summaries
from fediterr.social.communities import Charter
from fediterr.social.drafts import Draft
from fediterr.social.models import Joining, Post


def plant() -> dict[str, str]:
    """What pages name: the thread that Bob began, and Bob."""
    alice, bob, denis = (accounts.local(name) for name in ("alice", "bob", "denis"))
    charter = Charter(
        title="Éclairage public sobre",
        summary="Extinction, armoires, diodes : ce que nous avons essayé, ce que cela coûte, ce que l’on nous en dit.",
        joining=Joining.REQUEST,
        rules=("On dit d’où viennent les chiffres.", "Pas de démarchage commercial."),
    )
    lights = communities.found(alice, "eclairage", charter).account
    communities.invite(alice, lights, bob)
    communities.take_invitation(bob, lights)
    communities.ask_in(denis, lights, "Je m’occupe de l’éclairage d’un syndicat voisin.")
    welcome = _say(
        alice, lights, "Lisez-moi d’abord", "Présentez-vous en deux lignes : votre territoire, votre question."
    )
    thread = _say(bob, lights, "Quel relais astronomique choisir ?", "Nos armoires en ont de deux sortes.")
    posts.publish(alice, posts.compose(alice, "Le plus simple, chez nous.", Draft(in_reply_to=thread)))
    communities.pin(alice, lights, welcome)
    summaries.arrange(communities.get("eclairage"), day=0, foreword="Une semaine de relais et de diodes.", posted=False)
    closed = Charter(title="Marchés infructueux", summary="Entre acheteurs.", joining=Joining.INVITATION, private=True)
    communities.found(alice, "marches", closed)
    return {"thread": str(thread.id), "joined": str(bob.id), "circle": str(lights.id)}


def _say(author: Account, group: Account, title: str, words: str) -> Post:
    return posts.publish(author, posts.compose(author, words, Draft(title=title, community=group)))


def main() -> None:
    app = create_app(settings.load(), queue=jobs.MemoryQueue())
    with app.app_context(), db.transaction():
        sys.stdout.write(json.dumps(plant()))


if __name__ == "__main__":
    main()
