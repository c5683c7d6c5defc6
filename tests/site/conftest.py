"""Fixtures of the site's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvester import site
from harvester.model import Catalogue
from harvester.quality import Profile, load_profile
from harvester.site import rendering, theme
from harvester.site.tree import Context, Tree
from harvester.site.views import SourceName
from tests import make

Build = Callable[..., Path]


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile(None)


@pytest.fixture
def build(tmp_path: Path, profile: Profile) -> Build:
    """Builds a catalogue's site in a new folder and gives the folder."""
    count = 0

    def made(catalogue: Catalogue, **options: Any) -> Path:
        nonlocal count
        count += 1
        folder = tmp_path / f"site-{count}"
        folder.mkdir()
        site.build(catalogue, folder, profile=profile, **options)
        return folder

    return made


@pytest.fixture(scope="session")
def tree(profile: Profile) -> Callable[..., Tree]:
    """A tree in a language, with our own theme."""

    def made(tag: str = "en", **catalogue: Any) -> Tree:
        files = theme.load(theme.own_folder())
        config = make.config(**{"languages": (tag,), **catalogue})
        context = Context(
            config=config,
            profile=profile,
            sources={s.id: SourceName(s.id, s.name, "ckan") for s in config.sources},
            templates=files.templates,
            versions=files.versions(),
            messages={},
            content=dict.fromkeys(config.catalogue.languages, ()),
        )
        return rendering.unpack(rendering.pack(context))[tag]

    return made
