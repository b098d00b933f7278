"""Which names of servers conform to the rules for public services in France (RCPNT): a pure rule."""

# https://suiteterritoriale.anct.gouv.fr/conformite/referentiel
CONFORMING = {
    "fr", "eu",
    "bzh", "corsica", "alsace", "paris",
    "re", "gp", "mq", "gf", "yt", "pm", "wf", "tf", "nc", "pf",
}  # fmt: skip


def conforms(host: str) -> bool:
    """Whether a local authority may take that name, by its ending."""
    return host.partition(":")[0].rstrip(".").lower().rpartition(".")[2] in CONFORMING
