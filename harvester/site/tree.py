"""The tree of one language: its templates, and how a page of it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from markdown import markdown
from markupsafe import Markup
from msgspec import Struct

from harvester.language import choose, formatter
from harvester.model import Config
from harvester.quality import Profile
from harvester.site import theme
from harvester.site.addresses import Addresses, paged, trees
from harvester.site.mending import Mender
from harvester.site.views import SourceName
from harvester.site.voice import Link, Voice, Words


class Context(Struct, frozen=True):
    """What every page of the site is made with. It can be sent to another process, and it holds nothing
    that is different on a night on which no dataset changed."""

    config: Config
    profile: Profile
    sources: dict[str, SourceName]
    templates: dict[str, str]
    versions: dict[str, str]  # of static files
    messages: dict[str, str]  # the region's own .po files by language
    content: dict[str, tuple[tuple[str, str], ...]]  # language → (path, title) of the content pages


class SiteView(Struct, frozen=True):
    """`site` in templates: what the catalogue calls itself, in the language of the page."""

    title: str
    description: str
    footer: Markup
    language: str
    direction: str
    address: str
    contact: str | None
    issues_url: str | None
    content: tuple[Link, ...]


class Alternate(Struct, frozen=True):
    """The same page in another language, or the same thing in another format."""

    href: str  # the whole address
    link: str = ""  # the same from the root of the host: works in a preview, too
    tag: str = ""  # hreflang
    name: str = ""  # of the language, in itself; or what the file is
    type: str = ""  # media type


class Page(Struct, frozen=True):
    """`page` in templates: what the head of a page needs."""

    path: str
    title: str
    description: str
    section: str  # which entry of the navigation it belongs to
    address: str
    languages: tuple[Alternate, ...]  # the page in all languages, itself included; none when there is one
    default: str  # the address of the page in the site's first language
    alternates: tuple[Alternate, ...] = ()


class Step(Struct, frozen=True):
    """A link of the pager; `href` is None for the page one is on and for a gap (number 0)."""

    number: int
    href: str | None


class Pager(Struct, frozen=True):
    """`pager` in templates: where one is in a long list."""

    number: int
    count: int
    steps: tuple[Step, ...]
    previous: str | None
    next: str | None


class Tree:
    """The pages of one language."""

    def __init__(self, context: Context, tag: str) -> None:
        catalogue = context.config.catalogue
        self.tag = tag
        self.context = context
        self.all: dict[str, Addresses] = trees(catalogue.languages, catalogue.url)
        self.addresses = self.all[tag]
        self.voice = Voice(tag, self.addresses, context.messages.get(tag, ""))
        self.mender = Mender(context.profile, self.voice)
        self.names = {each: _capital(formatter(each).language(each)) for each in self.all}
        footer = choose(catalogue.footer, tag)[0]
        self.site = SiteView(
            title=choose(catalogue.title, tag)[0],
            description=choose(catalogue.description, tag)[0],
            footer=Markup(markdown(footer)),  # noqa: S704 - the region's own words
            language=tag,
            direction=self.voice.formatter.direction,
            address=self.addresses.absolute("/"),
            contact=catalogue.contact,
            issues_url=catalogue.issues_url,
            content=tuple(Link(Words(title), self.voice.link(path)) for path, title in context.content[tag]),
        )
        self.environment = theme.environment(
            context.templates, context.versions, self.voice, {"site": self.site, "part": self._part()}
        )

    def _part(self) -> Callable[..., Markup]:
        """`part(name, section)` in templates: a piece that is the same on many pages, made once."""

        @cache
        def part(name: str, section: str = "") -> Markup:
            return Markup(self.environment.get_template(f"parts/{name}.html").render(section=section))  # noqa: S704

        return part

    def page(
        self,
        path: str,
        title: str,
        *,
        description: str = "",
        section: str = "",
        alternates: Iterable[Alternate] = (),
    ) -> Page:
        """The head of the page at `path`, which is the same in all trees."""
        others: tuple[Alternate, ...] = ()
        if len(self.all) > 1:
            others = tuple(
                Alternate(each.absolute(path), each.link(path), tag, self.names[tag])
                for tag, each in self.all.items()
            )
        address = self.addresses.absolute(path)
        return Page(
            path=path,
            title=title,
            description=description or self.site.description,
            section=section,
            address=address,
            languages=others,
            default=others[0].href if others else address,
            alternates=tuple(alternates),
        )

    def render(self, template: str, page: Page, **values: object) -> tuple[str, bytes]:
        """The file of a page, relative to the site's folder, and its bytes."""
        made = self.environment.get_template(template).render(page=page, **values)
        return self.addresses.file(page.path), made.encode()

    def pager(self, path: str, number: int, count: int) -> Pager | None:
        """Page `number` of the `count` pages of the list at `path`; None where one page is all."""
        if count < 2:
            return None
        near = {1, count, *range(max(1, number - 2), min(count, number + 2) + 1)}
        steps: list[Step] = []
        for each in sorted(near):
            if steps and each - steps[-1].number > 1:
                gap = each - steps[-1].number == 2
                steps.append(self._step(path, each - 1) if gap else Step(0, None))
            steps.append(Step(each, None) if each == number else self._step(path, each))
        return Pager(
            number,
            count,
            tuple(steps),
            self._step(path, number - 1).href if number > 1 else None,
            self._step(path, number + 1).href if number < count else None,
        )

    def _step(self, path: str, number: int) -> Step:
        return Step(number, self.voice.link(paged(path, number)))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
