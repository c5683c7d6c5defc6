"""Findings in words: what is wrong, what that means for readers, and how to mend it."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import Dataset, Finding
from harvester.quality import Profile, explain
from harvester.site import markup, words
from harvester.site.voice import Voice


class Mend(Struct, frozen=True):
    """A finding, explained."""

    code: str
    severity: str
    label: str  # the severity in words
    field: str  # where, in words; blank where that is the whole entry
    title: str
    meaning: str
    remedy: str
    place: str  # where to click on the portal; blank where we do not know
    raw: str  # what the source wrote


class Mender:
    """Explains findings in one language. The same finding at another dataset reads the same."""

    def __init__(self, profile: Profile, voice: Voice) -> None:
        self.profile = profile
        self.voice = voice
        self._told = lru_cache(maxsize=4096)(self._explained)

    def mend(self, finding: Finding, dataset: Dataset | None, feed: str | None) -> Mend:
        """The finding in words, with what the source wrote filled in."""
        told = self._told(replace(finding, source="", dataset=None), feed)
        field = self._field(finding.field or "", dataset)
        return replace(told, field=field) if field else told

    def _explained(self, finding: Finding, feed: str | None) -> Mend:
        told = explain(finding, self.profile, feed)
        values = {name: markup.shorten(markup.clean(value), 200) for name, value in told.values.items()}

        def say(message: str) -> str:
            message = self.voice.say(message) if message else ""
            for name, value in values.items():
                message = message.replace(f"{{{name}}}", value)
            return message

        return Mend(
            code=finding.code,
            severity=finding.severity,
            label=self.voice.say(words.SEVERITIES[finding.severity]),
            field="",
            title=say(told.title),
            meaning=say(told.meaning),
            remedy=say(told.remedy),
            place=say(told.place),
            raw=values.get("raw", ""),
        )

    def _field(self, field: str, dataset: Dataset | None) -> str:
        """What people call a field: of `distributions.<number or id>.format` the file, "File 2"."""
        first, _, rest = field.partition(".")
        if first != "distributions" or not rest:
            return self.voice.say(words.FIELDS[first]) if first in words.FIELDS else ""
        name = rest.rpartition(".")[0] or rest
        ids = [file.id for file in dataset.distributions] if dataset else []
        if name in ids:
            position = ids.index(name)
        elif name.isdecimal() and len(name) < 6:
            position = int(name)
        else:
            return ""
        return self.voice.tell(words.FILE, number=self.voice.formatter.number(position + 1))
