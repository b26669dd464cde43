/** Discord's markdown → nodes. https://support.discord.com/hc/en-us/articles/210298617 */

import { el, link, words } from "./dom.js";

/** @typedef {Record<string, string>} Names what mentions are called, by what stands between their brackets */
/** @typedef {{ names: Names, depth: number }} Context */

const DEEPEST = 12;
const FENCE = /```(?:([a-z0-9_+.-]+)\n)?\n*([\s\S]+?)\n*```/gi;
const LIST_ITEM = /^( *)([-*]|\d{1,9}\.) +(.+)$/;

/**
 * @param {string} text
 * @param {Names} names
 * @returns {DocumentFragment}
 */
export function markdown(text, names) {
  return blocks(text, { names, depth: 0 });
}

/**
 * @param {string} text
 * @param {Context} context
 */
function blocks(text, context) {
  const out = document.createDocumentFragment();
  let position = 0;
  for (const match of text.matchAll(FENCE)) {
    out.append(lines(text.slice(position, match.index).replace(/\n$/, ""), context));
    out.append(el("pre", {}, el("code", {}, match[2])));
    position = match.index + match[0].length;
    if (text[position] === "\n") position += 1;
  }
  out.append(lines(text.slice(position), context));
  return out;
}

/**
 * @param {string} text
 * @param {Context} context
 */
function lines(text, context) {
  const out = document.createDocumentFragment();
  if (!text) return out;
  const rest = text.split("\n");
  while (rest.length) out.append(block(rest, context));
  return out;
}

/**
 * The block that the first lines make; they are taken away.
 * @param {string[]} rest
 * @param {Context} context
 * @returns {Node}
 */
function block(rest, context) {
  const line = rest[0];
  const heading = /^(#{1,3}) +(.+)$/.exec(line);
  const small = /^-# +(.+)$/.exec(line);
  if (line.startsWith(">>> ")) return quote([rest.splice(0).join("\n").slice(4)], context);
  if (/^> /.test(line) || line === ">")
    return quote(
      leading(rest, (one) => /^>( |$)/.test(one)),
      context,
    );
  if (heading) return taken(rest, el(`h${heading[1].length + 2}`, {}, inline(heading[2], context)));
  if (small) return taken(rest, el("small", { class: "subtext" }, inline(small[1], context)));
  if (LIST_ITEM.test(line))
    return list(
      leading(rest, (one) => kindOfItem(one) === kindOfItem(line)),
      context,
    );
  return el("div", { class: "line" }, line ? inline(rest.shift() ?? "", context) : taken(rest, el("br")));
}

/**
 * @param {string[]} rest
 * @param {Node} node
 */
function taken(rest, node) {
  rest.shift();
  return node;
}

/**
 * @param {string[]} rest
 * @param {(line: string) => boolean} holds
 * @returns {string[]} the first lines of which it holds; they are taken away
 */
function leading(rest, holds) {
  const end = rest.findIndex((line) => !holds(line));
  return rest.splice(0, end < 0 ? rest.length : end);
}

/**
 * @param {string[]} quoted
 * @param {Context} context
 */
function quote(quoted, context) {
  const text = quoted.map((line) => line.replace(/^> ?/, "")).join("\n");
  const inner = context.depth < DEEPEST ? blocks(text, { ...context, depth: context.depth + 1 }) : words(text);
  return el("blockquote", {}, inner);
}

/**
 * @param {string[]} items
 * @param {Context} context
 */
function list(items, context) {
  const isNumbered = kindOfItem(items[0]) === "numbered";
  const start = isNumbered ? Number.parseInt(items[0], 10) : null;
  return el(isNumbered ? "ol" : "ul", { start }, ...items.map((item) => listItem(item, context)));
}

/**
 * @param {string} line
 * @returns {"numbered" | "dotted" | null}
 */
function kindOfItem(line) {
  const item = LIST_ITEM.exec(line);
  if (!item) return null;
  return /\d/.test(item[2]) ? "numbered" : "dotted";
}

/**
 * @param {string} item
 * @param {Context} context
 */
function listItem(item, context) {
  const [, indent, , text] = /** @type {RegExpExecArray} */ (LIST_ITEM.exec(item));
  return el("li", { class: indent.length > 1 ? "nested" : null }, inline(text, context));
}

/** @typedef {(match: RegExpExecArray, context: Context) => Node} Draw */

/** @type {[RegExp, Draw][]} what a stretch of a line can begin with; the first that fits is drawn */
const SPANS = [
  [/\\([^A-Za-z0-9\s])/y, (m) => words(m[1])],
  [/(`+)([^`](?:[^`]|(?!\1)`)*?)\1(?!`)/y, (m) => el("code", {}, m[2])],
  [/<(https?:\/\/[^\s<>]+)>/y, (m) => link(m[1], {}, m[1])],
  [/https?:\/\/[^\s<]*[^\s<.,:;"'\])]/y, (m) => link(m[0], {}, m[0])],
  [/\[((?:\\.|[^[\]\\])+)\]\(<?(https?:\/\/(?:[^\s()<>]|\([^\s()]*\))+)>?(?: +"[^"\n]*")?\)/y, masked],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, moment],
  [/<(@[!&]?|#)(\d{1,20})>/y, mention],
  [/<\/([^:<>\n]+):\d{1,20}>/y, (m) => el("span", { class: "mention" }, `/${m[1]}`)],
  [/<a?(:\w{2,32}:)\d{1,20}>/y, (m) => words(m[1])],
  [/@(?:everyone|here)\b/y, (m) => el("span", { class: "mention" }, m[0])],
  [/\|\|((?:\\.|[^\\])+?)\|\|/sy, (m, context) => spoiler(inline(m[1], context))],
  [/\*\*((?:\\.|[^\\])+?)\*\*(?!\*)/sy, (m, context) => el("strong", {}, inline(m[1], context))],
  [/__((?:\\.|[^\\])+?)__(?!_)/sy, (m, context) => el("u", {}, inline(m[1], context))],
  [/~~((?:\\.|[^\\])+?)~~/sy, (m, context) => el("s", {}, inline(m[1], context))],
  [/\*(?=\S)((?:\\.|\*\*|[^*\\])+?)\*(?!\*)/sy, (m, context) => el("em", {}, inline(m[1], context))],
  [/(?<!\w)_((?:\\.|__|[^_\\])+?)_(?!\w)/sy, (m, context) => el("em", {}, inline(m[1], context))],
];

const PLAIN = /[^\\`<h[@|*_~]+|[^]/y;

/**
 * @param {string} text
 * @param {Context} context
 * @returns {DocumentFragment}
 */
function inline(text, context) {
  const out = document.createDocumentFragment();
  const deeper = { ...context, depth: context.depth + 1 };
  let position = 0;
  let unread = "";
  while (position < text.length) {
    const found = context.depth < DEEPEST ? spanAt(text, position) : null;
    if (found) {
      out.append(words(unread), found[1](found[0], deeper));
      unread = "";
      position += found[0][0].length;
    } else {
      PLAIN.lastIndex = position;
      const stretch = PLAIN.exec(text)?.[0] ?? "";
      unread += stretch;
      position += stretch.length;
    }
  }
  out.append(words(unread));
  return out;
}

/**
 * @param {string} text
 * @param {number} position
 * @returns {[RegExpExecArray, Draw] | null}
 */
function spanAt(text, position) {
  for (const [pattern, draw] of SPANS) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) return [match, draw];
  }
  return null;
}

/** @type {Draw} a label that looks like an address is not made a link to another one */
function masked(match, context) {
  if (/https?:\/\//i.test(match[1])) return words(match[0]);
  return link(match[2], {}, inline(match[1], context));
}

/** @type {Draw} */
function mention(match, context) {
  const key = match[1].replace("!", "") + match[2];
  return el("span", { class: "mention" }, context.names[key] ?? (match[1] === "#" ? "#unknown" : "@unknown"));
}

/**
 * @param {Node} hidden
 * @returns {HTMLElement} something that is shown when it is clicked
 */
export function spoiler(hidden) {
  const inner = el("span", { class: "behind", "aria-hidden": "true", inert: true }, hidden);
  const cover = el(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler: show it" },
    inner,
  );
  const open = () => {
    inner.removeAttribute("aria-hidden");
    inner.removeAttribute("inert");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    cover.classList.add("open");
  };
  cover.addEventListener("click", open, { once: true });
  cover.addEventListener("keydown", (event) => {
    if (["Enter", " "].includes(event.key) && cover.hasAttribute("role")) {
      event.preventDefault();
      open();
    }
  });
  return cover;
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const MOMENTS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** @type {Draw} */
function moment(match) {
  const date = new Date(Number(match[1]) * 1000);
  if (Number.isNaN(date.getTime())) return words(match[0]);
  const full = new Intl.DateTimeFormat("en", MOMENTS.F).format(date);
  const shown =
    match[2] === "R" ? relative(date) : new Intl.DateTimeFormat("en", MOMENTS[match[2] ?? "f"]).format(date);
  return el("time", { datetime: date.toISOString(), title: full }, shown);
}

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31557600],
  ["month", 2629800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** @param {Date} date */
function relative(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
