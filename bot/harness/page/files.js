/** Files that somebody chooses, in the form in which they are sent. */

/**
 * @param {File} file
 * @returns {Promise<{ name: string, content: string }>} its bytes as base64
 */
export function read(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const url = /** @type {string} */ (reader.result);
      done({ name: file.name, content: url.slice(url.indexOf(",") + 1) });
    });
    reader.addEventListener("error", () => fail(reader.error));
    reader.readAsDataURL(file);
  });
}
