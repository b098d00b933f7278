"""The jobs, by the names that hints carry: each drains rows, may run twice, and takes nothing with it."""

from collections.abc import Callable

from fediterr import reactions
from fediterr.activitypub import archives, delivery, departures, errands, imports, inbox, pushes
from fediterr.core import mail
from fediterr.social import development
from fediterr.territories import loading, twins
from workers import upkeep

JOBS: dict[str, Callable[[], None]] = {
    "receive": inbox.drain,
    "react": reactions.react,
    "deliver": delivery.drain,
    "errands": errands.run,
    "push": pushes.drain,
    "develop": development.run,
    "export": archives.run,
    "import": imports.run,
    "departures": departures.run,
    "directory": loading.ensure,
    "mail": mail.drain,
    "sweep": upkeep.sweep,
    "clear": upkeep.clear,
    "close_polls": upkeep.close_polls,
    "index": upkeep.file_missing,
    "publish_scheduled": upkeep.publish_scheduled,
    "twins": twins.run,
    "trends": upkeep.refresh_trends,
    "summaries": upkeep.send_summaries,
    "heartbeat": upkeep.heartbeat,
}
