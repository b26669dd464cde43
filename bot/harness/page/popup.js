/** Lists that open beside something: what can be done with a message, and what a menu of the bot offers. */

import { el } from "./dom.js";

/** @typedef {{ label: string, about?: string, value: string, isOn?: boolean }} Item */
/**
 * @typedef {object} Listing
 * @property {string} label what the list is called
 * @property {Item[]} items
 * @property {"menu" | "listbox"} role
 * @property {number} [least] how many are chosen at least; with `most` above 1 several are ticked and then sent
 * @property {number} [most]
 * @property {(values: string[]) => void} onChoose
 */

/**
 * Open a list beside an element, or at a point; the focus goes there, and back when it closes.
 * @param {HTMLElement} anchor
 * @param {Listing} listing
 * @param {{ x: number, y: number }} [point]
 */
export function openList(anchor, listing, point) {
  const list = new Popup(anchor, listing);
  list.show(point);
}

class Popup {
  #anchor;
  #listing;
  #chosen;
  #closed = new AbortController();
  #box;
  /** @type {HTMLElement[]} */
  #options;

  /**
   * @param {HTMLElement} anchor
   * @param {Listing} listing
   */
  constructor(anchor, listing) {
    this.#anchor = anchor;
    this.#listing = listing;
    this.#chosen = new Set(listing.items.filter((item) => item.isOn).map((item) => item.value));
    this.#options = listing.items.map((item) => this.#option(item));
    const list = el("div", {
      role: listing.role,
      "aria-label": listing.label,
      "aria-multiselectable": this.#isMultiple || null,
    });
    list.append(...this.#options);
    this.#box = el("div", { class: "popup", popover: "manual" }, list, this.#isMultiple && this.#done());
    this.#box.addEventListener("keydown", (event) => this.#onKey(event));
    this.#box.addEventListener("focusout", (event) => this.#onFocusOut(/** @type {FocusEvent} */ (event)));
  }

  get #isMultiple() {
    return (this.#listing.most ?? 1) > 1;
  }

  /** @param {{ x: number, y: number }} [point] */
  show(point) {
    document.body.append(this.#box);
    this.#anchor.setAttribute("aria-expanded", "true");
    this.#box.showPopover();
    this.#place(point);
    // A popover that closes by itself would do so when the right button that opened it is let go.
    document.addEventListener("pointerdown", (event) => this.#onPointer(event), { signal: this.#closed.signal });
    const first = this.#options.find((option) => option.getAttribute("aria-selected") === "true") ?? this.#options[0];
    first?.focus();
  }

  /** @param {{ x: number, y: number }} [point] */
  #place(point) {
    const near = this.#anchor.getBoundingClientRect();
    const own = this.#box.getBoundingClientRect();
    const x = point?.x ?? near.left;
    const below = point?.y ?? near.bottom + 4;
    const y = below + own.height > innerHeight - 8 ? (point?.y ?? near.top) - own.height - 4 : below;
    this.#box.style.left = `${Math.max(8, Math.min(x, innerWidth - own.width - 8))}px`;
    this.#box.style.top = `${Math.max(8, y)}px`;
  }

  /** @param {Item} item */
  #option(item) {
    const isMenu = this.#listing.role === "menu";
    const attributes = isMenu
      ? { role: "menuitem", tabindex: "-1" }
      : { role: "option", tabindex: "-1", "aria-selected": String(this.#chosen.has(item.value)) };
    const about = item.about ? el("small", {}, item.about) : null;
    const option = el("div", { ...attributes, class: "option" }, el("span", {}, item.label), about);
    option.addEventListener("click", () => this.#pick(item, option));
    return option;
  }

  /**
   * @param {Item} item
   * @param {HTMLElement} option
   */
  #pick(item, option) {
    if (!this.#isMultiple) return this.#choose([item.value]);
    if (!this.#chosen.delete(item.value)) this.#chosen.add(item.value);
    option.setAttribute("aria-selected", String(this.#chosen.has(item.value)));
  }

  #done() {
    const send = () => this.#choose(this.#listing.items.map((one) => one.value).filter((one) => this.#chosen.has(one)));
    return el("button", { type: "button", class: "button primary", onclick: send }, "Choose");
  }

  /** @param {string[]} values */
  #choose(values) {
    this.#close();
    this.#listing.onChoose(values);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const at = this.#options.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#options.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#options.at(to % this.#options.length)?.focus();
    } else if (at >= 0 && ["Enter", " "].includes(event.key)) {
      event.preventDefault();
      this.#options[at].click();
    } else if (event.key === "Escape" || (event.key === "Tab" && !this.#isMultiple)) {
      event.preventDefault();
      this.#close();
    }
  }

  /** @param {PointerEvent} event */
  #onPointer(event) {
    if (!this.#box.contains(/** @type {Node} */ (event.target))) this.#close();
  }

  /** @param {FocusEvent} event */
  #onFocusOut(event) {
    const next = /** @type {Node | null} */ (event.relatedTarget);
    if (next && !this.#box.contains(next)) this.#close();
  }

  #close() {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    const hadFocus = this.#box.contains(document.activeElement);
    this.#anchor.setAttribute("aria-expanded", "false");
    this.#box.remove();
    if (hadFocus) this.#anchor.focus();
  }
}
