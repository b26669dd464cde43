/** The box at the bottom: messages, and commands that complete while they are typed. */

import { byId, el } from "./dom.js";
import { read } from "./files.js";

/**
 * @typedef {object} Suggestion
 * @property {string} text
 * @property {number} replaces how many characters before the end it stands in the place of
 * @property {string} label
 * @property {string} about
 * @property {boolean} is_command whether it is the name of a command, or of a part of one
 * @property {boolean} is_required
 * @property {boolean} wants_file
 */

export class Composer {
  #line = /** @type {HTMLTextAreaElement} */ (byId("line"));
  #list = byId("suggestions");
  #chips = byId("files");
  #complete;
  #send;
  /** @type {Suggestion[]} */
  #suggestions = [];
  #active = -1;
  #asked = 0;
  /** @type {File[]} */
  #files = [];

  /**
   * @param {(text: string) => Promise<Suggestion[]>} complete
   * @param {(text: string, files: { name: string, content: string }[]) => void} send
   */
  constructor(complete, send) {
    this.#complete = complete;
    this.#send = send;
    this.#line.addEventListener("input", () => this.#changed());
    this.#line.addEventListener("keydown", (event) => this.#onKey(event));
    this.#line.addEventListener("blur", () => this.reset());
    byId("composer").addEventListener("submit", (event) => this.#submit(event));
  }

  /** @param {string} place */
  address(place) {
    this.#line.placeholder = `Message ${place}`;
  }

  /** Throw away what is suggested, and what is still to come. */
  reset() {
    this.#asked += 1;
    this.#offer([]);
  }

  async #changed() {
    this.#line.rows = Math.min(8, this.#line.value.split("\n").length);
    const number = ++this.#asked;
    const text = this.#line.value;
    const found = text.startsWith("/") ? await this.#complete(text) : [];
    if (number === this.#asked) this.#offer(found);
  }

  /** @param {Suggestion[]} suggestions */
  #offer(suggestions) {
    this.#suggestions = suggestions;
    this.#list.replaceChildren(...suggestions.map((one, at) => this.#option(one, at)));
    this.#list.hidden = !suggestions.length;
    this.#line.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.#activate(suggestions.length && isObvious(suggestions[0]) ? 0 : -1);
  }

  /**
   * @param {Suggestion} one
   * @param {number} at
   */
  #option(one, at) {
    const label = el("span", { class: "label" }, one.is_command ? `/${one.label}` : one.label);
    const option = el(
      "li",
      { id: `suggestion-${at}`, role: "option", "aria-selected": "false" },
      label,
      one.about && el("small", {}, one.about),
    );
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => void this.#accept(at));
    return option;
  }

  /** @param {number} at */
  #activate(at) {
    this.#active = at;
    for (const [number, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) option.scrollIntoView({ block: "nearest" });
    }
    if (at >= 0) this.#line.setAttribute("aria-activedescendant", `suggestion-${at}`);
    else this.#line.removeAttribute("aria-activedescendant");
  }

  /** @param {number} at */
  async #accept(at) {
    const one = this.#suggestions[at];
    if (one.wants_file) return this.#chooseFile(one);
    this.#replace(one, one.text);
    await this.#changed();
    const next = this.#suggestions[0];
    if (next?.is_required && next.replaces === 0) {
      this.#replace(next, next.text);
      await this.#changed();
    }
  }

  /**
   * @param {Suggestion} one
   * @param {string} text
   */
  #replace(one, text) {
    const value = this.#line.value;
    const kept = value.slice(0, value.length - one.replaces);
    this.#line.value = kept.endsWith(":") ? `${kept} ${text}` : kept + text;
    this.#line.focus();
  }

  /** @param {Suggestion} one */
  #chooseFile(one) {
    const chooser = /** @type {HTMLInputElement} */ (el("input", { type: "file", hidden: true, id: "chooser" }));
    chooser.addEventListener("change", () => {
      const file = chooser.files?.[0];
      chooser.remove();
      if (!file) return;
      this.#files.push(file);
      this.#showFiles();
      this.#replace(one, `${file.name} `);
      void this.#changed();
    });
    chooser.addEventListener("cancel", () => chooser.remove());
    byId("composer").append(chooser);
    chooser.click();
  }

  #showFiles() {
    this.#chips.replaceChildren(...this.#files.map((file) => el("span", { class: "chip" }, file.name)));
    this.#chips.hidden = !this.#files.length;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const size = this.#suggestions.length;
    if (size && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#activate((Math.max(this.#active, step < 0 ? 0 : -1) + step + size) % size);
    } else if (size && ((event.key === "Enter" && this.#active >= 0) || (event.key === "Tab" && !event.shiftKey))) {
      event.preventDefault();
      void this.#accept(Math.max(this.#active, 0));
    } else if (event.key === "Escape") {
      this.reset();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      this.#submit(event);
    }
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const text = this.#line.value.trim();
    if (!text) return;
    const files = this.#files;
    this.#line.value = "";
    this.#files = [];
    this.#showFiles();
    this.#line.focus();
    void this.#changed();
    this.#send(text, await Promise.all(files.map(read)));
  }
}

/**
 * @param {Suggestion} first
 * @returns {boolean} whether Enter means it; the end of a claim may look like the name of an option
 */
function isObvious(first) {
  const isOption = first.text.endsWith(": ");
  return first.is_command || first.wants_file || (isOption ? first.is_required : first.replaces > 0);
}
