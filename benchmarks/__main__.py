"""`make bench`: everything, as Markdown tables. What stands in docs/benchmarks.md came from here."""

from __future__ import annotations

import sys

from benchmarks import corpus, dcat_parse, whole


def main() -> int:
    """Print the tables; 2 when the corpus is not there."""
    if not corpus.available():
        print(f"The corpus of real packages is not in {corpus.SHARED}; there is nothing to measure.")
        return 2
    print("## DCAT in Turtle, beside the peers\n")
    dcat_parse.main()
    print("\n## The whole line\n")
    whole.main()
    return 0


sys.exit(main())
