"""Sending a journal: nothing is lost or doubled, what waits goes out together, a failure is final."""

from __future__ import annotations

import threading

import pytest

from mooring.state.backends.sending import SendingJournal


def test_what_is_appended_is_sent_in_order_from_the_end_of_what_was_there() -> None:
    sent: list[tuple[int, bytes]] = []
    journal = SendingJournal(lambda at, content: sent.append((at, content)), 10)
    for content in (b"a\n", b"bc\n", b"d\n"):
        journal.append(content)
    journal.flush()
    journal.close()
    assert b"".join(content for _, content in sent) == b"a\nbc\nd\n"
    assert [at for at, _ in sent] == [10 + sum(len(c) for _, c in sent[:n]) for n in range(len(sent))]


def test_what_comes_in_while_a_request_is_under_way_goes_out_in_one() -> None:
    sent: list[bytes] = []
    began, go_on = threading.Event(), threading.Event()

    def send(_at: int, content: bytes) -> None:
        sent.append(content)
        began.set()
        assert go_on.wait(10)

    journal = SendingJournal(send, 0)
    journal.append(b"first")
    assert began.wait(10)
    for content in (b"a", b"b", b"c"):
        journal.append(content)
    go_on.set()
    journal.flush()
    journal.close()
    assert sent == [b"first", b"abc"]


def test_closing_sends_what_waits() -> None:
    sent: list[bytes] = []
    journal = SendingJournal(lambda _at, content: sent.append(content), 0)
    journal.append(b"a")
    journal.close()
    assert sent == [b"a"]


@pytest.mark.parametrize("problem", [OSError("the server is gone"), KeyError("a bug")])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_failure_nobody_waits_and_nothing_is_sent(problem: Exception) -> None:
    sent: list[bytes] = []

    def send(_at: int, content: bytes) -> None:
        sent.append(content)
        raise problem

    journal = SendingJournal(send, 0)
    journal.append(b"a")
    for _ in range(2):
        with pytest.raises(OSError, match=r"the server is gone|has ended"):
            journal.flush()
    with pytest.raises(OSError, match=r"the server is gone|has ended"):
        journal.append(b"b")
    with pytest.raises(OSError, match="any more"):
        journal.cut(0)
    journal.close()
    assert sent == [b"a"]
