/** Messages → the log. */

import { component, colourOf, file, picture } from "./components.js";
import { byId, el, link } from "./dom.js";
import { markdown } from "./markdown.js";
import { openList } from "./popup.js";

/** @typedef {import("./components.js").Payload} Payload */
/** @typedef {(action: string, details: Payload, source: HTMLElement) => void} Act */

export class Log {
  #box = byId("log");
  /** @type {Record<string, string>} */
  #names = {};
  /** @type {string[]} */
  #apps = [];
  /** @type {Set<string>} */
  #dismissed = new Set();
  #act;

  /** @param {Act} act carries out what somebody does with a message */
  constructor(act) {
    this.#act = act;
    this.#box.addEventListener("keydown", (event) => this.#onKey(event));
    this.#box.addEventListener("contextmenu", (event) => this.#onRightClick(event));
  }

  /**
   * Show another chat.
   * @param {{ names: Record<string, string>, apps: string[], messages: Payload[] }} state
   */
  show({ names, apps, messages }) {
    this.#names = names;
    this.#apps = apps;
    this.#box.replaceChildren(
      ...messages.filter(({ id }) => !this.#dismissed.has(id)).map((one) => this.#article(one)),
    );
    this.#scroll();
  }

  /** @param {Payload} message */
  put(message) {
    if (this.#dismissed.has(message.id)) return;
    const old = this.#find(message.id);
    const drawn = this.#article(message);
    if (old) replaceKeepingFocus(old, drawn);
    else this.#box.append(drawn);
    if (!old || old === this.#box.lastElementChild || drawn === this.#box.lastElementChild) this.#scroll();
  }

  /** @param {string} id */
  drop(id) {
    const old = this.#find(id);
    if (!old) return;
    const hadFocus = old.contains(document.activeElement);
    const next = /** @type {HTMLElement | null} */ (old.previousElementSibling ?? old.nextElementSibling);
    old.remove();
    if (hadFocus) (next ?? byId("line")).focus();
  }

  /**
   * A line that Discord's client itself would write.
   * @param {string} text
   */
  notice(text) {
    const line = el(
      "div",
      { class: "notice", tabindex: "-1" },
      el("span", {}, text),
      this.#dismiss(() => line.remove()),
    );
    this.#box.append(line);
    this.#scroll();
  }

  /** @param {string} id */
  #find(id) {
    return /** @type {HTMLElement | undefined} */ ([...this.#box.children].find((one) => one.id === `message-${id}`));
  }

  #scroll() {
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  /** @param {() => void} onClick */
  #dismiss(onClick) {
    return el("button", { type: "button", class: "dismiss", onclick: onClick }, "Dismiss message");
  }

  /** @param {Payload} message */
  #article(message) {
    const around = {
      names: this.#names,
      act: (/** @type {string} */ action, /** @type {Payload} */ details, /** @type {HTMLElement} */ source) =>
        this.#act(action, { ...details, message: message.id }, source),
    };
    const label = `${message.author.name}, ${clock(message.at)}${message.private ? ", only you can see this" : ""}`;
    const article = el("article", {
      id: `message-${message.id}`,
      class: "message",
      tabindex: "0",
      "aria-label": label,
    });
    if (message.private) article.classList.add("private");
    const body = el("div", { class: "body" }, heading(message), ...content(message, around), this.#footer(message));
    article.append(...[used(message), avatar(message.author), body, this.#more(message)].filter((one) => one !== null));
    return article;
  }

  /** @param {Payload} message */
  #footer(message) {
    if (!message.private) return null;
    const dismiss = this.#dismiss(() => {
      this.#dismissed.add(message.id);
      this.drop(message.id);
    });
    return el("p", { class: "only-you" }, "Only you can see this · ", dismiss);
  }

  /** @param {Payload} message */
  #more(message) {
    if (message.private || !this.#apps.length) return null;
    const opener = el(
      "button",
      {
        type: "button",
        class: "more",
        "aria-label": "Apps for this message",
        title: "Apps",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      },
      "⋯",
    );
    opener.addEventListener("click", () => this.#openApps(message.id, opener));
    return opener;
  }

  /**
   * @param {string} id
   * @param {HTMLElement} opener
   * @param {{ x: number, y: number }} [point]
   */
  #openApps(id, opener, point) {
    const items = this.#apps.map((name) => ({ label: name, value: name }));
    const onChoose = (/** @type {string[]} */ [name]) => this.#act("apps", { message: id, name }, opener);
    openList(opener, { label: "Apps", role: "menu", items, onChoose }, point);
  }

  /** @param {MouseEvent} event */
  #onRightClick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const article = /** @type {HTMLElement | null} */ (target.closest(".message"));
    const opener = /** @type {HTMLElement | null | undefined} */ (article?.querySelector(".more"));
    if (!article || !opener || target.closest("a, img")) return;
    event.preventDefault();
    const isByKey = event.clientX === 0 && event.clientY === 0;
    this.#openApps(
      article.id.replace("message-", ""),
      opener,
      isByKey ? undefined : { x: event.clientX, y: event.clientY },
    );
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const article = /** @type {HTMLElement} */ (event.target);
    if (!article.matches(".message")) return;
    const next = { ArrowDown: article.nextElementSibling, ArrowUp: article.previousElementSibling }[event.key];
    if (next) {
      event.preventDefault();
      /** @type {HTMLElement} */ (next).focus();
    } else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (article.querySelector(".more"))?.click();
    }
  }
}

/**
 * @param {HTMLElement} old
 * @param {HTMLElement} drawn
 */
function replaceKeepingFocus(old, drawn) {
  const focused = /** @type {HTMLElement | null} */ (
    old.contains(document.activeElement) ? document.activeElement : null
  );
  const id = focused?.dataset.id;
  old.replaceWith(drawn);
  if (!focused) return;
  const same = id
    ? /** @type {HTMLElement | null} */ (drawn.querySelector(`[data-id="${Number(id)}"]:not(:disabled)`))
    : null;
  (same ?? drawn).focus();
}

/** @param {Payload} message */
function used(message) {
  if (!message.used) return null;
  const command = el("span", { class: "command" }, message.used.command);
  return el(
    "p",
    { class: "used" },
    el("span", { "aria-hidden": "true" }, "╭╴"),
    el("bdi", {}, message.used.by),
    " used ",
    command,
  );
}

/** @param {{ name: string, is_app: boolean }} author */
function avatar(author) {
  return el(
    "div",
    { class: `avatar ${author.is_app ? "app" : ""}`, "aria-hidden": "true" },
    [...author.name][0] ?? "?",
  );
}

/** @param {Payload} message */
function heading(message) {
  const date = new Date(message.at);
  const full = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short" }).format(date);
  const tag = message.author.is_app ? el("span", { class: "tag" }, "APP") : null;
  const time = el("time", { datetime: date.toISOString(), title: full }, clock(message.at));
  return el("div", { class: "author" }, el("bdi", { class: "name" }, message.author.name), tag, time);
}

/** @param {string} at */
function clock(at) {
  return new Intl.DateTimeFormat("en", { timeStyle: "short" }).format(new Date(at));
}

/**
 * @param {Payload} message
 * @param {import("./components.js").Surroundings} around
 * @returns {Node[]}
 */
function content(message, around) {
  if (message.loading) return [thinking()];
  const edited = message.edited ? el("small", { class: "edited" }, "(edited)") : null;
  const text = message.content
    ? [el("div", { class: "text", dir: "auto" }, markdown(message.content, around.names))]
    : [];
  const embeds = message.embeds.map((/** @type {Payload} */ one) => embed(one, around.names));
  const components = message.components.map((/** @type {Payload} */ one) => component(one, around));
  const parts = [...text, ...embeds, ...components, ...message.attachments.map(attachment)];
  return edited ? [...parts, edited] : parts;
}

function thinking() {
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  return el("div", { class: "thinking" }, dots, "Receipts is thinking…");
}

/** @param {Payload} one */
function attachment(one) {
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(one.content_type ?? "");
  return isPicture ? picture(one, one.description ?? one.filename, "picture") : file(one.url, one.filename, one.size);
}

/**
 * @param {Payload} one
 * @param {Record<string, string>} names
 */
function embed(one, names) {
  const title = one.title ? el("h5", { class: "title" }, one.url ? link(one.url, {}, one.title) : one.title) : null;
  const box = el(
    "div",
    { class: "embed", dir: "auto" },
    one.author &&
      el("p", { class: "by" }, one.author.url ? link(one.author.url, {}, one.author.name) : one.author.name),
    title,
    one.description && el("div", { class: "text" }, markdown(one.description, names)),
    one.fields?.length && el("dl", {}, ...one.fields.map((/** @type {Payload} */ field) => embedField(field, names))),
    one.image && picture(one.image, "", "picture"),
    one.thumbnail && picture(one.thumbnail, "", "thumbnail"),
    one.footer && el("p", { class: "subtext" }, one.footer.text),
  );
  const colour = colourOf(one.color);
  if (colour) box.style.borderInlineStartColor = colour;
  return box;
}

/**
 * @param {Payload} field
 * @param {Record<string, string>} names
 */
function embedField(field, names) {
  const value = el("dd", {}, markdown(field.value, names));
  return el("div", { class: field.inline ? "inline" : null }, el("dt", {}, field.name), value);
}
