// The search page: reads the address, asks `matching.js`, and shows what it found. What is asked always
// stands in the address (?q=trees&topic=environment&page=2), so that it can be sent, kept and gone back to.

import { buildIndex, countFacet, passes, search, unpack } from "./matching.js";

const FACETS = ["source", "topic", "format"];
const PER_PAGE = 20;
const MOST_OPTIONS = 12;
const PAUSE = 180; // milliseconds without a key before what was typed is searched for

const settings = JSON.parse(document.getElementById("settings").textContent);
const byId = (id) => document.getElementById(id);
const labels = { source: settings.sources, topic: settings.topics, format: settings.formats };
const numbers = new Intl.NumberFormat(settings.locale);

let catalogue = null; // { datasets, index } once it is loaded

/** A message with its {places} filled. */
function say(name, values = {}) {
  return settings.words[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

function label(facet, value) {
  const found = labels[facet][value] || value;
  return facet === "format" && Array.isArray(found) ? found[0] : found;
}

/** 2019, March 2019 or 14 March 2026, in the page's language. */
function readableDate(value) {
  const [year, month, day] = value.split("-").map(Number);
  const precision = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }) };
  const date = new Date(Date.UTC(year, (month || 1) - 1, day || 1));
  const format = new Intl.DateTimeFormat(settings.locale, { ...precision, timeZone: "UTC" });
  return Number.isNaN(date.getTime()) ? value : format.format(date);
}

// ---------------------------------------------------------------- what is asked

function readAddress() {
  const query = new URLSearchParams(location.search);
  const filters = Object.fromEntries(FACETS.map((facet) => [facet, query.getAll(facet)]));
  return { question: query.get("q") || "", filters, page: Math.max(1, Number(query.get("page")) || 1) };
}

function address({ question, filters, page }) {
  const query = new URLSearchParams();
  if (question) query.set("q", question);
  for (const facet of FACETS) for (const value of filters[facet]) query.append(facet, value);
  if (page > 1) query.set("page", page);
  const text = query.toString();
  return text ? `?${text}` : location.pathname;
}

function go(asked, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", address(asked));
  show();
}

// ---------------------------------------------------------------- what is shown

function show() {
  const asked = readAddress();
  if (document.activeElement !== byId("q")) byId("q").value = asked.question;
  const anything = asked.question.trim() !== "" || FACETS.some((facet) => asked.filters[facet].length);
  byId("results").hidden = !anything || !catalogue;
  if (!anything) byId("status").textContent = "";
  if (!anything || !catalogue) {
    byId("browse").hidden = false;
    return;
  }
  const { datasets, index } = catalogue;
  const { places, read } = search(index, asked.question);
  const found = places.filter((place) =>
    FACETS.every((facet) => passes(datasets[place], facet, asked.filters[facet])),
  );
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(asked.page, pages);
  const start = (page - 1) * PER_PAGE;
  const shown = found.slice(start, start + PER_PAGE);
  byId("browse").hidden = found.length > 0;
  byId("status").textContent = status(found.length, start, shown.length, read);
  byId("cards").replaceChildren(...shown.map((place) => card(datasets[place])));
  showPager({ ...asked, page }, pages);
  showFilters(asked, datasets, places);
}

function status(count, start, shown, read) {
  const parts = read.map(([word, instead]) => say("instead", { word, instead }));
  if (!count) return [...parts, say("none")].join(" ");
  parts.push(say("found", { count: numbers.format(count) }));
  if (count > shown) {
    parts.push(say("shown", { from: numbers.format(start + 1), to: numbers.format(start + shown) }));
  }
  return parts.join(" · ");
}

function fromTemplate(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

/** Puts text into an element, with its language where that is not the page's. */
function put(element, text, language = "") {
  element.textContent = text;
  element.dir = "auto";
  if (language) element.lang = language;
}

function card(dataset) {
  const item = fromTemplate("card");
  const link = item.querySelector("a");
  link.href = `${settings.dataset}${encodeURIComponent(dataset.id)}/`;
  put(link, dataset.title, dataset.language);
  put(item.querySelector(".card__publisher"), dataset.publisher, dataset.publisherLanguage);
  const source = label("source", dataset.source[0]);
  if (source !== dataset.publisher) item.querySelector(".card__source").textContent = source;
  const date = item.querySelector(".card__date");
  if (dataset.changed) date.textContent = say("changed", { date: readableDate(dataset.changed) });
  else date.remove();
  const text = item.querySelector(".card__text");
  if (dataset.text) put(text, dataset.text, dataset.language);
  else text.remove();
  const badges = item.querySelector(".badges");
  for (const format of dataset.format) {
    const badge = document.createElement("li");
    badge.className = `badge badge--${(labels.format[format] || [])[1] || "other"}`;
    badge.textContent = label("format", format);
    badges.append(badge);
  }
  if (!dataset.format.length) badges.remove();
  return item;
}

function showPager(asked, pages) {
  const list = byId("pager").querySelector("ul");
  byId("pager").hidden = pages < 2;
  const near = [...new Set([1, asked.page - 1, asked.page, asked.page + 1, pages])];
  const items = near
    .filter((page) => page >= 1 && page <= pages)
    .map((page) => pagerItem(asked, page, numbers.format(page), say("page", { number: numbers.format(page) })));
  const turn = (page, name) => pagerItem(asked, page, say(name), say(name));
  if (asked.page > 1) items.unshift(turn(asked.page - 1, "previous"));
  if (asked.page < pages) items.push(turn(asked.page + 1, "next"));
  list.replaceChildren(...items);
}

function pagerItem(asked, page, text, name) {
  const item = document.createElement("li");
  const current = page === asked.page;
  const inside = document.createElement(current ? "span" : "a");
  inside.textContent = text;
  inside.setAttribute("aria-label", name);
  if (current) {
    inside.setAttribute("aria-current", "page");
  } else {
    inside.href = address({ ...asked, page });
    inside.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go({ ...asked, page });
      byId("found").focus();
      byId("search").scrollIntoView();
    });
  }
  item.append(inside);
  return item;
}

function showFilters(asked, datasets, places) {
  const focused = document.activeElement?.closest?.("#filter-form") && document.activeElement.value;
  const facets = FACETS.map((facet) => {
    const element = fromTemplate("facet");
    element.querySelector("legend").textContent = settings.facets[facet];
    const counts = countFacet(datasets, places, facet, asked.filters);
    const options = counts
      .filter(([value, count], rank) => asked.filters[facet].includes(value) || (count && rank < MOST_OPTIONS))
      .map(([value, count]) => option(asked, facet, value, count));
    element.querySelector("ul").append(...options);
    return options.length ? element : null;
  });
  byId("filter-form").replaceChildren(...facets.filter(Boolean));
  byId("clear").hidden = !FACETS.some((facet) => asked.filters[facet].length);
  byId("filters").hidden = !facets.some(Boolean);
  if (focused) byId("filter-form").querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
}

function option(asked, facet, value, count) {
  const item = fromTemplate("option");
  const box = item.querySelector("input");
  const chosen = asked.filters[facet];
  box.value = `${facet}:${value}`;
  box.checked = chosen.includes(value);
  box.addEventListener("change", () => {
    const next = box.checked ? [...chosen, value] : chosen.filter((each) => each !== value);
    go({ ...asked, filters: { ...asked.filters, [facet]: next }, page: 1 });
  });
  put(item.querySelector(".facet__name"), label(facet, value));
  item.querySelector(".count").textContent = numbers.format(count);
  return item;
}

// ---------------------------------------------------------------- what people do

let timer = 0;
byId("q").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => go({ ...readAddress(), question: byId("q").value, page: 1 }, { replace: true }), PAUSE);
});
byId("finder").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  go({ ...readAddress(), question: byId("q").value, page: 1 });
});
byId("clear").addEventListener("click", () => {
  go({ ...readAddress(), filters: Object.fromEntries(FACETS.map((facet) => [facet, []])), page: 1 });
  byId("found").focus();
});
window.addEventListener("popstate", show);
byId("filters").open = window.matchMedia("(min-width: 56rem)").matches;

/** The list of datasets, or null when it cannot be had. */
async function load() {
  try {
    const answer = await fetch(settings.index);
    return answer.ok ? unpack(await answer.json()) : null;
  } catch {
    return null;
  }
}

byId("q").value = readAddress().question;
byId("status").textContent = byId("q").value ? say("loading") : "";
const datasets = await load();
if (datasets) {
  catalogue = { datasets, index: buildIndex(datasets, (id) => labels.source[id] || id) };
  show();
} else {
  byId("status").textContent = say("failed");
}
