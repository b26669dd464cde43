/** Discord's message components → elements. The numbers are Discord's own. */

import { el, link, plain, webAddress } from "./dom.js";
import { markdown, spoiler } from "./markdown.js";
import { openList } from "./popup.js";

/** @typedef {Record<string, any>} Payload */
/**
 * @typedef {object} Surroundings
 * @property {Record<string, string>} names what mentions are called
 * @property {(action: string, details: Payload, source: HTMLElement) => void} act carries out what somebody does
 */

const BUTTON_STYLES = ["", "primary", "secondary", "success", "danger", "secondary"];
const LINK_STYLE = 5;

/** @type {Record<number, (component: Payload, around: Surroundings) => HTMLElement>} */
const DRAWN = {
  1: row,
  2: button,
  3: menu,
  5: menu,
  6: menu,
  7: menu,
  8: menu,
  9: section,
  10: (component, around) => el("div", { class: "text", dir: "auto" }, markdown(component.content, around.names)),
  11: thumbnail,
  12: gallery,
  13: (component) => covered(component, file(component.file.url, component.name, component.size)),
  14: separator,
  17: container,
};

/**
 * @param {Payload} component
 * @param {Surroundings} around
 * @returns {HTMLElement}
 */
export function component(component, around) {
  const draw = DRAWN[component.type];
  return draw ? draw(component, around) : el("p", { class: "notice" }, `A component of type ${component.type}`);
}

/**
 * @param {number | null | undefined} colour
 * @returns {string | null} as CSS writes it
 */
export function colourOf(colour) {
  return typeof colour === "number" ? `#${colour.toString(16).padStart(6, "0")}` : null;
}

/** @type {typeof component} */
function container(one, around) {
  const box = el(
    "div",
    { class: "container" },
    ...one.components.map((/** @type {Payload} */ child) => component(child, around)),
  );
  const colour = colourOf(one.accent_color);
  if (colour) box.style.borderInlineStartColor = colour;
  return covered(one, box);
}

/** @type {typeof component} */
function row(one, around) {
  return el("div", { class: "row" }, ...one.components.map((/** @type {Payload} */ child) => component(child, around)));
}

/** @type {typeof component} */
function section(one, around) {
  const texts = el(
    "div",
    { class: "texts" },
    ...one.components.map((/** @type {Payload} */ child) => component(child, around)),
  );
  return el("div", { class: "section" }, texts, component(one.accessory, around));
}

/** @type {typeof component} */
function separator(one) {
  const space = one.spacing === 2 ? "wide" : null;
  return one.divider === false ? el("div", { class: `space ${space ?? ""}` }) : el("hr", { class: space });
}

/** @type {typeof component} */
function button(one, around) {
  const label = [one.emoji?.name, one.label].filter(Boolean).join(" ") || "Button";
  if (one.style === LINK_STYLE) return linkButton(one, label);
  const pressed = el("button", { type: "button", "data-id": one.id, disabled: one.disabled }, label);
  pressed.className = `button ${BUTTON_STYLES[one.style] || "secondary"}`;
  pressed.addEventListener("click", () => around.act("press", { component: one.id }, pressed));
  return pressed;
}

/**
 * @param {Payload} one
 * @param {string} label
 */
function linkButton(one, label) {
  const mark = el("span", { "aria-hidden": "true" }, "↗");
  if (one.disabled || webAddress(one.url) === null) {
    return el("span", { class: "button secondary off", "aria-disabled": "true" }, label, mark);
  }
  return link(one.url, { class: "button secondary" }, label, mark);
}

/** @type {typeof component} */
function menu(one, around) {
  const options = /** @type {Payload[]} */ (one.options ?? []);
  const standing = options.filter((option) => option.default).map((option) => option.label);
  const shown = standing.join(", ") || one.placeholder || "Make a selection";
  const mark = el("span", { "aria-hidden": "true" }, "▾");
  const opener = el(
    "button",
    { type: "button", "data-id": one.id, disabled: one.disabled, "aria-haspopup": "listbox", "aria-expanded": "false" },
    el("span", {}, shown),
    mark,
  );
  opener.className = "menu";
  opener.addEventListener("click", () => openList(opener, choicesOf(one, options, opener, around)));
  return opener;
}

/**
 * @param {Payload} one
 * @param {Payload[]} options
 * @param {HTMLElement} opener
 * @param {Surroundings} around
 * @returns {import("./popup.js").Listing}
 */
function choicesOf(one, options, opener, around) {
  // Options of the bot's own are chosen by their label, people and channels by their number.
  const valueOf = (/** @type {Payload} */ option) => (one.type === 3 ? option.label : option.value);
  return {
    label: one.placeholder || "Options",
    role: "listbox",
    least: one.min_values,
    most: one.max_values,
    items: options.map((option) => ({
      label: [option.emoji?.name, option.label].filter(Boolean).join(" "),
      about: option.description,
      value: valueOf(option),
      isOn: option.default,
    })),
    onChoose: (choices) => around.act("choose", { component: one.id, choices }, opener),
  };
}

/** @type {typeof component} */
function thumbnail(one) {
  return covered(one, picture(one.media, one.description, "thumbnail"));
}

/** @type {typeof component} */
function gallery(one) {
  const items = /** @type {Payload[]} */ (one.items);
  const shown = items.map((item) => covered(item, picture(item.media, item.description, "picture")));
  return el("div", { class: `gallery ${items.length > 1 ? "many" : ""}` }, ...shown);
}

/**
 * A picture of the chat itself. One from elsewhere is not fetched, so that looking at a card tells nobody anything.
 * @param {Payload} media
 * @param {string | null | undefined} description
 * @param {string} kind
 * @returns {HTMLElement}
 */
export function picture(media, description, kind) {
  const isOurs = isKept(media.url);
  if (isOurs) return el("img", { class: kind, src: media.url, alt: description ?? "", title: description });
  const label = el("span", {}, description || "A picture on the web");
  return el(
    "figure",
    { class: `${kind} absent`, role: "img", "aria-label": description || "A picture on the web" },
    label,
    link(media.url, {}, "open it"),
  );
}

/**
 * @param {string} address
 * @returns {boolean} whether it is of a file that this program serves
 */
function isKept(address) {
  return /^attachments\/\d+\/[^/]*$/.test(address);
}

/**
 * @param {string} address
 * @param {string | null} name
 * @param {number | null} size
 * @returns {HTMLElement}
 */
export function file(address, name, size) {
  const label = plain(name || "A file");
  const named = isKept(address) ? el("a", { href: address, download: label }, label) : link(address, {}, label);
  const bytes = size ? el("small", {}, sizeOf(size)) : null;
  return el(
    "div",
    { class: "file" },
    el("span", { class: "sheet", "aria-hidden": "true" }),
    el("div", {}, named, bytes),
  );
}

/** @param {number} size */
function sizeOf(size) {
  const steps = ["bytes", "KB", "MB"];
  const step = Math.min(2, Math.floor(Math.log10(size) / 3));
  return `${(size / 1000 ** step).toLocaleString("en", { maximumFractionDigits: step })} ${steps[step]}`;
}

/**
 * @param {Payload} one
 * @param {HTMLElement} shown
 */
function covered(one, shown) {
  if (!one.spoiler) return shown;
  const cover = spoiler(shown);
  cover.classList.add("whole");
  return cover;
}
