/** Making elements. Whatever comes from messages becomes text nodes or plain attributes, never markup. */

/** Characters that command or reorder: they are named, not obeyed. */
const COMMANDING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @param {string} text
 * @returns {string} the text without characters that command or reorder, for attributes
 */
export function plain(text) {
  return text.replace(COMMANDING, "");
}

/**
 * @param {string} text
 * @returns {DocumentFragment} the text, with a visible mark for every character that commands or reorders
 */
export function words(text) {
  const out = document.createDocumentFragment();
  let position = 0;
  for (const match of text.matchAll(COMMANDING)) {
    out.append(text.slice(position, match.index), control(match[0]));
    position = match.index + 1;
  }
  out.append(text.slice(position));
  return out;
}

/** @param {string} character */
function control(character) {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const mark = document.createElement("span");
  mark.className = "control";
  mark.title = `A character that commands or reorders text: U+${code}`;
  mark.textContent = `U+${code}`;
  return mark;
}

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] those that begin with "on" are listeners; false and null are left out
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) give(node, name, value);
  for (const child of children) {
    if (child) node.append(typeof child === "string" ? words(child) : child);
  }
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {string} name
 * @param {unknown} value
 */
function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  else node.setAttribute(name, value === true ? "" : plain(String(value)));
}

/**
 * @param {string} address
 * @returns {string | null} the address where it leads to the web, and nowhere else
 */
export function webAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} address
 * @param {Record<string, unknown>} attributes
 * @param {...Child} children
 * @returns {HTMLElement} a link to the web that tells nothing of this page; only its words where it leads elsewhere
 */
export function link(address, attributes, ...children) {
  const href = webAddress(address);
  if (href === null) return el("span", {}, ...children);
  return el("a", { ...attributes, href, target: "_blank", rel: "noopener noreferrer", title: address }, ...children);
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T} an element that the page begins with
 */
export function byId(id) {
  return /** @type {T} */ (document.getElementById(id));
}
