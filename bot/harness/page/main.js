/** The page: somebody before a chat, live over one connection. */

import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { openForm } from "./forms.js";
import { Log } from "./messages.js";
import { Connection } from "./socket.js";
import { startTheme } from "./theme.js";

/** @typedef {import("./components.js").Payload} Payload */

/** @type {Record<string, string>} */
const PLACES = { server: "#general", direct: "@Receipts", elsewhere: "#general of another server" };

class Page {
  /** @type {Record<string, string>} */
  #names = {};
  #log = new Log((action, details, source) => void this.#act(action, details, source));
  #connection = new Connection(
    (told) => this.#hear(told),
    () => this.#end(),
  );
  #composer = new Composer(
    async (text) => (await this.#connection.ask("complete", { text })).suggestions ?? [],
    (text, files) => void this.#act("type", { text, files }, byId("line")),
  );
  #places = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button.place")]);
  #roles = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=role]")]);

  async start() {
    for (const place of this.#places)
      place.addEventListener("click", () => void this.#sit({ place: place.dataset.place }));
    for (const role of this.#roles) role.addEventListener("change", () => void this.#sit({ role: role.value }));
    await this.#connection.opened;
    const [role, place, locale] = location.hash.slice(1).split("/");
    await this.#sit({ role: role || null, place: place || null, locale: locale || null });
    byId("line").focus();
    document.documentElement.dataset.ready = "yes";
  }

  /**
   * Be somebody, somewhere, who speaks some language.
   * @param {{ role?: string | null, place?: string | null, locale?: string | null }} wanted
   */
  async #sit(wanted) {
    let state = await this.#connection.ask("sit", wanted);
    if (state.error) state = await this.#connection.ask("sit");
    if (state.error) return this.#log.notice(state.error);
    this.#names = state.names;
    history.replaceState(null, "", `#${state.role}/${state.place}/${state.locale}`);
    for (const place of this.#places) this.#mark(place, place.dataset.place === state.place);
    for (const role of this.#roles) role.checked = role.value === state.role;
    byId("where").textContent = PLACES[state.place];
    this.#composer.address(PLACES[state.place]);
    this.#composer.reset();
    this.#log.show(/** @type {any} */ (state));
  }

  /**
   * @param {HTMLElement} place
   * @param {boolean} isHere
   */
  #mark(place, isHere) {
    if (!isHere) return place.removeAttribute("aria-current");
    place.setAttribute("aria-current", "true");
    place.classList.remove("unread");
  }

  /** @param {Payload} told */
  #hear(told) {
    if (told.tell === "unread") this.#places.find((one) => one.dataset.place === told.place)?.classList.add("unread");
    else if (told.tell === "deleted") this.#log.drop(told.message.id);
    else this.#log.put(told.message);
  }

  /**
   * Have something done, and show what comes of it.
   * @param {string} action
   * @param {Payload} details
   * @param {HTMLElement} source
   */
  async #act(action, details, source) {
    if (source.ariaBusy === "true" && action !== "type") return;
    source.ariaBusy = "true";
    const answer = await this.#connection.ask(action, details);
    source.ariaBusy = null;
    if (answer.form) openForm(answer.form, this.#names, (values) => this.#submit(values));
    else if (answer.error) this.#log.notice(answer.error);
  }

  /**
   * @param {Payload} values
   * @returns {Promise<string | null>} what is wrong with them
   */
  async #submit(values) {
    const answer = await this.#connection.ask("submit", { values });
    if (!answer.error) return null;
    if (!answer.is_silent) return answer.error;
    this.#log.notice(answer.error);
    return null;
  }

  #end() {
    byId("status").textContent = "The program has ended. Start it again and open the address that it prints.";
  }
}

startTheme();
void new Page().start();
