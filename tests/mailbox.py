"""A mail server on loopback that keeps what it is sent, for letters to be read in a story."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from email.message import EmailMessage
from typing import cast


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes letters for whoever `takes` says yes to."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[EmailMessage] = []
        self.answer: Callable[[str], str] = lambda _recipient: "250 yes"

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs."""

    def handle(self) -> None:
        mailbox = cast(Mailbox, self.server)
        self._say("220 mailbox")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "RCPT":
                self._say(mailbox.answer(line))
            elif word == "DATA":
                self._say("354 go on")
                mailbox.letters.append(self._letter())
                self._say("250 taken")
            else:
                self._say("221 bye" if word == "QUIT" else "250 yes")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line.removeprefix("."))
        return cast(EmailMessage, message_from_string("\n".join(lines), policy=policy.default))

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def opened() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        thread = threading.Thread(target=mailbox.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield mailbox
        finally:
            mailbox.shutdown()
            thread.join()
