"""What a command tells when two of its steps find the same."""

from __future__ import annotations

from mooring.cli.views import Told
from mooring.core.diagnostics import Diagnostic, error, warning
from mooring.core.spans import Source, Span

SOURCE = Source("main.tf", "a = 1\nb = 2\n")
A, B = Span(SOURCE, 0, 5), Span(SOURCE, 6, 11)


def told(*steps: tuple[Diagnostic, ...]) -> list[tuple[Diagnostic, ...]]:
    """What each step of one command tells."""
    told = Told()
    return [told.news(step) for step in steps]


def test_a_warning_that_a_later_step_finds_again_is_told_once() -> None:
    found = warning("Risky", "It is.", A)
    assert [(found,), ()] == told((found,), (found.of("x.a"),))


def test_instances_that_one_step_warns_of_are_all_told() -> None:
    found = warning("Risky", "It is.", A)
    both = (found.of("x.a[0]"), found.of("x.a[1]"))
    assert [both] == told(both)


def test_a_warning_of_another_place_or_in_other_words_is_told() -> None:
    steps = [
        (warning("Risky", "It is.", A),),
        (warning("Risky", "It is.", B),),
        (warning("Risky", "Very.", A),),
    ]
    assert steps == told(*steps)


def test_no_error_is_kept_back() -> None:
    found = error("Wrong", "It is.", A)
    assert [(found,), (found,)] == told((found,), (found,))
