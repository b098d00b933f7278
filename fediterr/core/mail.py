"""Letters by e-mail: written into a row with whatever they tell of, taken to the mail server by a job.

A letter that the server takes is forgotten; one that it refuses for good too; else it is tried again for two days.
"""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import broker, clock, db, jobs, site
from fediterr.core.db import Identified, Model, session
from fediterr.core.settings import Settings

log = logging.getLogger(__name__)

SECONDS = 20  # for one word with the mail server
LEASE = timedelta(minutes=5)  # during which no other worker takes the same letter
PAUSE = timedelta(minutes=1)  # before the second try; each pause is twice the one before
TRIES = 12
ERRORS = (OSError, smtplib.SMTPException)


class Letter(Identified, Model):
    """A letter that waits to leave."""

    __tablename__ = "letters"
    __table_args__ = (sa.Index("ix_letters_due_at", "due_at"),)

    recipient: Mapped[str]
    subject: Mapped[str]
    words: Mapped[str]
    html: Mapped[str] = mapped_column(default="", server_default="")  # the same, for whoever prefers it
    unsubscribe: Mapped[str] = mapped_column(default="", server_default="")  # the address where no more are asked for
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)


def send(recipient: str, subject: str, words: str, *, html: str = "", unsubscribe: str = "") -> None:
    """Let a letter leave after this unit of work; nothing when the operator named no mail server.

    `unsubscribe`: where one asks for no more of these, by a page and by one click of a mail program (RFC 8058).
    """
    if not site.settings().mail_host:
        log.warning("a letter is not sent: FEDITERR_MAIL_HOST is empty", extra={"subject": subject})
        return
    session.add(Letter(recipient=recipient, subject=subject, words=words, html=html, unsubscribe=unsubscribe))
    jobs.later("mail")


def drain() -> None:
    """Take every letter that is due to the mail server, over one connection."""
    if not site.settings().mail_host or not _is_one_due():
        db.end()
        return
    try:
        with _connection(site.settings()) as server:
            while not broker.stopping.is_set() and (letter := _take()) is not None:
                _leave(server, letter)
    except ERRORS as error:
        log.warning("the mail server cannot be spoken to", extra={"error": repr(error)})


def _is_one_due() -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Letter.due_at <= clock.now()))))


def _take() -> Letter | None:
    """The letter that waited longest, kept from others while we carry it."""
    with db.transaction():
        due = sa.select(Letter).where(Letter.due_at <= clock.now()).order_by(Letter.due_at, Letter.id).limit(1)
        letter = session.scalar(due.with_for_update(skip_locked=True))
        if letter is not None:
            letter.tries += 1
            letter.due_at = clock.now() + LEASE
            session.flush()
            session.expunge(letter)
        return letter


def _leave(server: smtplib.SMTP, letter: Letter) -> None:
    try:
        server.send_message(_message(letter))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError, ValueError) as error:
        final = _is_final(error) or letter.tries >= TRIES
        log.warning("a letter is refused", extra={"letter": letter.id, "final": final, "error": repr(error)})
        pause = None if final else PAUSE * 2 ** (letter.tries - 1)
    else:
        pause = None
    mine = Letter.id == letter.id
    with db.transaction():
        if pause is None:
            session.execute(sa.delete(Letter).where(mine))
        else:
            session.execute(sa.update(Letter).where(mine).values(due_at=clock.now() + pause))


def _is_final(error: Exception) -> bool:
    """Whether the mail server will say the same tomorrow."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return not isinstance(error, smtplib.SMTPDataError) or error.smtp_code >= 500


def _message(letter: Letter) -> EmailMessage:
    settings = site.settings()
    message = EmailMessage()
    message["From"] = formataddr((settings.name, settings.mail_from))
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = make_msgid(str(letter.id), domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.words)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message


@contextmanager
def _connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server, spoken to as the operator said."""
    context = ssl.create_default_context(cafile=settings.ca_bundle or None)
    if settings.mail_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.mail_host, settings.mail_port, timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=SECONDS)
    with server:
        if settings.mail_tls == "starttls":
            server.starttls(context=context)
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server


def greet(settings: Settings) -> None:
    """Prove that the mail server takes us; raises one of ERRORS."""
    with _connection(settings) as server:
        server.noop()
