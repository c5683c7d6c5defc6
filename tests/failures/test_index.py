"""Every row of the table has a test that names it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.failures import (
    test_identity,
    test_metadata,
    test_paging,
    test_reaching,
    test_reading,
    test_telling,
)

MODULES = (test_paging, test_identity, test_reaching, test_reading, test_metadata, test_telling)


def test_each_case_has_a_test_that_names_where_it_happened(shared: Path) -> None:
    """Issue 4: each of the 33 cases has a test of its own that names it."""
    rows = re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", (shared / "FAILURES.md").read_text(), re.MULTILINE)
    named: dict[int, str] = {}
    for module in MODULES:
        for name, test in vars(module).items():
            if found := re.match(r"test_failure_(\d\d)_", name):
                named[int(found[1])] = named.get(int(found[1]), "") + (test.__doc__ or "")
    assert sorted(named) == [int(number) for number, _ in rows] == list(range(1, 34))
    for number, where in rows:
        for reference in re.findall(r"#\d+", where):
            assert reference in named[int(number)], (number, reference)
