/** The bot's modals → dialogs. */

import { el } from "./dom.js";
import { markdown } from "./markdown.js";
import { read } from "./files.js";

/** @typedef {import("./components.js").Payload} Payload */
/** @typedef {{ label: string, value: () => Promise<any> }} Field a value is undefined where nothing was entered */

const PARAGRAPH = 2;
let number = 0;

/**
 * Open a modal.
 * @param {{ title: string, components: Payload[] }} form
 * @param {Record<string, string>} names
 * @param {(values: Payload) => Promise<string | null>} send gives what is wrong with the values, if anything is
 */
export function openForm(form, names, send) {
  /** @type {Field[]} */
  const fields = [];
  const id = `form-${++number}`;
  const back = /** @type {HTMLElement | null} */ (document.activeElement);
  const problem = el("p", { class: "problem", role: "alert" });
  const cancel = el("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel");
  const submit = el("button", { type: "submit", class: "button primary" }, "Submit");
  const parts = form.components.map((one) => part(one, fields, names));
  const box = el(
    "form",
    { method: "dialog" },
    el("h2", { id }, form.title),
    ...parts,
    problem,
    el("div", { class: "row end" }, cancel, submit),
  );
  const dialog = /** @type {HTMLDialogElement} */ (el("dialog", { "aria-labelledby": id }, box));
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    void sendAll(dialog, fields, problem, send);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    back?.isConnected && back.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Field[]} fields
 * @param {HTMLElement} problem
 * @param {(values: Payload) => Promise<string | null>} send
 */
async function sendAll(dialog, fields, problem, send) {
  if (dialog.ariaBusy === "true") return;
  dialog.ariaBusy = "true";
  problem.textContent = "";
  /** @type {Payload} */
  const values = {};
  for (const field of fields) {
    const value = await field.value();
    if (value !== undefined) values[field.label] = value;
  }
  const wrong = await send(values);
  dialog.ariaBusy = "false";
  if (wrong === null) dialog.close();
  else problem.textContent = wrong;
}

/**
 * @param {Payload} one
 * @param {Field[]} fields
 * @param {Record<string, string>} names
 * @returns {HTMLElement}
 */
function part(one, fields, names) {
  if (one.type === 10) return el("div", { class: "text" }, markdown(one.content, names));
  if (one.type === 18) return labelled(one.label, one.description, one.component, fields);
  return labelled(one.components[0].label, null, one.components[0], fields);
}

/**
 * @param {string} label
 * @param {string | null} about
 * @param {Payload} one
 * @param {Field[]} fields
 */
function labelled(label, about, one, fields) {
  const id = `field-${++number}`;
  const { node, value, isGroup } = input(one, id);
  fields.push({ label, value });
  const star =
    one.required !== false && one.type !== 23 ? el("span", { class: "star", title: "required" }, " *") : null;
  const hint = about ? el("small", { id: `${id}-about` }, about) : null;
  if (hint) node.setAttribute("aria-describedby", hint.id);
  if (isGroup) return el("fieldset", { class: "field" }, el("legend", {}, label, star), hint, node);
  return el("div", { class: "field" }, el("label", { for: id }, label, star), hint, node);
}

/**
 * @param {Payload} one
 * @param {string} id
 * @returns {{ node: HTMLElement, value: () => Promise<any>, isGroup?: boolean }}
 */
function input(one, id) {
  if (one.type === 4) return textInput(one, id);
  if (one.type === 19) return fileInput(one, id);
  if (one.type === 23) return checkbox(one, id);
  if (one.type === 21) return group(one, "radio");
  const isMultiple = one.type === 22 || (one.max_values ?? 1) > 1;
  return isMultiple ? group(one, "checkbox") : select(one, id);
}

/**
 * @param {Payload} one
 * @param {string} id
 */
function textInput(one, id) {
  const isLong = one.style === PARAGRAPH;
  const attributes = {
    id,
    required: one.required !== false,
    minlength: one.min_length,
    maxlength: one.max_length ?? 4000,
    placeholder: one.placeholder,
  };
  const node = /** @type {HTMLInputElement} */ (
    el(isLong ? "textarea" : "input", { ...attributes, rows: isLong ? "6" : null, dir: "auto" })
  );
  node.value = one.value ?? "";
  return { node, value: async () => node.value };
}

/**
 * @param {Payload} one
 * @param {string} id
 */
function fileInput(one, id) {
  const isRequired = one.required !== false && (one.min_values ?? 1) > 0;
  const node = /** @type {HTMLInputElement} */ (
    el("input", { id, type: "file", required: isRequired, multiple: (one.max_values ?? 1) > 1 })
  );
  return { node, value: async () => (node.files?.length ? Promise.all([...node.files].map(read)) : undefined) };
}

/**
 * @param {Payload} one
 * @param {string} id
 */
function checkbox(one, id) {
  const node = /** @type {HTMLInputElement} */ (el("input", { id, type: "checkbox", checked: one.default }));
  return { node, value: async () => node.checked };
}

/**
 * @param {Payload} one
 * @param {string} id
 */
function select(one, id) {
  const isRequired = one.required !== false && (one.min_values ?? 1) > 0;
  const options = /** @type {Payload[]} */ (one.options ?? []);
  const none = el("option", { value: "" }, one.placeholder ?? "Make a selection");
  const all = options.map((option) =>
    el("option", { value: chosenBy(one, option), selected: option.default }, option.label),
  );
  const node = /** @type {HTMLSelectElement} */ (el("select", { id, required: isRequired }, none, ...all));
  return { node, value: async () => (node.value ? [node.value] : []) };
}

/**
 * @param {Payload} one
 * @param {"radio" | "checkbox"} kind
 */
function group(one, kind) {
  const name = `group-${++number}`;
  const boxes = /** @type {Payload[]} */ (one.options ?? []).map((option) => {
    const box = el("input", {
      type: kind,
      name,
      value: chosenBy(one, option),
      checked: option.default,
      required: kind === "radio" && one.required !== false,
    });
    return el(
      "label",
      { class: "choice" },
      box,
      " ",
      option.label,
      option.description && el("small", {}, option.description),
    );
  });
  const node = el("div", {}, ...boxes);
  const ticked = () => [...node.querySelectorAll("input")].filter((box) => box.checked).map((box) => box.value);
  return { node, isGroup: true, value: async () => ticked() };
}

/**
 * Options of the bot's own are chosen by their label, people and channels by their number.
 * @param {Payload} one
 * @param {Payload} option
 */
function chosenBy(one, option) {
  return [3, 21, 22].includes(one.type) ? option.label : option.value;
}
