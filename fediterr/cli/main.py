"""The door for operators: every command of `fediterr`."""

import click

from fediterr.cli import (
    authorities,
    check,
    demo,
    domains,
    emoji,
    init,
    moving,
    network,
    people,
    queue,
    schema,
    search,
    serve,
    territories,
    words,
)
from fediterr.core import errors


class Commands(click.Group):
    """Says what went wrong in one sentence on the error stream, and ends with 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except errors.Problem as problem:
            raise click.ClickException(problem.message or type(problem).__name__) from problem


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fediterr")
def fediterr() -> None:
    """A fediverse server for local authorities and the people who work there.

    Settings come from config/default.toml, then from the file named by FEDITERR_CONFIG (or fediterr.toml in the data
    directory), then from FEDITERR_* in the environment. Errors go to the error stream: exit 1, or 2 for a wrong
    setting or option.
    """


authorities.authorities.add_command(moving.export)
authorities.authorities.add_command(moving.import_)
territories.territories.add_command(network.peers)
territories.territories.add_command(network.meet)

for command in (
    serve.serve,
    serve.web,
    serve.streaming,
    serve.worker,
    serve.scheduler,
    demo.demo,
    init.init,
    check.check,
    schema.migrate,
    people.accounts,
    authorities.authorities,
    territories.territories,
    people.invite,
    people.tokens,
    people.follow,
    people.post,
    domains.domains,
    emoji.emoji,
    words.rules,
    words.announcements,
    words.texts,
    queue.queue,
    search.search,
):
    fediterr.add_command(command)
