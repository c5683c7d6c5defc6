// The search itself, without a page: words in, datasets out. It knows nothing of the document, so that
// it can be tried by itself.

const WEIGHTS = { title: 8, keyword: 4, publisher: 3, text: 1 };
const PER_WORD = { exact: 1, beginning: 0.7, typo: 0.4 };

const SPECIAL = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** Small letters without accents. */
export function fold(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => SPECIAL[letter]);
}

/** The words of a text as they are written. */
function written(text) {
  return text.normalize("NFC").toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) || [];
}

const stems = new Map(); // word → stem: most words come again and again

/** What a word is looked up by: folded, a plural's "s" taken off. */
function stem(word) {
  let found = stems.get(word);
  if (found === undefined) {
    const folded = fold(word);
    const plural = folded.length > 3 && folded.endsWith("s") && !folded.endsWith("ss");
    found = plural ? folded.slice(0, -1) : folded;
    stems.set(word, found);
  }
  return found;
}

/** The stems of a text's words. */
export function words(text) {
  return written(text).map(stem);
}

// Words so common that a question may hold them without meaning them: English, French, Spanish.
const COMMON = new Set(
  words(
    "a an and are as at by for from how in is of on or that the to was what when where which who with " +
      "au aux avec ce ces dans de des du en est et la le les ou par pour que qui sur un une " +
      "al con del el las lo los para por se su una y",
  ),
);

/** Datasets as objects, from the compact file that `search_index.py` describes. */
export function unpack(file) {
  return file.datasets.map(
    ([id, title, publisher, source, keywords, formats, topics, text, changed, language]) => ({
      id,
      title,
      publisher: file.publishers[publisher][0],
      publisherLanguage: file.publishers[publisher][1] || "",
      source: [file.sources[source]],
      keywords,
      format: formats.map((place) => file.formats[place]),
      topic: topics.map((place) => file.topics[place]),
      text,
      changed,
      language,
    }),
  );
}

/** Which datasets hold a word, and how prominently: word → Map(place of the dataset → weight). */
export function buildIndex(datasets, nameOfSource = (id) => id) {
  const index = new Map();
  const forms = new Map(); // stem → the word as it was first met, to show it to people
  const known = new Map(); // a publisher's words are needed once, not once a dataset
  const add = (place, found, weight) => {
    for (const word of found) {
      const key = stem(word);
      let holders = index.get(key);
      if (!holders) {
        index.set(key, (holders = new Map()));
        forms.set(key, word);
      }
      if ((holders.get(place) || 0) < weight) holders.set(place, weight);
    }
  };
  const wordsOfName = (name) => {
    if (!known.has(name)) known.set(name, written(name));
    return known.get(name);
  };
  datasets.forEach((dataset, place) => {
    add(place, written(dataset.title), WEIGHTS.title);
    for (const keyword of dataset.keywords) add(place, wordsOfName(keyword), WEIGHTS.keyword);
    add(place, wordsOfName(dataset.publisher), WEIGHTS.publisher);
    add(place, wordsOfName(nameOfSource(dataset.source[0])), WEIGHTS.publisher);
    add(place, written(dataset.text), WEIGHTS.text);
  });
  return { index, forms, vocabulary: [...index.keys()].sort(), size: datasets.length };
}

/** The question's words that count, as they are written. */
function wanted(question) {
  const all = written(question);
  const telling = all.filter((word) => !COMMON.has(stem(word)));
  return telling.length ? telling : all;
}

/**
 * The places of the datasets that hold all words of the question, the best first, and which words were
 * read as others because nothing holds them: [[as asked, as read]]. An empty question finds everything.
 */
export function search({ index, forms, vocabulary, size }, question) {
  const asked = wanted(question);
  if (!asked.length) return { places: Array.from({ length: size }, (_, place) => place), read: [] };
  const read = [];
  let scores = null;
  asked.forEach((typed, position) => {
    const word = stem(typed);
    const holders = new Map();
    const count = (terms, closeness) => {
      for (const term of terms) {
        const found = index.get(term);
        const rarity = Math.log(1 + size / found.size);
        const whole = Math.min(1, word.length / term.length); // "tre" means "tree" sooner than "treasurer"
        for (const [place, weight] of found) {
          const score = weight * closeness * whole * rarity;
          if ((holders.get(place) || 0) < score) holders.set(place, score);
        }
      }
    };
    const last = position === asked.length - 1;
    if (index.has(word)) count([word], PER_WORD.exact);
    if (last || !holders.size) count(beginningWith(vocabulary, word), PER_WORD.beginning);
    if (!holders.size) {
      const near = nearest(vocabulary, word, index);
      if (near.length) read.push([typed, forms.get(near[0])]);
      count(near, PER_WORD.typo);
    }
    scores = scores === null ? holders : both(scores, holders);
  });
  const places = [...scores.keys()].sort((a, b) => scores.get(b) - scores.get(a) || a - b);
  return { places, read };
}

function both(first, second) {
  const joined = new Map();
  for (const [place, score] of first) if (second.has(place)) joined.set(place, score + second.get(place));
  return joined;
}

/** All words of the sorted vocabulary that begin so. */
function beginningWith(vocabulary, beginning) {
  let low = 0;
  let high = vocabulary.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (vocabulary[middle] < beginning) low = middle + 1;
    else high = middle;
  }
  const found = [];
  while (low < vocabulary.length && vocabulary[low].startsWith(beginning)) found.push(vocabulary[low++]);
  return found;
}

/** The words with the fewest slips from this one: at most one in 4 to 7 letters, two in longer words. */
function nearest(vocabulary, word, index) {
  let allowed = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  let found = [];
  for (const candidate of vocabulary) {
    const slips = distance(word, candidate, allowed);
    if (slips > allowed) continue;
    if (slips < allowed) {
      allowed = slips;
      found = [];
    }
    found.push(candidate);
  }
  return found.sort((a, b) => index.get(b).size - index.get(a).size).slice(0, 8);
}

/** How many letters are wrong, missing, too many or swapped; more than `limit` is `limit + 1`. */
export function distance(first, second, limit) {
  if (Math.abs(first.length - second.length) > limit) return limit + 1;
  let before = [];
  let above = Array.from({ length: second.length + 1 }, (_, column) => column);
  for (let row = 1; row <= first.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= second.length; column += 1) {
      const same = first[row - 1] === second[column - 1];
      let steps = Math.min(above[column] + 1, current[column - 1] + 1, above[column - 1] + (same ? 0 : 1));
      const swapped = first[row - 1] === second[column - 2] && first[row - 2] === second[column - 1];
      if (row > 1 && column > 1 && swapped) steps = Math.min(steps, before[column - 2] + 1);
      current.push(steps);
      least = Math.min(least, steps);
    }
    if (least > limit) return limit + 1;
    before = above;
    above = current;
  }
  return Math.min(above[second.length], limit + 1);
}

/** Does a dataset pass a filter? It does when it has one of the values, or none is asked for. */
export function passes(dataset, facet, chosen) {
  return !chosen.length || dataset[facet].some((value) => chosen.includes(value));
}

/** How many of the found datasets have each value of a facet, the other facets' filters counted in. */
export function countFacet(datasets, places, facet, filters) {
  const others = Object.entries(filters).filter(([name]) => name !== facet);
  const counts = new Map(filters[facet].map((value) => [value, 0]));
  for (const place of places) {
    const dataset = datasets[place];
    if (!others.every(([name, chosen]) => passes(dataset, name, chosen))) continue;
    for (const value of dataset[facet]) counts.set(value, (counts.get(value) || 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
