"""The sheet that one writes on: what was typed, its files, what it answers, quotes or changes; kept as a draft between
two pages, so that nothing is lost."""

import re
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import db, errors
from fediterr.social import media, quotes, saved_drafts, timelines, visibility
from fediterr.social.drafts import Caption, Draft
from fediterr.social.models import Medium, Post, SavedDraft
from fediterr.web import composing, forms, problems, session, uploads

KEPT = re.compile(
    r"title|community|words|warning|visibility|language|quotable|later|as|in_reply_to|quoted|edits|files|next|sensitive"
    r"|poll-(days|multiple|hidden)|option-\d{1,2}|description-\d{1,20}"
)
TITLE = 150  # characters
PUBLISH, SAVE, MORE = "publish", "save", "more"


@dataclass
class Sheet:
    """What somebody writes, and what they want to be done with it."""

    me: Account
    form: forms.Form
    wish: str = PUBLISH
    draft: SavedDraft | None = None
    files: list[Medium] = field(default_factory=list)
    parent: Post | None = None
    quoted: Post | None = None
    edited: Post | None = None
    community: Account | None = None  # that a thread is begun in

    @property
    def author(self) -> Account:
        """In whose name it is published. Raises Forbidden."""
        if self.edited is not None:
            return self.edited.author
        chosen = self.form.value("as")
        found = next((each for each in composing.voices() if str(each.id) == chosen), None)
        if chosen and chosen != str(self.me.id) and found is None:
            raise errors.Forbidden("You do not speak for this authority.")
        return found or self.me

    def description(self, medium: Medium) -> str:
        """What is said of a file now; a file of a post that is there already changes with the post."""
        return self.form.values.get(f"description-{medium.id}", medium.description)


def lay_out(
    me: Account, form: forms.Form, draft: SavedDraft | None = None, edited: Post | None = None, wish: str = PUBLISH
) -> Sheet:
    """A sheet with all that shows it. What it answered or quoted may be gone since: NotFound."""
    identifiers = _numbers(form.value("files"))
    known = {medium.id: medium for medium in media.free(me, identifiers)}
    known |= {medium.id: medium for medium in edited.media} if edited else {}
    return Sheet(
        me, composing.begun(form, me), wish, draft, [known[each] for each in identifiers if each in known],
        parent=_post(me, form.value("in_reply_to"), "There is no such post to answer."),
        quoted=_quoted(me, form.value("quoted")), edited=edited, community=_community(form.value("community")),
    )  # fmt: skip


def _numbers(said: str) -> list[int]:
    return list(dict.fromkeys(number for each in said.split(",") if (number := _number(each))))


def _number(said: str) -> int:
    """The id that a form names; 0, which is nobody's, for anything else."""
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def _post(me: Account, identifier: str, otherwise: str) -> Post | None:
    if not identifier:
        return None
    try:
        post = visibility.seen(me, _number(identifier))
    except errors.NotFound:
        raise errors.NotFound(otherwise) from None
    found = timelines.whole([post.boost_of_id or post.id], me)
    if not found:
        raise errors.NotFound(otherwise)
    return found[0]


def _community(identifier: str) -> Account | None:
    """The community that a form names; whether one may write there is seen when it is published."""
    found = accounts.many({_number(identifier)}).get(_number(identifier)) if identifier else None
    return found if found is not None and found.kind == Kind.GROUP and found.active else None


def _quoted(me: Account, identifier: str) -> Post | None:
    found = _post(me, identifier, "There is no such post to quote.")
    if found is not None:
        quotes.require_quotable(me, found)
    return found


# --- what was sent -------------------------------------------------------------------------------------------------


def take_up(me: Account, edited: Post | None = None) -> Sheet:
    """The sheet of a form that was sent. When it is not to be published at once, or has files, it is kept first.

    Whatever comes of the rest of the request: kept is kept.
    """
    form = forms.sent()
    wish = form.value("do") or PUBLISH
    new, refused = uploads.take(me)
    draft = None
    if new or refused or form.value("draft") or wish != PUBLISH:
        arranged = {**form.values, "files": ",".join(_arranged(_numbers(form.value("files")), wish))}
        form = forms.Form(arranged)
        try:
            draft, form = _keep(me, form, new, edited)
        except errors.Invalid as problem:
            form.refuse(problem)
        for name, problem_ in refused:
            form.wrong["new-files"] = f"{name} : {problems.words_of(problem_)}"
    return lay_out(me, form, draft, edited, wish)


def _arranged(identifiers: list[int], wish: str) -> list[str]:
    """The files in their order, after what a button says of one of them."""
    verb, _colon, named = wish.partition(":")
    listed = [str(each) for each in identifiers]
    if named not in listed:
        return listed
    place = listed.index(named)
    if verb == "remove":
        listed.pop(place)
    elif verb == "before" and place:
        listed[place - 1], listed[place] = listed[place], listed[place - 1]
    return listed


def _keep(me: Account, form: forms.Form, new: list[media.Kept], edited: Post | None) -> tuple[SavedDraft, forms.Form]:
    """Keep all that was typed, in a unit of work of its own."""
    db.end()
    try:
        with db.transaction():
            identifier = form.value("draft")
            draft = saved_drafts.get(me, _number(identifier)) if identifier else None
            added = [str(media.attach(me, kept).id) for kept in new]
            listed = ",".join([each for each in form.value("files").split(",") if each] + added)
            form = forms.Form({**form.values, "files": listed}, form.wrong)
            files = media.free(me, _numbers(listed))
            for medium in files:
                media.describe(medium, form.value(f"description-{medium.id}")[: media.DESCRIPTION])
            typed = {name: value for name, value in form.values.items() if value and KEPT.fullmatch(name)}
            if edited is not None:
                typed["edits"] = str(edited.id)
            draft = saved_drafts.save(me, typed, files, draft)
            form = forms.Form({**form.values, "draft": str(draft.id)}, form.wrong)
    finally:
        db.begin_writing()
    return draft, form


def is_blank(sheet: Sheet) -> bool:
    """Whether there is nothing on it that would be worth keeping."""
    return not (sheet.form.value("words").strip() or sheet.files or sheet.form.value("option-1"))


# --- what is to be published ---------------------------------------------------------------------------------------


def refuse_undescribed(sheet: Sheet) -> None:
    """Ask for the words of pictures, films and sounds that have none: not everybody sees or hears them."""
    for number, medium in enumerate(sheet.files, 1):
        if composing.needs_words(medium) and not sheet.description(medium).strip():
            asked = _("Décrivez le fichier %(number)s pour qui ne le voit ou ne l’entend pas.", number=number)
            sheet.form.wrong[f"description-{medium.id}"] = asked


def as_draft(sheet: Sheet) -> Draft:
    """What was chosen and typed besides the words. Raises Invalid."""
    form, policy = sheet.form, sheet.form.value("quotable")
    return Draft(
        title=form.value("title").strip()[:TITLE] or None,
        community=sheet.community,
        visibility=composing.audience(form),
        in_reply_to=sheet.parent,
        quoted=sheet.quoted,
        quote_policy=quotes.named(policy) if policy else None,
        warning=form.value("warning").strip()[:500],
        sensitive=form.is_on("sensitive"),
        language=composing.language(form),
        uploads=tuple(sheet.files),
        captions={medium.id: Caption(sheet.description(medium)) for medium in sheet.files},
        poll=composing.poll(form),
    )


def as_change(sheet: Sheet, post: Post) -> Draft:
    """What a post is to become: what a form does not speak of stays as it is."""
    draft, retitled = as_draft(sheet), "title" in sheet.form.values
    return replace(
        draft, visibility=post.visibility, in_reply_to=post.in_reply_to, kind=post.kind,
        title=draft.title if retitled else post.title, summary=post.summary, link=post.link, details=post.details,
        quoted=post.quote.quoted if post.quote else None, poll=composing.poll(sheet.form, post.poll),
        language=composing.language(sheet.form) or post.language,
    )  # fmt: skip


def may_change(post: Post) -> bool:
    """Whether the one who is signed in may change or delete a post: theirs, or of an authority they speak for."""
    return post.boost_of_id is None and session.may_change(post.author)


def finish(sheet: Sheet) -> None:
    """What was kept of a sheet has become a post, or waits for its hour."""
    if sheet.draft is not None:
        saved_drafts.discard(sheet.draft)
