/** Dark or light: what the system prefers, until somebody says otherwise. */

import { byId } from "./dom.js";

const LIGHT = matchMedia("(prefers-color-scheme: light)");

/** Make the button that changes it work. */
export function startTheme() {
  const button = byId("theme");
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isLight() ? "dark" : "light";
    name(button);
  });
  LIGHT.addEventListener("change", () => name(button));
  name(button);
}

function isLight() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "light" : LIGHT.matches;
}

/** @param {HTMLElement} button */
function name(button) {
  button.textContent = isLight() ? "☾ Dark" : "☀ Light";
  button.setAttribute("aria-label", isLight() ? "Change to the dark theme" : "Change to the light theme");
}
